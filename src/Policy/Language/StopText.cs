using System.Globalization;
using System.Numerics;

namespace EdgePerception.Policy.Language;

/// <summary>
/// Cuts a text into the words that are searched for a stop, with stop words known again that were shouted ("stoooop"),
/// spelt ("s-t-o-p"), glued ("stopstop", "stopnow"), mis-typed ("sotp") or shown (a sign). Time and memory grow with
/// the length of the text and with nothing else.
/// </summary>
internal static class StopText
{
    private const int LongestWord = 32;
    private const int LongestSpelling = 16;
    private const int ShortestGlued = 3;

    /// <summary>How few words a text must have for a stop word cut in two ("sto p") to be known again.</summary>
    private const int ShortText = 3;

    /// <summary>How many letters a piece of what was spelt has at most.</summary>
    private const int LongestPiece = 2;

    private static readonly string[] SingleLetters = [.. Enumerable.Range('a', 26).Select(letter => $"{(char)letter}")];

    /// <summary>The words of a text in order; mis-typed ones known again where that is asked for.</summary>
    public static List<StopToken> Read(ReadOnlySpan<char> text, StopWords words, bool knowsSlips)
    {
        var tokens = new List<StopToken>();
        var word = new Word(stackalloc char[LongestWord]);
        Span<char> folded = stackalloc char[TextFolding.MaxLength];
        var afterBreak = false;
        var last = ' ';
        foreach (var rune in text.EnumerateRunes())
        {
            // Nearly all of any text, and nothing of this is folded, a sign or a mark.
            if (rune.IsAscii && char.IsAsciiLetterOrDigit((char)rune.Value))
            {
                last = char.ToLowerInvariant((char)rune.Value);
                word.Append(last);
                continue;
            }

            if (!rune.IsAscii && words.Signs.Contains(rune))
            {
                Flush(ref word, tokens, words, knowsSlips, ref afterBreak);
                tokens.Add(new StopToken(words.Sign, afterBreak, IsSlip: false));
                afterBreak = false;
                continue;
            }

            foreach (var character in folded[..TextFolding.Fold(rune, folded)])
            {
                if (character == '\'') continue;
                if (char.IsLetterOrDigit(character) || char.IsSurrogate(character)) word.Append(character);
                else
                {
                    Flush(ref word, tokens, words, knowsSlips, ref afterBreak);
                    afterBreak |= Parts(character, last);
                }

                last = character;
            }
        }

        Flush(ref word, tokens, words, knowsSlips, ref afterBreak);
        return WithSpelling(tokens, words);
    }

    /// <summary>Writes the letters of a word, each run of one letter once.</summary>
    /// <returns>How many were written.</returns>
    public static int Squeeze(ReadOnlySpan<char> word, Span<char> squeezed)
    {
        var count = 0;
        foreach (var letter in word)
        {
            if (count == 0 || squeezed[count - 1] != letter) squeezed[count++] = letter;
        }

        return count;
    }

    /// <summary>Whether a mark parts clauses: ends of sentences, commas, brackets, dashes, marks of fields.</summary>
    private static bool Parts(char mark, char before) => mark switch
    {
        ' ' => false,
        '-' => before == ' ',
        '\n' or '\r' or '|' or '<' or '>' or '=' or '&' => true,
        '"' or '*' or '/' or '\\' or '#' or '@' or '%' => false,
        _ => char.GetUnicodeCategory(mark) is UnicodeCategory.OtherPunctuation or UnicodeCategory.DashPunctuation
            or UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation,
    };

    private static void Flush(
        ref Word word, List<StopToken> tokens, StopWords words, bool knowsSlips, ref bool afterBreak)
    {
        if (word.IsEmpty) return;
        tokens.Add(Known(word, words, knowsSlips, tokens.Count) with { AfterBreak = afterBreak });
        word.Clear();
        afterBreak = false;
    }

    private static StopToken Known(in Word word, StopWords words, bool knowsSlips, int position)
    {
        if (word.IsWhole && words.Known.TryGetValue(word.Letters, out var known))
            return new StopToken(known, false, false);
        if (Shouted(word.Letters, words) is { } shouted) return new StopToken(shouted, false, false);
        if (!word.IsWhole) return new StopToken("", false, false);
        if (Glued(word.Letters, words) is { } glued) return new StopToken(glued, false, false);
        if (knowsSlips && Slip(word.Letters, words) is { } meant) return new StopToken(meant, false, true);

        // No list has it, so its letters count only where it may be a piece of what was spelt.
        var isPiece = word.Letters.Length <= LongestPiece || position < ShortText;
        return new StopToken(isPiece ? Letters(word.Letters) : "", false, false);
    }

    private static string Letters(ReadOnlySpan<char> word) =>
        word is [>= 'a' and <= 'z' and var letter] ? SingleLetters[letter - 'a'] : word.ToString();

    private static string? Shouted(ReadOnlySpan<char> word, StopWords words)
    {
        if (words.StartingLike(word).IsEmpty) return null;
        Span<char> squeezed = stackalloc char[word.Length];
        return words.Squeezed.TryGetValue(squeezed[..Squeeze(word, squeezed)], out var meant) ? meant : null;
    }

