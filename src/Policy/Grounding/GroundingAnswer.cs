using EdgePerception.Fusion.Vision;
using EdgePerception.Policy.Commands;

namespace EdgePerception.Policy.Grounding;

/// <summary>What became of a command against the scene.</summary>
public enum GroundingOutcome
{
    /// <summary>Exactly one object fits: the robot may act.</summary>
    Act,

    /// <summary>Several fit alike, or confidence is too low: ask the speaker.</summary>
    Clarify,

    /// <summary>Nothing in sight fits.</summary>
    Absent,

    /// <summary>Not for the robot, not understood, or not safe to obey.</summary>
    Refuse,
}

/// <summary>One object that was considered for a role in the command.</summary>
/// <param name="Id">The object's id in the scene.</param>
/// <param name="Label">Its label.</param>
/// <param name="Probability">Probability that the command means it, 0 to 1.</param>
/// <param name="Box">Where it is, in pixels.</param>
public sealed record Candidate(string Id, string Label, double Probability, BoundingBox Box);

/// <summary>One part of the command, checked against the scene.</summary>
/// <param name="Text">The words of the part, as understood ("left of the bottle").</param>
/// <param name="Holds">Whether it holds for the answer's target.</param>
/// <param name="Evidence">What was measured, in one sentence with figures.</param>
public sealed record Clause(string Text, bool Holds, string Evidence);

/// <summary>One step of the action, in order; a simple command has one.</summary>
/// <param name="Action">What to do.</param>
/// <param name="Target">Object id, where the action has one.</param>
/// <param name="Destination">Object id, where the action has one.</param>
public sealed record ActionStep(RobotActionKind Action, string? Target, string? Destination);

/// <summary>Which of the two readers of a command carried the answer.</summary>
public enum GroundingMethod
{
    /// <summary>The rules over the parsed command.</summary>
    Rules,

    /// <summary>The attention model.</summary>
    Network,

    /// <summary>Both together.</summary>
    Combined,
}

/// <summary>How far a modality could be trusted, and how much of it the network let through.</summary>
/// <param name="Name">words, vision or sound.</param>
/// <param name="Quality">0 (gone) to 1 (as good as ever).</param>
/// <param name="Gate">0 (as if it were absent) to 1.</param>
public sealed record ModalityReport(string Name, double Quality, double Gate);

/// <summary>How much the object that is meant attended to a word of the command.</summary>
/// <param name="Word">The word as the network read it.</param>
/// <param name="Weight">0 to 1.</param>
public sealed record WordWeight(string Word, double Weight);

/// <summary>The answer to one command: what to do with which object, why, or what to ask instead.</summary>
public sealed record GroundingAnswer
{
    /// <summary>The command's id.</summary>
    public required string Id { get; init; }

    /// <summary>What became of the command.</summary>
    public required GroundingOutcome Outcome { get; init; }

    /// <summary>The action that was understood, whatever the outcome.</summary>
    public RobotActionKind Action { get; init; }

    /// <summary>Id of the object to act on; it stands among the candidates.</summary>
    public string? Target { get; init; }

    /// <summary>Id of the object to bring the target to; it stands among the candidates.</summary>
    public string? Destination { get; init; }

    /// <summary>Ids of the objects to keep away from; they stand among the candidates.</summary>
    public IReadOnlyList<string> Avoid { get; init; } = [];

    /// <summary>The steps in order.</summary>
    public IReadOnlyList<ActionStep> Steps { get; init; } = [];

    /// <summary>Probability that the outcome is right, 0 to 1.</summary>
    public double Confidence { get; init; }

    /// <summary>The objects considered, most probable first.</summary>
    public IReadOnlyList<Candidate> Candidates { get; init; } = [];

    /// <summary>The command clause by clause with the evidence for each.</summary>
    public IReadOnlyList<Clause> Clauses { get; init; } = [];

    /// <summary>What to ask the speaker; only with <see cref="GroundingOutcome.Clarify"/>.</summary>
    public string? Question { get; init; }

    /// <summary>Why, in one sentence, when the outcome is not to act.</summary>
    public string? Reason { get; init; }

    /// <summary>Which reader of the command carried the answer.</summary>
    public GroundingMethod Method { get; init; }

    /// <summary>Words, vision and sound, in this order; none when the network was not asked.</summary>
    public IReadOnlyList<ModalityReport> Modalities { get; init; } = [];

    /// <summary>What cannot be ruled out at the configured risk: ids of objects, and the words "absent" and "several".</summary>
    public IReadOnlyList<string> Plausible { get; init; } = [];

    /// <summary>The words of the command with their weight for the target, or else for the likeliest candidate.</summary>
    public IReadOnlyList<WordWeight> Attention { get; init; } = [];
}
