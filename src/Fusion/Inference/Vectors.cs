using System.Numerics;
using System.Runtime.InteropServices;

namespace EdgePerception.Fusion.Inference;

/// <summary>Arithmetic of embeddings.</summary>
internal static class Vectors
{
    /// <summary>Scales a vector to length one; one of zeros stays as it is.</summary>
    public static void Normalize(Span<float> vector)
    {
        var length = MathF.Sqrt(Dot(vector, vector));
        if (!(length > 0)) return;
        foreach (ref var value in vector) value /= length;
    }

    /// <summary>The dot product of two vectors of a length.</summary>
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var lanes = MemoryMarshal.Cast<float, Vector<float>>(a);
        var others = MemoryMarshal.Cast<float, Vector<float>>(b);
        var sums = Vector<float>.Zero;
        for (var i = 0; i < lanes.Length; i++) sums += lanes[i] * others[i];
        var sum = Vector.Sum(sums);
        for (var i = lanes.Length * Vector<float>.Count; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
