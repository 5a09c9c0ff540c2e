namespace EdgePerception.Policy.Language;

/// <summary>
/// What fills the places of a sampled sentence for which the lexicon lists nothing. A place without words is never
/// drawn, nor is what needs it. Immutable.
/// </summary>
/// <param name="Terminals">The words of a terminal by its name in the grammar: <c>_x</c>, <c>&lt;id&gt;</c>.</param>
/// <param name="Instead">For a symbol that stands for any words: the symbols of which one takes its place.</param>
internal sealed record SamplerWords(
    IReadOnlyDictionary<string, IReadOnlyList<string>> Terminals,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Instead)
{
    private static readonly Dictionary<string, IReadOnlyList<string>> Counted = new(StringComparer.Ordinal)
    {
        ["<number>"] = ["2", "3", "4", "5", "10", "two", "three", "four", "five", "six", "twelve", "twenty"],
        ["<ordinal>"] = ["first", "second", "third", "fourth", "2nd", "5th", "eleventh"],
        ["<time>"] = ["5:30", "17:00"],
    };

    private static readonly Dictionary<string, IReadOnlyList<string>> Open = new(Counted, StringComparer.Ordinal)
    {
        ["<id>"] = ["3", "14", "22"],
        ["_"] = ["day", "turn", "mother", "fault", "office", "really", "weekend", "story", "holiday"],
    };

    // What people forbid, ask, report and imagine is mostly what could be ordered, which is what makes it hard.
    private static readonly Dictionary<string, IReadOnlyList<string>> Orders = new(StringComparer.Ordinal)
    {
        ["Words"] = ["Order", "Order", "Order", "Np", "Post", "Stated"],
        ["Saying"] = ["Order", "Task"],
    };

    /// <summary>Numbers alone: what is drawn consists of known words.</summary>
    public static SamplerWords Known { get; } = new(Counted, new Dictionary<string, IReadOnlyList<string>>());

    /// <summary>Any words are such as orders consist of; unknown words are left out.</summary>
    public static SamplerWords Spoken { get; } = new(Open, Orders);
}
