namespace EdgePerception.Fusion.Inference;

/// <summary>Turns log odds into probabilities.</summary>
internal static class Sigmoid
{
    /// <summary>1 / (1 + exp(−x)).</summary>
    public static float Of(float logit) => 1 / (1 + MathF.Exp(-logit));
}
