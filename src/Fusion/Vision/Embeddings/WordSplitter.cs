using System.Globalization;
using System.Text;

namespace EdgePerception.Fusion.Vision.Embeddings;

/// <summary>
/// Splits text as CLIP's pattern does: the words &lt;|startoftext|&gt; and &lt;|endoftext|&gt;, the contractions 's 't
/// 're 've 'm 'll 'd, letters in a row, single numbers, other characters in a row; white space only parts them. By
/// hand, since .NET's expressions take characters beyond U+FFFF apart.
/// </summary>
internal static class WordSplitter
{
    private static readonly Rune[][] Whole = [
        .. new[] { "<|startoftext|>", "<|endoftext|>", "'s", "'t", "'re", "'ve", "'m", "'ll", "'d" }
        .Select(word => word.EnumerateRunes().ToArray())];

    /// <summary>The text in lower case, as Python's <c>str.lower</c> gives it.</summary>
    public static Rune[] LowerCase(ReadOnlySpan<char> text)
    {
        var runes = new List<Rune>(text.Length);
        foreach (var rune in text.EnumerateRunes()) runes.Add(rune);
        var lower = new List<Rune>(runes.Count);
        for (var i = 0; i < runes.Count; i++)
        {
            // The two capitals that Rune lowers otherwise: one becomes two characters, one depends on what is beside
            // it.
            if (runes[i].Value == 'İ') lower.AddRange([new Rune('i'), new Rune('\u0307')]);
            else if (runes[i].Value == 'Σ' && EndsWord(runes, i)) lower.Add(new Rune('ς'));
            else lower.Add(Rune.ToLowerInvariant(runes[i]));
        }

        return [.. lower];
    }

    /// <summary>Moves to the next word at or after a place.</summary>
    /// <param name="text">Text in lower case.</param>
    /// <param name="at">Where to look from; becomes the word's first character.</param>
    /// <param name="end">Behind the word's last character.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryNext(ReadOnlySpan<Rune> text, ref int at, out int end)
    {
        while (at < text.Length && Rune.IsWhiteSpace(text[at])) at++;
        end = at;
        if (at == text.Length) return false;
        foreach (var word in Whole)
        {
            if (!text[at..].StartsWith(word)) continue;
            end = at + word.Length;
            return true;
        }

        var first = text[at];
        end = at + 1;
        if (IsNumber(first)) return true;
        while (end < text.Length && (IsLetter(first) ? IsLetter(text[end]) : IsOther(text[end]))) end++;
        return true;
    }

    /// <summary>Whether a word is the one that stands for the start.</summary>
    public static bool IsStart(ReadOnlySpan<Rune> word) => word.SequenceEqual(Whole[0]);

    /// <summary>Whether a word is the one that stands for the end.</summary>
    public static bool IsEnd(ReadOnlySpan<Rune> word) => word.SequenceEqual(Whole[1]);

    /// <summary>
    /// Unicode's Final_Sigma: cased letters before, none after, whatever is case-ignorable left aside.
    /// </summary>
    private static bool EndsWord(List<Rune> runes, int sigma)
    {
        var (before, after) = (sigma - 1, sigma + 1);
        while (before >= 0 && IsCaseIgnorable(runes[before])) before--;
        while (after < runes.Count && IsCaseIgnorable(runes[after])) after++;
        return before >= 0 && IsCased(runes[before]) && (after == runes.Count || !IsCased(runes[after]));
    }

    private static bool IsCased(Rune rune) => Rune.GetUnicodeCategory(rune) <= UnicodeCategory.TitlecaseLetter
        || rune.Value is (>= 0x2160 and <= 0x217F) or (>= 0x24B6 and <= 0x24E9);

    private static bool IsCaseIgnorable(Rune rune) => Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
                or UnicodeCategory.ModifierLetter
            or UnicodeCategory.ModifierSymbol
        || rune.Value is '\'' or '.' or ':' or '·' or '’' or '‘';

    private static bool IsOther(Rune rune) => !IsLetter(rune) && !IsNumber(rune) && !Rune.IsWhiteSpace(rune);

    private static bool IsLetter(Rune rune) => Rune.GetUnicodeCategory(rune) <= UnicodeCategory.OtherLetter;

    private static bool IsNumber(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;
}
