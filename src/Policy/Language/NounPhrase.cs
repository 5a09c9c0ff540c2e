namespace EdgePerception.Policy.Language;

/// <summary>How many of the objects that fit are meant.</summary>
public enum Quantity
{
    /// <summary>The one that fits: more than one needs a question.</summary>
    One,

    /// <summary>Any one that fits ("a cup", "one of the cups").</summary>
    Any,

    /// <summary>All that fit ("the cups", "every cup").</summary>
    All,

    /// <summary>As many as <see cref="NounPhrase.Count"/> says, and no more may fit ("both cups").</summary>
    Exactly,

    /// <summary>As many as <see cref="NounPhrase.Count"/> says, any of those that fit ("two cups").</summary>
    AnyOf,

    /// <summary>None of them ("zero cups", "neither cup"): nothing is asked for.</summary>
    None,

    /// <summary>All but <see cref="NounPhrase.Count"/>: which are left is not said.</summary>
    AllBut,
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

    /// <summary>The id of the very object that is meant, as an earlier turn settled it; none otherwise.</summary>
    public string? KnownId { get; init; }

    /// <summary>What the robot calls the very object ("person 22", "number 2"); null if it is described.</summary>
    public string? Called { get; init; }

    /// <summary>Whether it is called by a number ("number 2"), from the left where nothing has one.</summary>
    public bool IsNumber { get; init; }

    /// <summary>Whether its noun was not said but taken from what "one" stands for.</summary>
    internal bool IsAnaphor { get; init; }

    /// <summary>Whether an object other than the one of before is meant ("the other one").</summary>
    public bool IsOther { get; init; }

    /// <summary>
    /// The ids of the objects among which it is to be found, where it answers the robot's question; none for all in
    /// sight.
    /// </summary>
    public IReadOnlyList<string>? Among { get; init; }

    /// <summary>
    /// What a noun that stands in no list may mean of the labels in sight, with how probably; empty where lists tell.
    /// </summary>
    public IReadOnlyDictionary<string, double> Offered { get; init; } = new Dictionary<string, double>();

    /// <summary>What the object is to be used for, where nothing else is said ("cut with"); none otherwise.</summary>
    public string? Use { get; init; }

    /// <summary>Whether the person who speaks is meant ("follow me").</summary>
    public bool IsSpeaker { get; init; }

    /// <summary>Whether a word stands for the object, if only "one" or "it".</summary>
    public bool IsNamed { get; init; }

    /// <summary>Whether both may be of one object: another noun or properties tell two apart.</summary>
    internal bool MayBe(NounPhrase other) => Noun.SequenceEqual(other.Noun)
        && (Modifiers.Count == 0 || other.Modifiers.Count == 0
            || Modifiers.IntersectBy(other.Modifiers.Select(modifier => modifier.Text), modifier => modifier.Text)
                .Any());
}
