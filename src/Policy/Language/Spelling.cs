namespace EdgePerception.Policy.Language;

/// <summary>
/// Finds the known words that a misspelt one may stand for: one slip in words of up to seven letters, two in longer ones,
/// with the first letter right or the first two swapped (optimal string alignment distance: insert, delete, change, swap
/// neighbours). Each is a reading at a price; a word of its own is never mended.
/// </summary>
internal static class Spelling
{
    private const int ShortestWord = 4;
    private const int TwoSlipsFrom = 7;
    private const int LongestWord = 24;
    private const int MostReadings = 3;

    /// <summary>The known words nearest to a word, the nearest first; none for a word that is known or a word of its own.</summary>
    public static IReadOnlyList<(string Word, int Slips)> Near(string word, Lexicon lexicon, Func<string, bool> isWord)
    {
        if (!MayBeSlip(word, lexicon, isWord)) return [];
        var near = new List<(string Word, int Slips)>();
        foreach (var known in lexicon.Vocabulary.Concat(Grammar.Default.Words))
        {
            if (Math.Abs(known.Length - word.Length) > 2 || known.Length < ShortestWord || !BeginsAlike(word, known)) continue;
            var slips = Distance(word, known);
            // Most words of four letters are one letter from another word.
            if (word.Length + known.Length <= 2 * ShortestWord && !word.Order().SequenceEqual(known.Order())) continue;
            if (slips <= (Math.Max(known.Length, word.Length) >= TwoSlipsFrom ? 2 : 1) && !near.Contains((known, slips))) near.Add((known, slips));
        }

        return [.. near.OrderBy(one => one.Slips).ThenBy(one => one.Word, StringComparer.Ordinal).Take(MostReadings)];
    }

    /// <summary>The labels in sight, of one word, that a word may misspell.</summary>
    public static IEnumerable<(string Label, int Slips)> NearLabels(string word, Lexicon lexicon, SceneWords scene)
    {
        if (!MayBeSlip(word, lexicon, scene.IsWord)) return [];
        return scene.Labels.Where(label => label.Length > ShortestWord && Math.Abs(label.Length - word.Length) <= 2 && BeginsAlike(word, label))
            .Select(label => (label, Distance(word, label))).Where(near => near.Item2 <= (near.label.Length >= TwoSlipsFrom ? 2 : 1));
    }

    private static bool MayBeSlip(string word, Lexicon lexicon, Func<string, bool> isWord)
    {
        var singular = lexicon.Singular(word);
        return word.Length is >= ShortestWord and <= LongestWord && !lexicon.Vocabulary.Contains(word) && !lexicon.Vocabulary.Contains(singular)
            && Grammar.Default.Find(word) < 0 && !lexicon.NotTypos.Contains(word) && !lexicon.NotTypos.Contains(singular) && !isWord(word) && !isWord(singular);
    }

    private static bool BeginsAlike(string word, string known) =>
        word[0] == known[0] || (word[0] == known[1] && word[1] == known[0]);

    /// <summary>Optimal string alignment distance of two words.</summary>
    public static int Distance(string a, string b)
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
