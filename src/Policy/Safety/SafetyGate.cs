namespace EdgePerception.Policy.Safety;

/// <summary>What the gate says: a permit, or which input withholds it.</summary>
/// <param name="Level">The rung of the ladder.</param>
/// <param name="Input">The input that leads to it; the first of the table where several do.</param>
public readonly record struct SafetyVerdict(SafetyLevel Level, SafetyInput Input)
{
    /// <summary>Whether motion is permitted.</summary>
    public bool Permits => Level == SafetyLevel.Act;
}

/// <summary>
/// The gate before all motion: one pure function from a table of named inputs to a permit. Every rule has its say, and
/// the worst counts, so that no rule can hide another and none can be talked over. Allocates nothing.
/// </summary>
public static class SafetyGate
{
    private static readonly SafetyRule[] Table =
    [
        new(SafetyInput.End, "the end of the service", "at once",
            static _ => "the service ends", "none: start the service",
            static (in inputs, _) => inputs.IsEnded ? SafetyLevel.Halt : SafetyLevel.Act),
        new(SafetyInput.Halt, "a halt by a person, a command, a controller or an unclean end", "at once",
            static _ => "halted", "a resume; it names the halt where requireNamedResume says so",
            static (in inputs, _) => inputs.IsHalted ? SafetyLevel.Halt : SafetyLevel.Act),
        new(SafetyInput.SceneLost, "the age of the newest decision", "haltAfterMs",
            static settings => $"no decision for more than {settings.HaltAfterMs} ms",
            "decisions in time for recoverAfterMs",
            static (in inputs, settings) =>
                inputs.SceneAge > Ms(settings.HaltAfterMs) ? SafetyLevel.Halt : SafetyLevel.Act),
        new(SafetyInput.Controller, "the heartbeats of controllers", "heartbeatMs, or what a controller declares",
            static _ => "a controller's heartbeat is lost",
            "its heartbeat, or that it is given up; then recoverAfterMs",
            static (in inputs, _) => inputs.ControllerOverdue > TimeSpan.Zero ? SafetyLevel.Halt : SafetyLevel.Act),
        new(SafetyInput.Link, "the one way by which stops come: the broker and its halt topic", "linkLostAfterMs",
            static _ => "the only way for stops is lost: the broker, or its halt topic",
            "the probe of the halt topic comes back; then recoverAfterMs",
            static (in inputs, settings) =>
                React(inputs.LinkLostFor > Ms(settings.LinkLostAfterMs), settings.OnLinkLost)),
        new(SafetyInput.Camera, "the newest picture of each camera", "sensorLostAfterMs",
            static settings => $"a camera gives no pictures for more than {settings.SensorLostAfterMs} ms",
            "pictures of all cameras; then recoverAfterMs",
            static (in inputs, settings) =>
                React(inputs.CameraSilence > Ms(settings.SensorLostAfterMs), settings.OnCameraLost)),
        new(SafetyInput.Microphone, "the newest sound of each microphone", "sensorLostAfterMs",
            static settings => $"a microphone gives no sound for more than {settings.SensorLostAfterMs} ms",
            "sound of all microphones; then recoverAfterMs",
            static (in inputs, settings) =>
                React(inputs.MicrophoneSilence > Ms(settings.SensorLostAfterMs), settings.OnMicrophoneLost)),
        new(SafetyInput.Scene, "the age of the newest decision", "degradeAfterMs",
            static settings => $"no decision for more than {settings.DegradeAfterMs} ms",
            "decisions in time for recoverAfterMs",
            static (in inputs, settings) => !inputs.HasDecided || inputs.SceneAge > Ms(settings.DegradeAfterMs)
                ? SafetyLevel.Degrade : SafetyLevel.Act),
        new(SafetyInput.Load, "by how much the safety thread comes too late", "maxLatenessMs",
            static settings => $"the safety thread came more than {settings.MaxLatenessMs} ms too late",
            "it comes in time for recoverAfterMs",
            static (in inputs, settings) =>
                inputs.Lateness > Ms(settings.MaxLatenessMs) ? SafetyLevel.Degrade : SafetyLevel.Act),
        new(SafetyInput.Heat, "the temperature of the hottest part", "maxTemperatureC",
            static settings => $"hotter than {settings.MaxTemperatureC} °C", "it cools; then recoverAfterMs",
            static (in inputs, settings) =>
                settings.MaxTemperatureC > 0 && inputs.TemperatureC > settings.MaxTemperatureC
                    ? SafetyLevel.Degrade : SafetyLevel.Act),
        new(SafetyInput.Clock, "jumps of the wall clock", "maxClockJumpMs",
            static settings => $"the wall clock jumped by more than {settings.MaxClockJumpMs} ms",
            "no jump for recoverAfterMs",
            static (in inputs, settings) =>
                inputs.ClockJump > Ms(settings.MaxClockJumpMs) ? SafetyLevel.Degrade : SafetyLevel.Act),
        new(SafetyInput.Arming, "whether this start was armed", "at once",
            static _ => "not armed", "an arm, by topic or controller",
            static (in inputs, _) => inputs.IsArmed ? SafetyLevel.Act : SafetyLevel.Degrade),
        new(SafetyInput.Recovery, "how long all has been well again", "recoverAfterMs",
            static _ => "well again; not yet for long enough", "all well for recoverAfterMs",
            static (in inputs, settings) =>
                inputs.SceneInTimeFor < Ms(settings.RecoverAfterMs) || inputs.CalmFor < Ms(settings.RecoverAfterMs)
                    ? SafetyLevel.Degrade : SafetyLevel.Act),
        new(SafetyInput.Vision, "how well objects can be seen", "minVision",
            static _ => "the pictures cannot be trusted: dark, blurred or covered", "better pictures",
            static (in inputs, settings) =>
                inputs.Vision >= settings.MinVision ? SafetyLevel.Act : SafetyLevel.Clarify),
        new(SafetyInput.Confidence, "the calibrated confidence in what is carried out", "minConfidence",
            static _ => "not sure enough that what is carried out is what was meant", "another command",
            static (in inputs, settings) =>
                inputs.Confidence >= settings.MinConfidence ? SafetyLevel.Act : SafetyLevel.Clarify),
    ];

