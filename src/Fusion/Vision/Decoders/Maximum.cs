using System.Numerics;

namespace EdgePerception.Fusion.Vision.Decoders;

/// <summary>Largest values, with the processor's vectors. Where there is a NaN, so may be the answer.</summary>
internal static class Maximum
{
    /// <summary>The largest of at least one value.</summary>
    public static float Of(ReadOnlySpan<float> values)
    {
        var (largest, i) = (values[0], 1);
        if (values.Length >= Vector<float>.Count)
        {
            var lanes = new Vector<float>(values);
            for (i = Vector<float>.Count; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
                lanes = Vector.Max(lanes, new Vector<float>(values[i..]));
            for (var lane = 0; lane < Vector<float>.Count; lane++) largest = MathF.Max(largest, lanes[lane]);
        }

        for (; i < values.Length; i++) largest = MathF.Max(largest, values[i]);
        return largest;
    }

    /// <summary>Position of the largest of at least one value, the first of several alike.</summary>
    public static int IndexIn(ReadOnlySpan<float> values)
    {
        var best = 0;
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] > values[best]) best = i;
        }

        return best;
    }

    /// <summary>Raises each running maximum to the value in its place.</summary>
    public static void Raise(Span<float> largest, ReadOnlySpan<float> values)
    {
        var i = 0;
        for (; i <= largest.Length - Vector<float>.Count; i += Vector<float>.Count)
            Vector.Max(new Vector<float>(largest[i..]), new Vector<float>(values[i..])).CopyTo(largest[i..]);
        for (; i < largest.Length; i++) largest[i] = MathF.Max(largest[i], values[i]);
    }
}
