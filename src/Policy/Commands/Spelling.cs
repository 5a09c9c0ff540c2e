namespace EdgePerception.Policy.Commands;

/// <summary>
/// Mends misspelt words of five letters and more: one slip in words of up to seven letters, two in longer ones, with
/// the first letter right (optimal string alignment distance: insert, delete, change, swap neighbours). A word that is
/// a word of its own, that stands in the scene as a label, or that two known words are equally close to, stays as it is.
/// </summary>
internal static class Spelling
{
    private const int ShortestWord = 5;
    private const int TwoSlipsFrom = 8;
    private const int LongestWord = 24;

    /// <summary>The known word that is meant, a plural where a plural is written; none when there is nothing to mend.</summary>
    public static string? Mend(string word, Lexicon lexicon)
    {
        if (word.Length is < ShortestWord - 1 or > LongestWord) return null;
        if (lexicon.Vocabulary.Contains(word) || lexicon.Vocabulary.Contains(lexicon.Singular(word))) return null;
        if (lexicon.NotTypos.Contains(word) || lexicon.NotTypos.Contains(lexicon.Singular(word))) return null;
        return Nearest(word, lexicon) ?? (word.Length > ShortestWord && word[^1] == 's' && Nearest(word[..^1], lexicon) is { } one ? one + "s" : null);
    }

    private static string? Nearest(string word, Lexicon lexicon)
    {
        string? best = null;
        var bestDistance = int.MaxValue;
        var tied = false;
        foreach (var known in lexicon.Vocabulary)
        {
            if (known.Length < ShortestWord || known[0] != word[0] || Math.Abs(known.Length - word.Length) > 2) continue;
            var allowed = known.Length >= TwoSlipsFrom ? 2 : 1;
            var distance = Distance(word, known);
            if (distance > allowed || distance > bestDistance) continue;
            tied = distance == bestDistance && lexicon.Singular(known) != lexicon.Singular(best!);
            bestDistance = distance;
            best = known;
        }

        return tied ? null : best;
    }

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
