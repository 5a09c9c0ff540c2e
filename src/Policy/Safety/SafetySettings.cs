using System.ComponentModel.DataAnnotations;

namespace EdgePerception.Policy.Safety;

/// <summary>The declared ladder: when perception is too old to act on, when it halts, and the way back.</summary>
public sealed record SafetySettings : IValidatableObject
{
    /// <summary>Milliseconds since the newest decision after which no new motion is allowed (degrade).</summary>
    [Range(50, 60_000)]
    public int DegradeAfterMs { get; init; } = 1_000;

    /// <summary>Milliseconds since the newest decision after which running motion is stopped as well (halt).</summary>
    [Range(100, 600_000)]
    public int HaltAfterMs { get; init; } = 3_000;

    /// <summary>Milliseconds for which decisions must come in time again before the ladder is climbed back.</summary>
    [Range(0, 60_000)]
    public int RecoverAfterMs { get; init; } = 500;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (HaltAfterMs <= DegradeAfterMs)
            yield return new ValidationResult(
                $"{DegradeAfterMs} must be less than haltAfterMs, {HaltAfterMs}", [nameof(DegradeAfterMs)]);
    }
}
