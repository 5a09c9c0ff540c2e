using System.Text;

namespace EdgePerception.Policy.Language;

/// <summary>Texts that are refused before they are parsed: empty, too long, in another script or language.</summary>
internal static class TextRules
{
    // The end of Latin Extended-B; beyond the first plane stand Latin letters in styles.
    private const int LastLatin = 0x24F;
    private const int FirstStyled = 0xFF00;
    private const int LongestArticle = 3;

    /// <summary>Why a text is refused, in one sentence; null if it may be parsed.</summary>
    public static string? Check(string text)
    {
        if (CommandParser.LengthOf(text) is > CommandParser.MaxLength and var length)
            return $"the command has {length} characters and at most {CommandParser.MaxLength} are read";
        if (string.IsNullOrWhiteSpace(text)) return "the command is empty";
        return IsForeign(text) ? "the command is not in English" : null;
    }

    /// <summary>Why the words of a text are refused, in one sentence; null if they may be parsed.</summary>
    public static string? Check(IReadOnlyList<Token> tokens, Lexicon lexicon, SceneWords scene)
    {
        if (tokens.Count == 0) return "the command holds no words";
        if (tokens.Count <= CommandParser.MaxWords)
        {
            return IsForeign(tokens, lexicon, scene)
                ? "the command is not in English, or in words that the robot does not know"
                : null;
        }

        return $"the command has {tokens.Count} words and at most {CommandParser.MaxWords} are understood; "
            + "say it shorter";
    }

    /// <summary>
    /// Whether half the words are in no list, short ones among them: articles and pronouns of another language, where
    /// slips of the pen are in longer words.
    /// </summary>
    private static bool IsForeign(IReadOnlyList<Token> tokens, Lexicon lexicon, SceneWords scene)
    {
        var labels = scene.Labels.SelectMany(label => label.Split(' ')).ToHashSet(StringComparer.Ordinal);
        var unknown = tokens.Select(token => token.Word).Where(word => char.IsLetter(word[0])
            && !lexicon.Vocabulary.Contains(word) && !labels.Contains(word) && !labels.Contains(lexicon.Singular(word))
            && !scene.IsWord(word)).ToList();
        return unknown.Count > 1 && unknown.Count * 2 >= tokens.Count
            && unknown.Exists(word => word.Length <= LongestArticle);
    }

    private static bool IsForeign(string text)
    {
        var letters = text.EnumerateRunes().Where(Rune.IsLetter).ToList();
        var foreign = letters.Count(letter => letter.Value is > LastLatin and < FirstStyled);
        return foreign > 0 && foreign * 3 >= letters.Count;
    }
}
