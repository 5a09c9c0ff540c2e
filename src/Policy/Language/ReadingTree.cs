using System.Globalization;

namespace EdgePerception.Policy.Language;

/// <summary>A part of a reading, as the grammar or the lexicon names it.</summary>
/// <param name="Label">The alternative's label, the section of the lexicon in <c>&lt; &gt;</c>, or a word.</param>
/// <param name="Meaning">What the lexicon says that it means; empty otherwise.</param>
/// <param name="Words">The words that it holds, as the user said them.</param>
/// <param name="Price">What it costs with all its parts, 0 and up.</param>
/// <param name="Parts">What it consists of, in the order of the words.</param>
public sealed record ReadingPart(
    string Label, string Meaning, string Words, double Price, IReadOnlyList<ReadingPart> Parts);

/// <summary>One way to read a command, laid open for people who extend the grammar. Immutable.</summary>
/// <param name="Price">What it costs: 0 and up; it is the sum of the prices in <paramref name="Tree"/>.</param>
/// <param name="Summary">What it amounts to, in one line.</param>
/// <param name="IsPicked">Whether the command is taken for it, the cheapest or the one that the scene picked.</param>
/// <param name="Unread">The words that it does not account for.</param>
/// <param name="Tree">
/// Its pieces in the order of the words: those of the grammar, <c>unread</c> for a word that no piece holds, and at the
/// end <c>joints</c> for what it costs that pieces follow each other.
/// </param>
public sealed record ReadingTree(
    double Price, string Summary, bool IsPicked, IReadOnlyList<string> Unread, IReadOnlyList<ReadingPart> Tree)
{
    private const double MinPrice = 0.005;

    /// <summary>The readings of a command without a scene, likeliest first; at least one. Thread-safe.</summary>
    /// <param name="text">The command; any text is accepted.</param>
    public static IReadOnlyList<ReadingTree> Of(string text)
    {
        var readings = CommandParser.Readings(text, SceneWords.None);
        return [.. readings.Select((reading, i) => Of(reading, isPicked: i == 0))];
    }

    /// <summary>A reading laid open.</summary>
    internal static ReadingTree Of(ParsedCommand reading, bool isPicked) => new(
        Rounded(reading.Price), Summarize(reading), isPicked, [.. reading.Unread.Select(word => word.Text)],
        [.. Pieces(reading)]);

    /// <summary>What a reading amounts to, in one line.</summary>
    internal static string Summarize(ParsedCommand reading)
    {
        var unread = reading.Unread.Count == 0 ? "" : $"; not understood: {string.Join(" ", reading.Unread)}";
        if (reading.Asks is { } question) return $"asks: {question}{unread}";
        if (reading.Fragment is { } fragment)
        {
            var objects = fragment.Objects.Append(fragment.Part).OfType<NounPhrase>().Select(Describe);
            var (yes, no) = (fragment.Agrees ? "yes " : "", fragment.Denies ? "no " : "");
            return $"fragment: {yes}{no}{string.Join(", ", objects)}";
        }

        if (reading.Refusal is { } refusal) return $"{reading.Act.ToString().ToLowerInvariant()}: {refusal}{unread}";
        return string.Join(", ", reading.Steps.Select(Describe).Concat(reading.Avoid.Select(Describe))) + unread;
    }

    private static string Describe(CommandStep step) =>
        $"{Verb(step)} {Describe(step.Target)}{(step.Destination is { } to ? " -> " + Describe(to) : "")}".Trim();

    private static string Verb(CommandStep step) =>
        step.UnknownVerb.Length > 0 ? step.UnknownVerb + "?" : step.Action.ToString();

    private static string Describe(Avoidance one) => string.Create(CultureInfo.InvariantCulture,
        $"avoid {Describe(one.What)}{(one.Metres is { } metres ? $" by {metres:0.##} m" : "")}");

    /// <summary>A description with its parts in brackets, so that it shows what belongs to what.</summary>
    private static string Describe(NounPhrase? phrase)
    {
        if (phrase is null) return "";
        var parts = phrase.Modifiers.Select(modifier => modifier switch
        {
            RelationModifier relation => $"{(relation.Negated ? "not " : "")}{relation.Relation} "
                + string.Join(" and ", relation.Anchors.Select(Describe)),
            ExclusionModifier exclusion => $"but {Describe(exclusion.Excluded)}",
            SupposedModifier { Anchor: { } anchor } supposed => $"{supposed.Text}? {Describe(anchor)}",
            _ => $"{modifier.GetType().Name.Replace("Modifier", "", StringComparison.Ordinal)} {modifier.Text}",
        });
        var noun = phrase.Noun.Count > 0 ? string.Join(' ', phrase.Noun) : phrase.Text;
        var name = phrase.KnownId ?? phrase.Called ?? noun;
        var or = string.Concat(phrase.Alternatives.Select(other => " or " + Describe(other)));
        var count = phrase.Count > 1 ? $" {phrase.Count}" : "";
        return $"[{phrase.Quantity}{count} {string.Join("; ", [name, .. parts])}]{or}";
    }

    private static IEnumerable<ReadingPart> Pieces(ParsedCommand reading)
    {
        var tokens = reading.Tokens;
        var (end, rest) = (0, reading.Price);
        foreach (var piece in reading.Pieces.Append(new ParseNode("", tokens.Count, tokens.Count, 0, "", [])))
        {
            for (; end < piece.Start; end++, rest -= UtterancePaths.PriceOfUnread)
            {
                var word = Words(tokens, end, end + 1);
                yield return new ReadingPart("unread", "", word, UtterancePaths.PriceOfUnread, []);
            }

            if (piece.End == piece.Start) continue;
            yield return Part(piece, tokens);
            (end, rest) = (piece.End, rest - piece.Price);
        }

        if (reading.Pieces.Count > 0 && rest > MinPrice)
            yield return new ReadingPart("joints", "", "", Rounded(rest), []);
    }

    private static ReadingPart Part(ParseNode node, IReadOnlyList<Token> tokens) => new(
        node.Label.TrimStart('='), node.Meaning, Words(tokens, node.Start, node.End), Rounded(node.Price),
        [.. node.Children.Select(child => Part(child, tokens))]);

    /// <summary>As the user said them; the second half of a contraction, which shows nothing, as it is read.</summary>
    private static string Words(IReadOnlyList<Token> tokens, int start, int end) =>
        Token.Text(tokens, start, end) is { Length: > 0 } said ? said : tokens[start].Word;

    private static double Rounded(double price) => Math.Round(price, 2);
}
