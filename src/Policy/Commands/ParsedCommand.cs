namespace EdgePerception.Policy.Commands;

/// <summary>One thing to do, understood but not yet looked for in a scene.</summary>
/// <param name="Action">What to do.</param>
/// <param name="Target">With which object, where the action has one.</param>
/// <param name="Destination">Where to, where the action has one.</param>
public sealed record CommandStep(RobotActionKind Action, NounPhrase? Target, NounPhrase? Destination)
{
    /// <summary>Whether the number of objects is asked for.</summary>
    public bool Counts { get; init; }

    /// <summary>
    /// Whether it is a question that may have nothing to do with what is in sight ("what is the weather"), so that a
    /// noun unknown to the scene is not for the robot.
    /// </summary>
    public bool IsOpenQuestion { get; init; }

    /// <summary>How the destination was named ("on the table"); empty without one.</summary>
    public string DestinationText { get; init; } = "";
}

/// <summary>A command, understood but not yet looked for in a scene. Immutable.</summary>
/// <param name="Text">The command as it came.</param>
/// <param name="Steps">What to do, in order; empty when it is refused.</param>
/// <param name="Avoid">What to keep away from meanwhile.</param>
/// <param name="Refusal">Why it is not obeyed, in one sentence; none when it was understood.</param>
public sealed record ParsedCommand(
    string Text, IReadOnlyList<CommandStep> Steps, IReadOnlyList<NounPhrase> Avoid, string? Refusal)
{
    /// <summary>Set when the command names an action without its object ("pick up"): which one.</summary>
    public RobotActionKind Incomplete { get; init; }

    /// <summary>Whether it is refused only because no verb in it is known.</summary>
    public bool NamesNoAction { get; init; }

    /// <summary>Whether words that follow a description were passed over, so that they may say more of it.</summary>
    public bool LeavesWords { get; init; }

    /// <summary>Whether the speaker takes something back in it ("the cup, no, the bottle").</summary>
    public bool IsCorrected { get; init; }

    /// <summary>Whether it takes back all that it asks for, or what was asked before ("never mind").</summary>
    public bool IsTakenBack { get; init; }

    /// <summary>What to ask back at once, since no earlier turn says what is meant; none otherwise.</summary>
    public string? Asks { get; init; }

    /// <summary>Whether it was put together from an earlier turn, so that its text alone does not say what it means.</summary>
    public bool IsFollowUp { get; init; }

    /// <summary>What "it" and "one" were taken for, from an earlier turn; none when it was read on its own.</summary>
    public NounPhrase? Antecedent { get; init; }

    /// <summary>Words that were read as misspellings of known ones.</summary>
    internal IReadOnlyList<string> Mended { get; init; } = [];
}
