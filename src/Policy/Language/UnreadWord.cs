namespace EdgePerception.Policy.Language;

/// <summary>A word, or several that belong together, which no part of a reading accounts for.</summary>
/// <param name="Text">As the user said it, in lower case.</param>
/// <param name="Place">Where it stands in the command's text; nowhere (0..0) where an earlier turn said it.</param>
public sealed record UnreadWord(string Text, Range Place)
{
    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>The words at some places.</summary>
    internal static IEnumerable<UnreadWord> Of(IReadOnlyList<Token> tokens, IEnumerable<int> places) =>
        places.Select(place => First(tokens, place)).Distinct()
            .Select(place => new UnreadWord(tokens[place].Surface, tokens[place].Place));

    /// <summary>The words of a part of a description.</summary>
    internal static UnreadWord Of(IReadOnlyList<Token> tokens, Modifier modifier)
    {
        var (start, end) = (modifier.Words.Start.Value, modifier.Words.End.Value);
        var isSaid = end > start && end <= tokens.Count && Token.Text(tokens, start, end) == modifier.Text;
        return new UnreadWord(modifier.Text, isSaid ? tokens[start].Place.Start..tokens[end - 1].Place.End : default);
    }

    /// <summary>The first half of a contraction, which alone shows what was said.</summary>
    private static int First(IReadOnlyList<Token> tokens, int place)
    {
        while (place > 0 && tokens[place].Surface.Length == 0) place--;
        return place;
    }
}
