using System.Text;

namespace EdgePerception.Fusion.Attention;

/// <summary>
/// Parts texts into words, as training/grounding/tokens.py does; shared vectors prove it.
/// </summary>
public static class TextWords
{
    private const int LongestWord = 24;

    /// <summary>
    /// A text's words: letters and digits of ASCII in lower case and everything beyond ASCII; an apostrophe is dropped,
    /// everything else parts words. A word is cut to 24 characters.
    /// </summary>
    /// <param name="text">Any text.</param>
    /// <param name="places">Receives where in the text each word stands, apostrophes and what was cut included.</param>
    public static List<string> Of(string text, List<Range>? places = null)
    {
        var words = new List<string>();
        Span<char> word = stackalloc char[2 * LongestWord];
        var (length, characters, start, at) = (0, 0, -1, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            var apostrophe = rune.Value is '\'' or '\u2019';
            if (apostrophe || rune.Value >= 0x80 || char.IsAsciiLetterOrDigit((char)rune.Value))
            {
                if (start < 0) start = at;
                if (!apostrophe && characters++ < LongestWord)
                    length += (rune.Value < 0x80 ? Rune.ToLowerInvariant(rune) : rune).EncodeToUtf16(word[length..]);
            }
            else
            {
                Close(word);
            }

            at += rune.Utf16SequenceLength;
        }

        Close(word);
        return words;

        void Close(ReadOnlySpan<char> letters)
        {
            if (length > 0)
            {
                words.Add(letters[..length].ToString());
                places?.Add(start..at);
            }

            (length, characters, start) = (0, 0, -1);
        }
    }
}
