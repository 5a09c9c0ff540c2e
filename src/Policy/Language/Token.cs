namespace EdgePerception.Policy.Language;

/// <summary>What stands between a word and the one before it.</summary>
internal enum Pause
{
    /// <summary>Nothing but space.</summary>
    None,

    /// <summary>A comma or a dash.</summary>
    Comma,

    /// <summary>The end of a sentence.</summary>
    Sentence,
}

/// <summary>One word of a command.</summary>
/// <param name="Word">Lower case, contractions opened.</param>
/// <param name="Surface">As the user wrote it, lower case; empty for the second half of a contraction.</param>
/// <param name="Pause">What stands before it.</param>
internal readonly record struct Token(string Word, string Surface, Pause Pause)
{
    /// <summary>Where the word stands in the text as it came; a contraction's halves stand where it stands.</summary>
    public Range Place { get; init; }

    /// <summary>The user's words from one place up to another.</summary>
    public static string Text(IReadOnlyList<Token> tokens, int start, int end) =>
        string.Join(' ', tokens.Take(start..end).Select(token => token.Surface).Where(word => word.Length > 0));
}
