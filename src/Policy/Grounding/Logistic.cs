namespace EdgePerception.Policy.Grounding;

/// <summary>Soft comparisons, so that a near tie reads as one.</summary>
internal static class Logistic
{
    /// <summary>Logistic step: 0 well below the midpoint, 1 well above, 0.5 at it.</summary>
    public static double Step(double value, double midpoint, double scale)
    {
        if (!double.IsFinite(value) || !(scale > 0)) return 0.5;
        return 1 / (1 + Math.Exp(-Math.Clamp((value - midpoint) / scale, -40, 40)));
    }
}
