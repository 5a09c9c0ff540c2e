namespace EdgePerception.Policy.Safety;

/// <summary>Why a resume lifted nothing, and what to do, for whoever gave it.</summary>
public static class ResumeRefusals
{
    /// <summary>
    /// One that does not name its halt, where <see cref="SafetySettings.RequireNamedResume"/> asks for it.
    /// </summary>
    public const string NotNamed =
        "a resume has to name the halt that it lifts here: send {\"id\": \"…\"} on the topic resume, with the haltId "
        + "that topic safety gives";

    /// <summary>The reason in one sentence; null where the halt was lifted.</summary>
    public static string? Refusal(this ResumeOutcome outcome) => outcome switch
    {
        ResumeOutcome.Lifted => null,
        ResumeOutcome.NotHalted => "no halt stands, so there is nothing to lift",
        ResumeOutcome.OtherHalt =>
            "it names another halt than the newest; if that may be lifted, too, name the haltId that topic safety "
            + "gives",
        ResumeOutcome.Older =>
            "it was given before the newest halt; if that may be lifted, resume again and name the haltId that topic "
            + "safety gives",
        _ => "the service ends; start it again",
    };
}
