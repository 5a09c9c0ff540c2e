namespace EdgePerception.Policy.Language;

/// <summary>
/// Finds the known words that a misspelt one may stand for: one slip in words of up to six letters, two in longer ones,
/// with the first letter right or the first two swapped (optimal string alignment distance: insert, delete, change,
/// swap neighbours). Each is a reading at a price; a word of its own is never mended.
/// </summary>
internal static class Spelling
{
    private const int ShortestWord = 4;
    private const int TwoTyposFrom = 7;
    private const int LongestWord = 24;
    private const int MaxReadings = 3;

    private static readonly Lazy<ILookup<char, string>> ByFirstLetter = new(() =>
        Lexicon.Default.Vocabulary.Union(Grammar.Default.Words).Where(word => word.Length >= ShortestWord)
            .ToLookup(word => word[0]));

    /// <summary>
    /// The known words nearest to a word, the nearest first; none for a word that is known or a word of its own.
    /// </summary>
    public static IReadOnlyList<(string Word, int Typos)> Near(string word, Lexicon lexicon, Func<string, bool> isWord)
    {
        if (!MayBeTypo(word, lexicon, isWord)) return [];
        var known = new[] { word[0], word[1] }.Distinct().SelectMany(letter => ByFirstLetter.Value[letter]);
        return [.. Near(word, known).Where(near => IsLong(near.Word) || word.Order().SequenceEqual(near.Word.Order()))
            .OrderBy(near => near.Typos).ThenBy(near => near.Word, StringComparer.Ordinal).Take(MaxReadings)];

        // Most words of four letters are one letter from another word.
        bool IsLong(string other) => word.Length + other.Length > 2 * ShortestWord;
    }

    /// <summary>The labels in sight, of one word, that a word may misspell.</summary>
    public static IEnumerable<(string Word, int Typos)> NearLabels(string word, Lexicon lexicon, SceneWords scene) =>
        MayBeTypo(word, lexicon, scene.IsWord)
            ? Near(word, scene.Labels.Where(label => label.Length > ShortestWord))
                .Where(near => near.Typos < 2 || near.Word.Length >= TwoTyposFrom)
            : [];

    private static IEnumerable<(string Word, int Typos)> Near(string word, IEnumerable<string> known) =>
        known.Where(other => Math.Abs(other.Length - word.Length) <= 2 && BeginsAlike(word, other))
            .Select(other => (Word: other, Typos: Distance(word, other)))
            .Where(near => near.Typos <= (Math.Max(near.Word.Length, word.Length) >= TwoTyposFrom ? 2 : 1));

    private static bool MayBeTypo(string word, Lexicon lexicon, Func<string, bool> isWord)
    {
        return word.Length is >= ShortestWord and <= LongestWord && Grammar.Default.Find(word) < 0
            && IsNew(word) && IsNew(lexicon.Singular(word));

        bool IsNew(string form) =>
            !lexicon.Vocabulary.Contains(form) && !lexicon.NotTypos.Contains(form) && !isWord(form);
    }

    private static bool BeginsAlike(string word, string known) =>
        word[0] == known[0] || (word[0] == known[1] && word[1] == known[0]);

    /// <summary>Optimal string alignment distance of two words.</summary>
    private static int Distance(string a, string b)
    {
        Span<int> previous2 = stackalloc int[b.Length + 1];
        Span<int> previous = stackalloc int[b.Length + 1];
        Span<int> current = stackalloc int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) previous[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(change, Math.Min(previous[j], current[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    current[j] = Math.Min(current[j], previous2[j - 2] + 1);
            }

            previous.CopyTo(previous2);
            current.CopyTo(previous);
        }

        return previous[b.Length];
    }
}
