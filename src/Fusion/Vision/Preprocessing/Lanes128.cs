using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace EdgePerception.Fusion.Vision.Preprocessing;

/// <summary>
/// Portable vectors of 128 bits: NEON on a Jetson, SSE elsewhere. What .NET has no common name for is asked for by the
/// name of either.
/// </summary>
internal readonly unsafe struct Lanes128 : ILanes<Vector128<float>>
{
    public static bool IsSupported => Ssse3.IsSupported || AdvSimd.Arm64.IsSupported;

    public static LaneShape Shape =>
        new(Count: 4, Samples: 16, Window: 4, WindowSamples: 8, WindowVectors: 2, IndicesAreBytes: true);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Blend(byte* upper, byte* lower, short weight, short* row) =>
        Blend(Vector128.Load(upper), Vector128.Load(lower), weight, row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void BlendPixels(byte* upper, byte* lower, short weight, short* rows, nint plane)
    {
        var (upper0, upper1, upper2) = Part(upper);
        var (lower0, lower1, lower2) = weight == 0 ? (upper0, upper1, upper2) : Part(lower);
        Blend(upper0, lower0, weight, rows);
        Blend(upper1, lower1, weight, rows + plane);
        Blend(upper2, lower2, weight, rows + 2 * plane);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void BlendPairs(byte* upper, byte* lower, short weight, short* rows, nint plane)
    {
        var (w, low) = (Vector128.Create(weight), Vector128.Create((ushort)0xFF));
        for (var i = 0; i < 16; i += 8)
        {
            var (above, below) = (Vector128.Load((ushort*)upper + i), Vector128.Load((ushort*)lower + i));
            Mix((above & low).AsInt16(), (below & low).AsInt16(), w).Store(rows + i);
            Mix((above >>> 8).AsInt16(), (below >>> 8).AsInt16(), w).Store(rows + plane + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Resample<TReach>(short* row, in ResampleTaps taps, int at)
        where TReach : struct, IReach
    {
        var pairs = TReach.Vectors == 0
            ? Pairs(row, taps.Firsts + at, taps.Step)
            : Shuffle<TReach>((byte*)(row + taps.Windows[at >> 2]), Vector128.Load(taps.Indices + 4 * at)).AsInt16();
        return Vector128.ConvertToSingle(MultiplyAddAdjacent(pairs, Vector128.Load(taps.Weights + 2 * at)));
    }

    public static Vector128<float> Create(float value) => Vector128.Create(value);

    public static Vector128<float> Load(float* source) => Vector128.Load(source);

    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        Vector128.MultiplyAddEstimate(a, b, c);

    public static Vector128<float> ClampToByte(Vector128<float> value) =>
        Vector128.MinNative(Vector128.MaxNative(value, Vector128<float>.Zero), Vector128.Create(255f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Interleave(ref Vector128<float> first, ref Vector128<float> second, ref Vector128<float> third)
    {
        var (a, b, c) = (first, second, third);
        first = Merge(
            Vector128.Shuffle(a, Vector128.Create(0, 0, 0, 1)),
            Vector128.Shuffle(b, Vector128<int>.Zero),
            Vector128.Shuffle(c, Vector128<int>.Zero));
        second = Merge(
            Vector128.Shuffle(b, Vector128.Create(1, 1, 1, 2)),
            Vector128.Shuffle(c, Vector128.Create(1)),
            Vector128.Shuffle(a, Vector128.Create(2)));
        third = Merge(
            Vector128.Shuffle(c, Vector128.Create(2, 2, 2, 3)),
            Vector128.Shuffle(a, Vector128.Create(3)),
            Vector128.Shuffle(b, Vector128.Create(3)));
    }

    public static void Store(Vector128<float> value, float* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> value, Half* target)
    {
        var half = ToHalf(value);
        Vector128.Narrow(half, half).GetLower().Store((ushort*)target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> value, byte* target)
    {
        var words = Vector128.ConvertToInt32Native(ClampToByte(value) + Vector128.Create(0.5f)).AsUInt32();
        var bytes = Vector128.ShuffleNative(
            words.AsByte(), Vector128.Create((byte)0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12));
        *(uint*)target = bytes.AsUInt32().ToScalar();
    }

    /// <summary>Four pairs of neighbours, one by one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<short> Pairs(short* row, int* firsts, int step) => step == 1
        ? Vector128.Create(
            *(int*)(row + firsts[0]), *(int*)(row + firsts[1]), *(int*)(row + firsts[2]), *(int*)(row + firsts[3]))
            .AsInt16()
        : Vector128.Create(
            Pair(row + firsts[0], step), Pair(row + firsts[1], step), Pair(row + firsts[2], step),
            Pair(row + firsts[3], step)).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Shuffle<TReach>(byte* window, Vector128<byte> indices)
        where TReach : struct, IReach
    {
        var first = Vector128.Load(window);
        if (TReach.Vectors == 1) return Vector128.ShuffleNative(first, indices);
        var second = Vector128.Load(window + 16);
        if (AdvSimd.Arm64.IsSupported) return AdvSimd.Arm64.VectorTableLookup((first, second), indices);
        // An index with its highest bit set gives zero; of the others the lowest four bits count.
        return Ssse3.Shuffle(first, indices + Vector128.Create((byte)0x70))
            | Ssse3.Shuffle(second, indices - Vector128.Create((byte)16));
    }

    /// <summary>16 pixels of three bytes, parted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (Vector128<byte> First, Vector128<byte> Second, Vector128<byte> Third) Part(byte* pixels)
    {
        if (AdvSimd.Arm64.IsSupported) return AdvSimd.Arm64.Load3xVector128AndUnzip(pixels);
        var (a, b, c) = (Vector128.Load(pixels), Vector128.Load(pixels + 16), Vector128.Load(pixels + 32));
        // An index beyond the vector gives zero.
        return (
            Vector128.Shuffle(a, Vector128.Create((byte)0, 3, 6, 9, 12, 15, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99))
            | Vector128.Shuffle(b, Vector128.Create((byte)99, 99, 99, 99, 99, 99, 2, 5, 8, 11, 14, 99, 99, 99, 99, 99))
            | Vector128.Shuffle(c, Vector128.Create((byte)99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 1, 4, 7, 10, 13)),
            Vector128.Shuffle(a, Vector128.Create((byte)1, 4, 7, 10, 13, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99))
            | Vector128.Shuffle(b, Vector128.Create((byte)99, 99, 99, 99, 99, 0, 3, 6, 9, 12, 15, 99, 99, 99, 99, 99))
            | Vector128.Shuffle(c, Vector128.Create((byte)99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 2, 5, 8, 11, 14)),
            Vector128.Shuffle(a, Vector128.Create((byte)2, 5, 8, 11, 14, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99))
            | Vector128.Shuffle(b, Vector128.Create((byte)99, 99, 99, 99, 99, 1, 4, 7, 10, 13, 99, 99, 99, 99, 99, 99))
            | Vector128.Shuffle(c, Vector128.Create((byte)99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 0, 3, 6, 9, 12, 15)));
    }

    // Outer lanes, then the second, then the third.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Merge(Vector128<float> outer, Vector128<float> second, Vector128<float> third)
    {
        var inner = Vector128.ConditionalSelect(Vector128.Create(0, -1, 0, 0).AsSingle(), second, third);
        return Vector128.ConditionalSelect(Vector128.Create(-1, 0, 0, -1).AsSingle(), outer, inner);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Pair(short* first, int step) => (ushort)first[0] | (first[step] << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Blend(Vector128<byte> upper, Vector128<byte> lower, short weight, short* row)
    {
        var (upper0, upper1) = Vector128.Widen(upper);
        if (weight == 0)
        {
            (upper0.AsInt16() << 7).Store(row);
            (upper1.AsInt16() << 7).Store(row + 8);
            return;
        }

        var (lower0, lower1) = Vector128.Widen(lower);
        var w = Vector128.Create(weight);
        Mix(upper0.AsInt16(), lower0.AsInt16(), w).Store(row);
        Mix(upper1.AsInt16(), lower1.AsInt16(), w).Store(row + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Mix(Vector128<short> upper, Vector128<short> lower, Vector128<short> weight) =>
        (upper << 7) + MultiplyHigh((lower - upper) << 7, weight);

    // (a · b + 2¹⁴) / 2¹⁵
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> MultiplyHigh(Vector128<short> a, Vector128<short> b) =>
        Ssse3.IsSupported ? Ssse3.MultiplyHighRoundScale(a, b) : AdvSimd.MultiplyRoundedDoublingSaturateHigh(a, b);

    // a₀ · b₀ + a₁ · b₁, a₂ · b₂ + a₃ · b₃, …
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> MultiplyAddAdjacent(Vector128<short> a, Vector128<short> b) => Sse2.IsSupported
        ? Sse2.MultiplyAddAdjacent(a, b)
        : AdvSimd.Arm64.AddPairwise(
            AdvSimd.MultiplyWideningLower(a.GetLower(), b.GetLower()), AdvSimd.MultiplyWideningUpper(a, b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> ToHalf(Vector128<float> value)
    {
        var bits = value.AsUInt32();
        var magnitude = bits & Vector128.Create(HalfBits.Magnitude);
        var odd = (magnitude >>> 13) & Vector128<uint>.One;
        var normal = Vector128.Min(
            (magnitude + Vector128.Create(HalfBits.Rebias) + odd) >>> 13, Vector128.Create(HalfBits.Infinity));
        var small = (magnitude.AsSingle() + Vector128.Create(0.5f)).AsUInt32() - Vector128.Create(HalfBits.OneHalf);
        var half = Vector128.ConditionalSelect(
            Vector128.LessThan(magnitude, Vector128.Create(HalfBits.SmallestNormal)), small, normal);
        return Vector128.ConditionalSelect(Vector128.Create(HalfBits.Sign), bits >>> 16, half);
    }
}
