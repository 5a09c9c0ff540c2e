namespace EdgePerception.Policy.Language;

/// <summary>What limits how an order is to be carried out.</summary>
public enum ConstraintKind
{
    /// <summary>When: "tomorrow", "at 5 pm".</summary>
    Time,

    /// <summary>For how long: "for ten seconds".</summary>
    Duration,

    /// <summary>How far, or how near: "for 5 metres", "no closer than 1 m", "halfway".</summary>
    Distance,

    /// <summary>How fast: "slowly".</summary>
    Speed,

    /// <summary>Up to what: "until he turns round".</summary>
    Until,

    /// <summary>How often: "twice", "every hour".</summary>
    Repetition,

    /// <summary>Only if: "if it is free", "when I say so".</summary>
    Condition,
}

/// <summary>A limit of an order. Nothing but the distance of an <see cref="Avoidance"/> is enforced today.</summary>
/// <param name="Kind">What it limits.</param>
/// <param name="Text">The words as the user said them.</param>
public sealed record Constraint(ConstraintKind Kind, string Text);

/// <summary>Something to keep away from.</summary>
/// <param name="What">Its description.</param>
/// <param name="Metres">How far to keep away, in metres, more than 0; null if the words name no figure.</param>
public sealed record Avoidance(NounPhrase What, double? Metres = null);