    /// <summary>A stop word with itself, another one or a word that says nothing.</summary>
    private static string? Glued(ReadOnlySpan<char> word, StopWords words)
    {
        foreach (var stop in words.StartingLike(word))
        {
            if (word.StartsWith(stop) && IsIdle(word[stop.Length..], words)) return stop;
        }

        foreach (var stop in words.EndingLike(word))
        {
            if (word.EndsWith(stop) && IsIdle(word[..^stop.Length], words)) return stop;
        }

        return null;
    }

    private static string? Slip(ReadOnlySpan<char> word, StopWords words)
    {
        var letters = LettersOf(word);
        foreach (var (meant, due) in words.Slippery)
        {
            // One slip changes the set of letters by two at most.
            if (BitOperations.PopCount(letters ^ due) <= 2 && IsSlip(word, meant)) return meant;
        }

        return null;
    }

    /// <summary>The set of a word's letters: one bit each for a to z, one for all others.</summary>
    public static uint LettersOf(ReadOnlySpan<char> word)
    {
        var set = 0u;
        foreach (var letter in word) set |= 1u << (letter is >= 'a' and <= 'z' ? letter - 'a' : 26);
        return set;
    }

    private static bool IsIdle(ReadOnlySpan<char> word, StopWords words)
    {
        while (words.Single.FirstStart(word) is { } stop) word = word[stop.Length..];
        if (word.IsEmpty) return true;
        return word.Length >= ShortestGlued && words.Fillers.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);
    }

    private static string? FirstStart(this IReadOnlyCollection<string> stops, ReadOnlySpan<char> word)
    {
        foreach (var stop in stops)
        {
            if (word.StartsWith(stop)) return stop;
        }

        return null;
    }

    /// <summary>Whether one letter is missing, too many or wrong, or two neighbours have changed places.</summary>
    private static bool IsSlip(ReadOnlySpan<char> word, ReadOnlySpan<char> meant)
    {
        var start = word.CommonPrefixLength(meant);
        var rest = word[start..];
        var due = meant[start..];
        return (rest.Length - due.Length) switch
        {
            1 => rest[1..].SequenceEqual(due),
            -1 => rest.SequenceEqual(due[1..]),
            0 when rest.Length > 0 => rest[1..].SequenceEqual(due[1..])
                || (rest.Length > 1 && rest[0] == due[1] && rest[1] == due[0] && rest[2..].SequenceEqual(due[2..])),
            _ => false,
        };
    }

    /// <summary>Joins what was spelt: pieces of one or two letters, or any two where hardly more is said.</summary>
    private static List<StopToken> WithSpelling(List<StopToken> tokens, StopWords words)
    {
        List<StopToken>? joined = null;
        for (var i = 0; i < tokens.Count; i++)
        {
            if (Spelt(tokens, i, words, out var count) is { } meant)
            {
                joined ??= tokens[..i];
                joined.Add(new StopToken(meant, tokens[i].AfterBreak, IsSlip: false));
                i += count - 1;
            }
            else joined?.Add(tokens[i]);
        }

        return joined ?? tokens;
    }

    private static string? Spelt(List<StopToken> tokens, int position, StopWords words, out int count)
    {
        count = 1;
        if (tokens[position].Word.Length > LongestPiece && tokens.Count > ShortText) return null;
        Span<char> letters = stackalloc char[2 * LongestWord];
        var length = 0;
        for (; count <= Math.Min(LongestSpelling, tokens.Count - position); count++)
        {
            var piece = tokens[position + count - 1].Word;
            var isShort = piece.Length is > 0 and <= LongestPiece || (count <= 2 && tokens.Count <= ShortText);
            if (!isShort) return null;
            piece.CopyTo(letters[length..]);
            // What is squeezed before stays squeezed, so it never outgrows the stop words.
            length = Squeeze(letters[..(length + piece.Length)], letters);
            if (!words.Beginnings.Contains(letters[..length])) return null;
            if (count > 1 && words.Squeezed.TryGetValue(letters[..length], out var meant)) return meant;
        }

        return null;
    }

    /// <summary>The word that is being read: its first letters, without what only lengthens a shout.</summary>
    private ref struct Word(Span<char> buffer)
    {
        private readonly Span<char> _buffer = buffer;
        private int _length;
        private int _run;

        public readonly bool IsEmpty => _length == 0;

        /// <summary>Whether all of its letters are kept.</summary>
        public bool IsWhole { get; private set; } = true;

        public readonly ReadOnlySpan<char> Letters => _buffer[.._length];

        public void Append(char letter)
        {
            _run = _length > 0 && _buffer[_length - 1] == letter ? _run + 1 : 1;
            if (_run > 3 || _length == _buffer.Length) IsWhole &= _run > 3;
            else _buffer[_length++] = letter;
        }

        public void Clear() => (_length, _run, IsWhole) = (0, 0, true);
    }
}
