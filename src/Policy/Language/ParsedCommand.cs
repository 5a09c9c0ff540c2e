namespace EdgePerception.Policy.Language;

/// <summary>One thing to do, understood but not yet looked for in a scene.</summary>
/// <param name="Action">What to do; none where the verb is not known.</param>
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

    /// <summary>Whether what is put at the destination would rest on it or fall on it.</summary>
    public bool IsOnto { get; init; }

    /// <summary>Whether the verb needs a destination that the command does not name ("put the cup").</summary>
    public bool LacksDestination { get; init; }

    /// <summary>The verb with what belongs to it, where it is not known; empty otherwise.</summary>
    public string UnknownVerb { get; init; } = "";

    /// <summary>The whole order of an unknown verb, as it was said; empty otherwise.</summary>
    public string UnknownOrder { get; init; } = "";

    /// <summary>The descriptions of its target and destination.</summary>
    internal IEnumerable<NounPhrase> Described => new[] { Target, Destination }.OfType<NounPhrase>();

    /// <summary>How surely an unknown verb means the action, 0 to 1; 0 where nobody can tell.</summary>
    public double Sureness { get; init; }
}

/// <summary>One reading of a command, not yet looked for in a scene. Immutable.</summary>
/// <param name="Text">The command as it came.</param>
/// <param name="Steps">What to do, in order; empty when it is refused.</param>
/// <param name="Avoid">What to keep away from meanwhile.</param>
/// <param name="Refusal">Why it is not obeyed, in one sentence; null if it was understood.</param>
public sealed record ParsedCommand(
    string Text, IReadOnlyList<CommandStep> Steps, IReadOnlyList<Avoidance> Avoid, string? Refusal)
{
    /// <summary>What the speaker does by saying it.</summary>
    public SpeechAct Act { get; init; }

    /// <summary>What limits the steps; each forbids a motion, since none of these is enforced.</summary>
    public IReadOnlyList<Constraint> Constraints { get; init; } = [];

    /// <summary>The words that no part of the reading accounts for, as said; with any, no motion follows.</summary>
    public IReadOnlyList<UnreadWord> Unread { get; init; } = [];

    /// <summary>What the reading costs: 0 and up, the cheapest is the likeliest.</summary>
    public double Price { get; init; }

    /// <summary>Set when the command names an action without its object ("pick up"): which one.</summary>
    public RobotActionKind Incomplete { get; init; }

    /// <summary>What it names without an action ("the red one"), which means something after another turn.</summary>
    public Fragment? Fragment { get; init; }

    /// <summary>Whether what was asked before is to end: its outcome is a stop.</summary>
    public bool TakesBackTurns { get; init; }

    /// <summary>Whether the speaker takes something back in it ("the cup, no, the bottle").</summary>
    public bool IsCorrected { get; init; }

    /// <summary>What to ask back at once, since no earlier turn says what is meant; none otherwise.</summary>
    public string? Asks { get; init; }

    /// <summary>
    /// Whether it stands inside of an utterance whose rest was not understood: it may be offered, and is never done
    /// unasked.
    /// </summary>
    public bool IsWithin { get; init; }

    /// <summary>Whether an earlier turn went into it, so that its text alone does not say what it means.</summary>
    public bool IsFollowUp { get; init; }

    /// <summary>What "it" and "one" were taken for, from an earlier turn; null if it was read on its own.</summary>
    public NounPhrase? Antecedent { get; init; }

    /// <summary>The words of its text; none where it was put together from an earlier turn.</summary>
    internal IReadOnlyList<Token> Tokens { get; init; } = [];

    /// <summary>The pieces that it was built from.</summary>
    internal IReadOnlyList<ParseNode> Pieces { get; init; } = [];
}

/// <summary>What is said without an action.</summary>
public sealed record Fragment
{
    /// <summary>Whether it begins with a yes.</summary>
    public bool Agrees { get; init; }

    /// <summary>Whether it begins with a no.</summary>
    public bool Denies { get; init; }

    /// <summary>The objects that it names.</summary>
    public IReadOnlyList<NounPhrase> Objects { get; init; } = [];

    /// <summary>A place or property alone, without a noun ("on the left", "with the hat").</summary>
    public NounPhrase? Part { get; init; }

    /// <summary>What it says is not meant ("not the red one"); null if it excludes nothing.</summary>
    public NounPhrase? Excluded { get; init; }

    /// <summary>Whether its one object is where to go or to put something ("and then to the dog").</summary>
    public bool IsPlace { get; init; }

    /// <summary>Whether it takes back itself what it says: "red? no", "yes and no".</summary>
    public bool Contradicts { get; init; }

    /// <summary>Whether nothing but yes or no is said, or what is not meant.</summary>
    public bool IsBare => Objects.Count == 0 && Part is null;
}
