using System.Text;

namespace EdgePerception.Policy.Language;

/// <summary>Texts that are refused before they are parsed: empty ones, ones that are too long, ones in another script.</summary>
internal static class TextRules
{
    // The end of Latin Extended-B; beyond the first plane stand Latin letters in styles.
    private const int LastLatin = 0x24F;
    private const int FirstStyled = 0xFF00;
    private const int LongestArticle = 3;

    /// <summary>Why a text is refused, in one sentence; none when it may be parsed.</summary>
    public static string? Check(string text)
    {
        if (CommandParser.LengthOf(text) is > CommandParser.MaxLength and var length)
            return $"the command has {length} characters and at most {CommandParser.MaxLength} are read";
        if (string.IsNullOrWhiteSpace(text)) return "the command is empty";
        return IsForeign(text) ? "the command is not in English" : null;
    }

    /// <summary>
    /// Why a text is refused of which half the words are in no list, short ones among them: articles and pronouns of
    /// another language, where slips of the pen are in longer words; none otherwise.
    /// </summary>
    public static string? Foreign(IReadOnlyList<Token> tokens, Lexicon lexicon, SceneWords scene)
    {
        var labels = scene.Labels.SelectMany(label => label.Split(' ')).ToHashSet(StringComparer.Ordinal);
        var unknown = tokens.Where(token => char.IsLetter(token.Word[0]) && !lexicon.Vocabulary.Contains(token.Word)
            && !labels.Contains(token.Word) && !labels.Contains(lexicon.Singular(token.Word)) && !scene.IsWord(token.Word)).ToList();
        return unknown.Count > 1 && unknown.Count * 2 >= tokens.Count && unknown.Exists(token => token.Word.Length <= LongestArticle)
            ? "the command is not in English, or in words that the robot does not know"
            : null;
    }

    private static bool IsForeign(string text)
    {
        var letters = 0;
        var foreign = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (!Rune.IsLetter(rune)) continue;
            letters++;
            if (rune.Value is > LastLatin and < FirstStyled) foreign++;
        }

        return foreign > 0 && foreign * 3 >= letters;
    }
}
