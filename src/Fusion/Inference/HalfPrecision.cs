using System.Numerics;
using System.Runtime.InteropServices;

namespace EdgePerception.Fusion.Inference;

/// <summary>Half precision in the processor's vectors, for which the runtime has no conversion yet.</summary>
internal static class HalfPrecision
{
    private const ushort Sign = 0x8000;
    private const ushort Infinity = 0x7C00;

    // 2¹¹², between the biases of the two exponents, 15 and 127.
    private static readonly float Rebias = BitConverter.UInt32BitsToSingle((127 + 112) << 23);

    /// <summary>Widens each value, exactly; infinities and NaN too.</summary>
    /// <param name="values">The values.</param>
    /// <param name="singles">Receives as many.</param>
    public static void Widen(ReadOnlySpan<Half> values, Span<float> singles)
    {
        var bits = MemoryMarshal.Cast<Half, ushort>(values);
        var i = 0;
        for (; i <= bits.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            var lanes = new Vector<ushort>(bits[i..]);
            if (HoldsNonFinite(lanes)) break;
            Vector.Widen(lanes, out var low, out var high);
            Widen(low).CopyTo(singles[i..]);
            Widen(high).CopyTo(singles[(i + Vector<uint>.Count)..]);
        }

        for (; i < values.Length; i++) singles[i] = (float)values[i];
    }

    /// <summary>Whether there is a NaN or an infinity.</summary>
    public static bool HoldsNonFinite(ReadOnlySpan<Half> values)
    {
        var bits = MemoryMarshal.Cast<Half, ushort>(values);
        var i = 0;
        for (; i <= bits.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            if (HoldsNonFinite(new Vector<ushort>(bits[i..]))) return true;
        }

        for (; i < values.Length; i++)
        {
            if (!Half.IsFinite(values[i])) return true;
        }

        return false;
    }

    private static bool HoldsNonFinite(Vector<ushort> lanes) =>
        Vector.GreaterThanOrEqualAny(Vector.AndNot(lanes, new Vector<ushort>(Sign)), new Vector<ushort>(Infinity));

    // Exponent and mantissa in their new places are the number divided by 2¹¹², subnormal ones too; the product is
    // exact.
    private static Vector<float> Widen(Vector<uint> halves)
    {
        var sign = new Vector<uint>(Sign);
        var magnitude = Vector.AsVectorSingle(Vector.AndNot(halves, sign) << 13) * Rebias;
        return Vector.AsVectorSingle(Vector.AsVectorUInt32(magnitude) | (halves & sign) << 16);
    }
}
