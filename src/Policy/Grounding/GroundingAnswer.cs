using EdgePerception.Fusion.Geometry;
using EdgePerception.Policy.Language;

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

/// <summary>A distance to keep from an object.</summary>
/// <param name="Id">The object's id; it stands among those to keep away from.</param>
/// <param name="Metres">At least how far, in metres, more than 0.</param>
public sealed record KeepDistance(string Id, double Metres);

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

    /// <summary>How far to keep away from some of them, where the command names a figure.</summary>
    public IReadOnlyList<KeepDistance> Distances { get; init; } = [];

    /// <summary>The steps in order.</summary>
    public IReadOnlyList<ActionStep> Steps { get; init; } = [];

    /// <summary>
    /// Probability, 0 to 1, that the objects of an act are meant, or that what is absent is not in sight; none for a
    /// question, a refusal and an order without an object, which are no matter of probability.
    /// </summary>
    public double? Confidence { get; init; }

    /// <summary>The objects considered, most probable first.</summary>
    public IReadOnlyList<Candidate> Candidates { get; init; } = [];

    /// <summary>The command clause by clause with the evidence for each.</summary>
    public IReadOnlyList<Clause> Clauses { get; init; } = [];

    /// <summary>The words that were not understood, in the order of the command; with any, no motion follows.</summary>
    public IReadOnlyList<UnreadWord> Unread { get; init; } = [];

    /// <summary>What to ask the speaker; only with <see cref="GroundingOutcome.Clarify"/>.</summary>
    public string? Question { get; init; }

    /// <summary>The question with what it is about, for the turn that answers it.</summary>
    internal Question? Asked { get; init; }

    /// <summary>The reading that was grounded; none where it did not come to that.</summary>
    internal ParsedCommand? Reading { get; init; }

    /// <summary>Whether it was weighed against the scene.</summary>
    public bool IsGrounded => Reading is not null;

    /// <summary>Why, in one sentence, when the outcome is not to act.</summary>
    public string? Reason { get; init; }

    /// <summary>Which opinion carried the answer.</summary>
    public GroundingMethod Method { get; init; } = GroundingMethod.Rules;

    /// <summary>
    /// What cannot be ruled out at the risk that was set: ids of objects, and the words "absent" and "several"; empty
    /// when the rules answered alone.
    /// </summary>
    public IReadOnlyList<string> Plausible { get; init; } = [];

    /// <summary>How far each modality counted; empty when the network was not asked.</summary>
    public IReadOnlyList<ModalityReport> Modalities { get; init; } = [];

    /// <summary>
    /// How much the target, or the likeliest candidate, attended to each word; empty when the network was not asked.
    /// </summary>
    public IReadOnlyList<WordWeight> Attention { get; init; } = [];
}
