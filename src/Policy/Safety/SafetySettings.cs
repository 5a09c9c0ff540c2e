using System.ComponentModel.DataAnnotations;

namespace EdgePerception.Policy.Safety;

/// <summary>How far down the ladder the loss of something leads.</summary>
public enum SafetyReaction
{
    /// <summary>It is told by health, and nothing else.</summary>
    None,

    /// <summary>No permit while it lasts: running motion ends with its permit.</summary>
    Degrade,

    /// <summary>Running motion is stopped as well.</summary>
    Halt,
}

/// <summary>
/// The declared ladder: what withholds motion, after which time, and the way back. Section <c>safety</c> of the
/// configuration; docs/safety.md lists every input with its key.
/// </summary>
public sealed record SafetySettings : IValidatableObject
{
    /// <summary>Shortest life of a permit and shortest window of silence, milliseconds.</summary>
    public const int MinWindowMs = 20;

    /// <summary>Longest life of a permit and longest window of silence, milliseconds.</summary>
    public const int MaxWindowMs = 500;

    /// <summary>Milliseconds since the newest decision after which no permit is given (degrade).</summary>
    [Range(50, 60_000)]
    public int DegradeAfterMs { get; init; } = 1_000;

    /// <summary>Milliseconds since the newest decision after which running motion is stopped as well (halt).</summary>
    [Range(100, 600_000)]
    public int HaltAfterMs { get; init; } = 3_000;

    /// <summary>Milliseconds for which all must be well again before motion is permitted again.</summary>
    [Range(0, 60_000)]
    public int RecoverAfterMs { get; init; } = 500;

    /// <summary>
    /// Whether the service is armed when it starts. Without, nothing moves until an <c>arm</c> comes, after each start.
    /// </summary>
    public bool ArmAtStart { get; init; }

    /// <summary>Whether a resume must name the halt that it lifts; without, it lifts the newest.</summary>
    public bool RequireNamedResume { get; init; }

    /// <summary>
    /// How long a permit to move lives, milliseconds: a controller that hears no newer one for so long stops by itself.
    /// </summary>
    [Range(MinWindowMs, MaxWindowMs)]
    public int PermitMs { get; init; } = 300;

    /// <summary>
    /// Silence of a controller after which it is lost, milliseconds, for controllers that declare none of their own.
    /// </summary>
    [Range(MinWindowMs, MaxWindowMs)]
    public int HeartbeatMs { get; init; } = 200;

    /// <summary>
    /// Whether controllers that know no permits are given motion. They would go on when this service dies: their own
    /// means must stop them.
    /// </summary>
    public bool LegacyControllers { get; init; }

    /// <summary>What follows when the only way for stops is lost: the link to the broker, or the halt topic.</summary>
    public SafetyReaction OnLinkLost { get; init; } = SafetyReaction.Degrade;

    /// <summary>Milliseconds for which the broker, or the halt topic, may be gone before that.</summary>
    [Range(500, 60_000)]
    public int LinkLostAfterMs { get; init; } = 2_500;

    /// <summary>What follows when a camera gives no pictures.</summary>
    public SafetyReaction OnCameraLost { get; init; } = SafetyReaction.Degrade;

    /// <summary>What follows when a microphone gives no sound.</summary>
    public SafetyReaction OnMicrophoneLost { get; init; } = SafetyReaction.None;

    /// <summary>Milliseconds without pictures, or sound, after which a source is lost.</summary>
    [Range(100, 60_000)]
    public int SensorLostAfterMs { get; init; } = 3_000;

    /// <summary>
    /// Calibrated confidence in what is being carried out, below which it is not permitted any more, 0 to 1.
    /// </summary>
    [Range(0.0, 1.0)]
    public double MinConfidence { get; init; } = 0.3;

    /// <summary>Quality of the pictures, 0 to 1, below which nothing is permitted; 0 for any.</summary>
    [Range(0.0, 1.0)]
    public double MinVision { get; init; } = 0.15;

    /// <summary>
    /// Temperature of the hottest part, degrees Celsius, above which nothing is permitted; 0 for any.
    /// </summary>
    [Range(0, 150)]
    public int MaxTemperatureC { get; init; } = 105;

    /// <summary>
    /// Milliseconds by which the safety thread may come too late, under load, before nothing is permitted.
    /// </summary>
    [Range(20, 10_000)]
    public int MaxLatenessMs { get; init; } = 300;

    /// <summary>
    /// Milliseconds by which the wall clock may jump before motion pauses for the time of a recovery.
    /// </summary>
    [Range(10, 600_000)]
    public int MaxClockJumpMs { get; init; } = 1_000;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (HaltAfterMs <= DegradeAfterMs)
            yield return new ValidationResult(
                $"{DegradeAfterMs} must be less than haltAfterMs, {HaltAfterMs}", [nameof(DegradeAfterMs)]);
    }
}
