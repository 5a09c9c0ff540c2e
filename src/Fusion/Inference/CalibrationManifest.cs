using System.ComponentModel.DataAnnotations;

namespace EdgePerception.Fusion.Inference;

/// <summary>
/// What a detector's scores are worth: the probability that a detection is right is 1 / (1 + exp(−(slope · log odds of
/// the score + intercept))) (Platt 1999). Thresholds are of the probability. A class that is taken for what it is less
/// often than others has an intercept of its own, and so a higher threshold for its scores.
/// </summary>
public sealed record CalibrationManifest
{
    /// <summary>Factor of the score's log odds; 1 leaves them.</summary>
    [Range(0.05, 20.0)]
    public float Slope { get; init; } = 1;

    /// <summary>Added to the log odds of all classes.</summary>
    [Range(-20.0, 20.0)]
    public float Intercept { get; init; }

    /// <summary>What is added besides to those of some classes.</summary>
    public IReadOnlyList<ClassCalibration> Classes { get; init; } = [];
}

/// <summary>The intercept of some classes.</summary>
public sealed record ClassCalibration
{
    /// <summary>The classes, by their labels.</summary>
    [MinLength(1)]
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Added to their log odds.</summary>
    [Range(-20.0, 20.0)]
    public float Intercept { get; init; }
}
