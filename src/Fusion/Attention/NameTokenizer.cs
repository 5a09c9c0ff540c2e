using System.Text;

namespace EdgePerception.Fusion.Attention;

/// <summary>
/// Turns words and labels into feature ids: the word itself, its concepts, its character trigrams (after Bojanowski et al.
/// 2017, "Enriching Word Vectors with Subword Information"), so that a name that was never trained still has something in
/// common with those that were. Identical to training/grounding/tokens.py; shared vectors prove it. Not thread-safe: it
/// keeps the names that it has seen, up to a bound.
/// </summary>
public sealed class NameTokenizer(Vocabulary vocabulary)
{
    /// <summary>How many ids a name has at most.</summary>
    public const int Features = 40;

    private const int SpellingIds = 4095;
    private const int LongestWord = 24;
    private const int MostKept = 4096;
    private const int LongestKept = 256;
    private const uint HashOffset = 2166136261;
    private const uint HashPrime = 16777619;

    private readonly Dictionary<string, int[]> _kept = new(StringComparer.Ordinal);

    /// <summary>
    /// A text's words: letters and digits of ASCII in lower case and everything beyond ASCII; an apostrophe is dropped,
    /// everything else parts words. A word is cut to 24 characters.
    /// </summary>
    /// <param name="text">Any text.</param>
    /// <param name="places">Receives where in the text each word stands, apostrophes and what was cut included.</param>
    public static List<string> Words(string text, List<Range>? places = null)
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
                if (!apostrophe && characters++ < LongestWord) length += (rune.Value < 0x80 ? Rune.ToLowerInvariant(rune) : rune).EncodeToUtf16(word[length..]);
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

    /// <summary>The feature ids of a word or of a label of several words, distinct, at most <see cref="Features"/>.</summary>
    /// <param name="name">Any text; of one without words there are none.</param>
    public ReadOnlySpan<int> Tokenize(string name)
    {
        if (_kept.TryGetValue(name, out var known)) return known;
        var ids = Write(Words(name));
        if (name.Length > LongestKept) return ids;
        if (_kept.Count == MostKept) _kept.Clear();
        return _kept[name] = ids;
    }

    private int[] Write(List<string> words)
    {
        var ids = new List<int>(Features);
        foreach (var word in words) Add(ids, SpellingId('w', word));
        var whole = vocabulary.Concepts(string.Join('_', words));
        foreach (var concept in whole) Add(ids, concept);
        if (whole.IsEmpty)
        {
            foreach (var word in words)
                foreach (var concept in vocabulary.Concepts(word)) Add(ids, concept);
        }

        foreach (var word in words) AddTrigrams(ids, word);
        return [.. ids];
    }

    private static void AddTrigrams(List<int> ids, string word)
    {
        Rune[] marked = [new('<'), .. word.EnumerateRunes(), new('>')];
        for (var i = 0; i + 3 <= marked.Length; i++) Add(ids, SpellingId('t', $"{marked[i]}{marked[i + 1]}{marked[i + 2]}"));
    }

    private static void Add(List<int> ids, int id)
    {
        if (ids.Count < Features && !ids.Contains(id)) ids.Add(id);
    }

    private static int SpellingId(char kind, string text)
    {
        // FNV-1a, 32 bits, over "kind:text" in UTF-8.
        Span<byte> bytes = stackalloc byte[2 + 4 * LongestWord];
        bytes[0] = (byte)kind;
        bytes[1] = (byte)':';
        var length = 2 + Encoding.UTF8.GetBytes(text, bytes[2..]);
        var hash = HashOffset;
        foreach (var value in bytes[..length]) hash = (hash ^ value) * HashPrime;
        return 1 + (int)(hash % SpellingIds);
    }
}
