using System.Runtime.CompilerServices;

namespace EdgePerception.Fusion.Vision.Preprocessing;

/// <summary>
/// One number at a time: for machines without vectors, rows narrower than one, and as the vectors' reference.
/// </summary>
internal readonly unsafe struct ScalarLanes : ILanes<float>
{
    public static bool IsSupported => true;

    public static LaneShape Shape =>
        new(Count: 1, Samples: 1, Window: 0, WindowSamples: 1, WindowVectors: 0, IndicesAreBytes: false);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Blend(byte* upper, byte* lower, short weight, short* row) =>
        *row = (short)((*upper << 7) + ((((*lower - *upper) << 7) * weight + (1 << 14)) >> 15));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void BlendPixels(byte* upper, byte* lower, short weight, short* rows, nint plane)
    {
        for (var c = 0; c < 3; c++) Blend(upper + c, lower + c, weight, rows + c * plane);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void BlendPairs(byte* upper, byte* lower, short weight, short* rows, nint plane)
    {
        Blend(upper, lower, weight, rows);
        Blend(upper + 1, lower + 1, weight, rows + plane);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Resample<TReach>(short* row, in ResampleTaps taps, int at)
        where TReach : struct, IReach
    {
        var first = row + taps.Firsts[at];
        return first[0] * taps.Weights[2 * at] + first[taps.Step] * taps.Weights[2 * at + 1];
    }

    public static float Create(float value) => value;

    public static float Load(float* source) => *source;

    public static float MultiplyAdd(float a, float b, float c) => float.MultiplyAddEstimate(a, b, c);

    public static float ClampToByte(float value) => Math.Clamp(value, 0, 255);

    public static void Interleave(ref float first, ref float second, ref float third)
    {
    }

    public static void Store(float value, float* target) => *target = value;

    public static void Store(float value, Half* target) => *target = (Half)value;

    public static void Store(float value, byte* target) => *target = (byte)(ClampToByte(value) + 0.5f);
}
