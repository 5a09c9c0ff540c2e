namespace EdgePerception.Fusion.Inference;

/// <summary>Turns logits into probabilities.</summary>
internal static class Softmax
{
    /// <summary>Writes exp(scale · x) over its sum; finite for any finite logits.</summary>
    public static void Apply(ReadOnlySpan<float> logits, Span<float> probabilities, float scale = 1)
    {
        var largest = float.NegativeInfinity;
        foreach (var logit in logits) largest = MathF.Max(largest, scale * logit);
        var sum = 0f;
        for (var i = 0; i < logits.Length; i++) sum += probabilities[i] = MathF.Exp(scale * logits[i] - largest);
        foreach (ref var probability in probabilities[..logits.Length]) probability /= sum;
    }
}
