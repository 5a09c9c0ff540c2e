using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgePerception.Fusion.Vision.Preprocessing;

/// <summary>AVX2, which has no shuffle across its halves: each half has a window of its own.</summary>
internal readonly unsafe struct Lanes256 : ILanes<Vector256<float>>
{
    public static bool IsSupported => Avx2.IsSupported;

    public static LaneShape Shape =>
        new(Count: 8, Samples: 16, Window: 4, WindowSamples: 8, WindowVectors: 2, IndicesAreBytes: true);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Blend(byte* upper, byte* lower, short weight, short* row) =>
        Blend(Vector128.Load(upper), Vector128.Load(lower), weight, row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void BlendPixels(byte* upper, byte* lower, short weight, short* rows, nint plane)
    {
        var (upper0, upper1, upper2) = Lanes128.Part(upper);
        var (lower0, lower1, lower2) = weight == 0 ? (upper0, upper1, upper2) : Lanes128.Part(lower);
        Blend(upper0, lower0, weight, rows);
        Blend(upper1, lower1, weight, rows + plane);
        Blend(upper2, lower2, weight, rows + 2 * plane);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void BlendPairs(byte* upper, byte* lower, short weight, short* rows, nint plane)
    {
        var (above, below) = (Vector256.Load((ushort*)upper), Vector256.Load((ushort*)lower));
        var (w, low) = (Vector256.Create(weight), Vector256.Create((ushort)0xFF));
        Mix((above & low).AsInt16(), (below & low).AsInt16(), w).Store(rows);
        Mix((above >>> 8).AsInt16(), (below >>> 8).AsInt16(), w).Store(rows + plane);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Resample<TReach>(short* row, in ResampleTaps taps, int at)
        where TReach : struct, IReach
    {
        var pairs = TReach.Vectors == 0
            ? Vector256.Create(
                Lanes128.Pairs(row, taps.Firsts + at, taps.Step), Lanes128.Pairs(row, taps.Firsts + at + 4, taps.Step))
            : Shuffle<TReach>(row, taps.Windows + (at >> 2), Vector256.Load(taps.Indices + 4 * at)).AsInt16();
        return Vector256.ConvertToSingle(Avx2.MultiplyAddAdjacent(pairs, Vector256.Load(taps.Weights + 2 * at)));
    }

    public static Vector256<float> Create(float value) => Vector256.Create(value);

    public static Vector256<float> Load(float* source) => Vector256.Load(source);

    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) =>
        Vector256.MultiplyAddEstimate(a, b, c);

    public static Vector256<float> ClampToByte(Vector256<float> value) =>
        Vector256.MinNative(Vector256.MaxNative(value, Vector256<float>.Zero), Vector256.Create(255f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Interleave(ref Vector256<float> first, ref Vector256<float> second, ref Vector256<float> third)
    {
        var (low0, low1, low2) = (first.GetLower(), second.GetLower(), third.GetLower());
        var (high0, high1, high2) = (first.GetUpper(), second.GetUpper(), third.GetUpper());
        Lanes128.Interleave(ref low0, ref low1, ref low2);
        Lanes128.Interleave(ref high0, ref high1, ref high2);
        (first, second, third) =
            (Vector256.Create(low0, low1), Vector256.Create(low2, high0), Vector256.Create(high1, high2));
    }

    public static void Store(Vector256<float> value, float* target) => value.Store(target);

    public static void Store(Vector256<float> value, Half* target)
    {
        Lanes128.Store(value.GetLower(), target);
        Lanes128.Store(value.GetUpper(), target + 4);
    }

    public static void Store(Vector256<float> value, byte* target)
    {
        Lanes128.Store(value.GetLower(), target);
        Lanes128.Store(value.GetUpper(), target + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Shuffle<TReach>(short* row, int* windows, Vector256<byte> indices)
        where TReach : struct, IReach
    {
        var lower = row + windows[0];
        var upper = row + windows[1];
        var first = Vector256.Create(Vector128.Load(lower), Vector128.Load(upper)).AsByte();
        if (TReach.Vectors == 1) return Avx2.Shuffle(first, indices);
        var second = Vector256.Create(Vector128.Load(lower + 8), Vector128.Load(upper + 8)).AsByte();
        // An index with its highest bit set gives zero; of the others the lowest four bits count.
        return Avx2.Shuffle(first, indices + Vector256.Create((byte)0x70))
            | Avx2.Shuffle(second, indices - Vector256.Create((byte)16));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Blend(Vector128<byte> upper, Vector128<byte> lower, short weight, short* row)
    {
        var above = Avx2.ConvertToVector256Int16(upper);
        if (weight == 0) (above << 7).Store(row);
        else Mix(above, Avx2.ConvertToVector256Int16(lower), Vector256.Create(weight)).Store(row);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Mix(Vector256<short> upper, Vector256<short> lower, Vector256<short> weight) =>
        (upper << 7) + Avx2.MultiplyHighRoundScale((lower - upper) << 7, weight);
}
