namespace EdgePerception.Policy.Commands;

/// <summary>How many of the objects that fit are meant.</summary>
public enum Quantity
{
    /// <summary>The one that fits: more than one needs a question.</summary>
    One,

    /// <summary>Any one that fits ("a cup", "one of the cups").</summary>
    Any,

    /// <summary>All that fit ("the cups", "every cup").</summary>
    All,

    /// <summary>As many as <see cref="NounPhrase.Count"/> says, and no more may fit ("both cups", "the two cups").</summary>
    Exactly,

    /// <summary>As many as <see cref="NounPhrase.Count"/> says, any of those that fit ("two cups").</summary>
    AnyOf,
}

/// <summary>The description of an object in a command, understood but not yet looked for in a scene.</summary>
public sealed record NounPhrase
{
    /// <summary>The words as the user said them.</summary>
    public required string Text { get; init; }

    /// <summary>The noun's words without adjectives known to the parser; empty when any object may be meant.</summary>
    public IReadOnlyList<string> Noun { get; init; } = [];

    /// <summary>How many are meant.</summary>
    public Quantity Quantity { get; init; }

    /// <summary>The number with <see cref="Quantity.Exactly"/> and <see cref="Quantity.AnyOf"/>.</summary>
    public int Count { get; init; } = 1;

    /// <summary>What narrows it down, in the order of the words.</summary>
    public IReadOnlyList<Modifier> Modifiers { get; init; } = [];

    /// <summary>Other descriptions that would do as well ("the cup or the bottle").</summary>
    public IReadOnlyList<NounPhrase> Alternatives { get; init; } = [];

    /// <summary>The id of the very object that is meant, as an earlier turn of the conversation settled it; none otherwise.</summary>
    public string? KnownId { get; init; }

    /// <summary>The ids of the objects among which it is to be found, where it answers the robot's question; none for all in sight.</summary>
    public IReadOnlyList<string>? Among { get; init; }

    /// <summary>Whether the person who speaks is meant ("follow me").</summary>
    public bool IsSpeaker { get; init; }

    /// <summary>Whether a word stands for the object, if only "one" or "it".</summary>
    public bool IsNamed { get; init; }
}
