using System.ComponentModel.DataAnnotations;

namespace EdgePerception.Fusion.Inference;

/// <summary>Below which a detection is not one.</summary>
public sealed record ThresholdManifest : IValidatableObject
{
    /// <summary>Smallest score of a detection that is reported by itself.</summary>
    [Range(0.0, 1.0)]
    public float Score { get; init; } = 0.3f;

    /// <summary>Smallest score that may still extend a track which is already there.</summary>
    [Range(0.0, 1.0)]
    public float LowScore { get; init; } = 0.1f;

    /// <summary>Intersection over union from which the lesser of two detections of a class is dropped.</summary>
    [Range(0.0, 1.0)]
    public float Overlap { get; init; } = 0.4f;

    /// <summary>
    /// Intersection over union from which the lesser of two detections of different classes is dropped, its class
    /// being kept as what the better one may be, too; 1 keeps both.
    /// </summary>
    [Range(0.0, 1.0)]
    public float OverlapAcross { get; init; } = 1;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (LowScore > Score)
            yield return new ValidationResult($"{LowScore} must not be more than score, {Score}", [nameof(LowScore)]);
    }
}
