using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgePerception.Fusion.Vision.Preprocessing;

/// <summary>
/// AVX-512 with VBMI (Intel from Ice Lake on, AMD from Zen 4 on): shuffles over 128 bytes in one step.
/// </summary>
internal readonly unsafe struct Lanes512 : ILanes<Vector512<float>>
{
    public static bool IsSupported => Avx512BW.IsSupported && Avx512Vbmi.IsSupported;

    public static LaneShape Shape =>
        new(Count: 16, Samples: 32, Window: 16, WindowSamples: 32, WindowVectors: 2, IndicesAreBytes: false);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Blend(byte* upper, byte* lower, short weight, short* row)
    {
        var above = Avx512BW.ConvertToVector512Int16(Vector256.Load(upper));
        if (weight == 0) (above << 7).Store(row);
        else Mix(above, Avx512BW.ConvertToVector512Int16(Vector256.Load(lower)), Vector512.Create(weight)).Store(row);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void BlendPixels(byte* upper, byte* lower, short weight, short* rows, nint plane)
    {
        // 96 bytes; what lies above them is zero, and makes words of the bytes.
        var (upper0, upper1) = (Vector512.Load(upper), Vector256.Load(upper + 64).ToVector512());
        // Words of one byte each: 0, 3, 6 … 93 of the 96, and a zero from above them.
        var first = Vector512.Create(
            0x6000, 0x6003, 0x6006, 0x6009, 0x600C, 0x600F, 0x6012, 0x6015, 0x6018, 0x601B, 0x601E, 0x6021, 0x6024,
            0x6027, 0x602A, 0x602D, 0x6030, 0x6033, 0x6036, 0x6039, 0x603C, 0x603F, 0x6042, 0x6045, 0x6048, 0x604B,
            0x604E, 0x6051, 0x6054, 0x6057, 0x605A, 0x605D);
        var second = first + Vector512<short>.One;
        var third = second + Vector512<short>.One;
        if (weight == 0)
        {
            (Pick(upper0, upper1, first) << 7).Store(rows);
            (Pick(upper0, upper1, second) << 7).Store(rows + plane);
            (Pick(upper0, upper1, third) << 7).Store(rows + 2 * plane);
            return;
        }

        var (lower0, lower1) = (Vector512.Load(lower), Vector256.Load(lower + 64).ToVector512());
        var w = Vector512.Create(weight);
        Mix(Pick(upper0, upper1, first), Pick(lower0, lower1, first), w).Store(rows);
        Mix(Pick(upper0, upper1, second), Pick(lower0, lower1, second), w).Store(rows + plane);
        Mix(Pick(upper0, upper1, third), Pick(lower0, lower1, third), w).Store(rows + 2 * plane);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void BlendPairs(byte* upper, byte* lower, short weight, short* rows, nint plane)
    {
        var (above, below) = (Vector512.Load((ushort*)upper), Vector512.Load((ushort*)lower));
        var (w, low) = (Vector512.Create(weight), Vector512.Create((ushort)0xFF));
        Mix((above & low).AsInt16(), (below & low).AsInt16(), w).Store(rows);
        Mix((above >>> 8).AsInt16(), (below >>> 8).AsInt16(), w).Store(rows + plane);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Resample<TReach>(short* row, in ResampleTaps taps, int at)
        where TReach : struct, IReach
    {
        Vector512<short> pairs;
        if (TReach.Vectors == 0)
        {
            var firsts = taps.Firsts + at;
            pairs = Vector512.Create(
                Vector256.Create(Lanes128.Pairs(row, firsts, taps.Step), Lanes128.Pairs(row, firsts + 4, taps.Step)),
                Vector256.Create(
                    Lanes128.Pairs(row, firsts + 8, taps.Step), Lanes128.Pairs(row, firsts + 12, taps.Step)));
        }
        else
        {
            var window = row + taps.Windows[at >> 4];
            var indices = Vector512.Load((short*)taps.Indices + 2 * at);
            pairs = TReach.Vectors == 1
                ? Avx512BW.PermuteVar32x16(Vector512.Load(window), indices)
                : Avx512BW.PermuteVar32x16x2(Vector512.Load(window), indices, Vector512.Load(window + 32));
        }

        return Vector512.ConvertToSingle(Avx512BW.MultiplyAddAdjacent(pairs, Vector512.Load(taps.Weights + 2 * at)));
    }

    public static Vector512<float> Create(float value) => Vector512.Create(value);

    public static Vector512<float> Load(float* source) => Vector512.Load(source);

    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
        Vector512.MultiplyAddEstimate(a, b, c);

    public static Vector512<float> ClampToByte(Vector512<float> value) =>
        Vector512.MinNative(Vector512.MaxNative(value, Vector512<float>.Zero), Vector512.Create(255f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Interleave(ref Vector512<float> first, ref Vector512<float> second, ref Vector512<float> third)
    {
        // Of the first two channels, then the third between them; 16 and above are the second operand's.
        var low = Avx512F.PermuteVar16x32x2(
            first, Vector512.Create(0, 16, 0, 1, 17, 0, 2, 18, 0, 3, 19, 0, 4, 20, 0, 5), second);
        var middle = Avx512F.PermuteVar16x32x2(
            first, Vector512.Create(21, 0, 6, 22, 0, 7, 23, 0, 8, 24, 0, 9, 25, 0, 10, 26), second);
        var high = Avx512F.PermuteVar16x32x2(
            first, Vector512.Create(0, 11, 27, 0, 12, 28, 0, 13, 29, 0, 14, 30, 0, 15, 31, 0), second);
        first = Avx512F.PermuteVar16x32x2(
            low, Vector512.Create(0, 1, 16, 3, 4, 17, 6, 7, 18, 9, 10, 19, 12, 13, 20, 15), third);
        second = Avx512F.PermuteVar16x32x2(
            middle, Vector512.Create(0, 21, 2, 3, 22, 5, 6, 23, 8, 9, 24, 11, 12, 25, 14, 15), third);
        third = Avx512F.PermuteVar16x32x2(
            high, Vector512.Create(26, 1, 2, 27, 4, 5, 28, 7, 8, 29, 10, 11, 30, 13, 14, 31), third);
    }

    public static void Store(Vector512<float> value, float* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> value, Half* target)
    {
        var bits = value.AsUInt32();
        var magnitude = bits & Vector512.Create(HalfBits.Magnitude);
        var odd = (magnitude >>> 13) & Vector512<uint>.One;
        var normal = Vector512.Min(
            (magnitude + Vector512.Create(HalfBits.Rebias) + odd) >>> 13, Vector512.Create(HalfBits.Infinity));
        var small = (magnitude.AsSingle() + Vector512.Create(0.5f)).AsUInt32() - Vector512.Create(HalfBits.OneHalf);
        var half = Vector512.ConditionalSelect(
            Vector512.LessThan(magnitude, Vector512.Create(HalfBits.SmallestNormal)), small, normal);
        Avx512F.ConvertToVector256UInt16(
            Vector512.ConditionalSelect(Vector512.Create(HalfBits.Sign), bits >>> 16, half)).Store((ushort*)target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> value, byte* target)
    {
        var rounded = Vector512.MaxNative(value, Vector512<float>.Zero) + Vector512.Create(0.5f);
        // What is too large for an integer becomes 2³¹, and 255 like the rest.
        var integers = Avx512F.ConvertToVector512Int32WithTruncation(rounded).AsUInt32();
        Avx512F.ConvertToVector128ByteWithSaturation(integers).Store(target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Mix(Vector512<short> upper, Vector512<short> lower, Vector512<short> weight) =>
        (upper << 7) + Avx512BW.MultiplyHighRoundScale((lower - upper) << 7, weight);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Pick(Vector512<byte> first, Vector512<byte> second, Vector512<short> indices) =>
        Avx512Vbmi.PermuteVar64x8x2(first, indices.AsByte(), second).AsInt16();
}