    /// <summary>The rules, in the order in which they are named where several lead to the same rung.</summary>
    public static IReadOnlyList<SafetyRule> Rules => Table;

    /// <summary>Judges the inputs of one instant.</summary>
    public static SafetyVerdict Judge(in SafetyInputs inputs, SafetySettings settings)
    {
        var verdict = new SafetyVerdict(SafetyLevel.Act, SafetyInput.None);
        foreach (var rule in Table)
        {
            var level = rule.Judge(inputs, settings);
            if (level > verdict.Level) verdict = new SafetyVerdict(level, rule.Input);
        }

        return verdict;
    }

    /// <summary>
    /// Whether nothing is ill that must stay well for a while before motion is permitted again, whatever else holds the
    /// robot meanwhile.
    /// </summary>
    public static bool IsCalm(in SafetyInputs inputs, SafetySettings settings)
    {
        foreach (var rule in Table)
            if (rule.NeedsCalm && rule.Judge(inputs, settings) > SafetyLevel.Act) return false;
        return true;
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromTicks(milliseconds * TimeSpan.TicksPerMillisecond);

    private static SafetyLevel React(bool isLost, SafetyReaction reaction) => !isLost ? SafetyLevel.Act
        : reaction switch
        {
            SafetyReaction.None => SafetyLevel.Act,
            SafetyReaction.Degrade => SafetyLevel.Degrade,
            _ => SafetyLevel.Halt,
        };
}

/// <summary>One row of the gate: what one input may do.</summary>
/// <param name="Input">The input.</param>
/// <param name="Watches">What it is.</param>
/// <param name="Deadline">After which time it counts: a key of <c>safety</c>, or "at once".</param>
/// <param name="Cause">What is said when it holds the robot.</param>
/// <param name="WayBack">What leads back.</param>
/// <param name="Judge">The rung that it leads to, or act.</param>
public sealed record SafetyRule(
    SafetyInput Input, string Watches, string Deadline, Func<SafetySettings, string> Cause, string WayBack,
    SafetyRule.Judgement Judge)
{
    /// <summary>Whether it must have been well for a while before motion is permitted again.</summary>
    public bool NeedsCalm => Input is SafetyInput.Controller or SafetyInput.Link or SafetyInput.Camera
        or SafetyInput.Microphone or SafetyInput.Load or SafetyInput.Heat or SafetyInput.Clock;

    /// <summary>Judges one input; pure, and allocates nothing.</summary>
    public delegate SafetyLevel Judgement(in SafetyInputs inputs, SafetySettings settings);
}
