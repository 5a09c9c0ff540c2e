namespace EdgePerception.Policy.Commands;

/// <summary>Phrases of one or more words with a meaning each; the longest phrase that stands at a place is found.</summary>
/// <typeparam name="T">The meaning.</typeparam>
internal sealed class PhraseTable<T>
{
    private readonly Dictionary<string, List<(string[] Words, T Meaning)>> _byFirstWord = new(StringComparer.Ordinal);

    /// <summary>Every word that occurs in a phrase.</summary>
    public IEnumerable<string> Words => _byFirstWord.Values.SelectMany(list => list).SelectMany(entry => entry.Words);

    /// <summary>Adds a phrase; the first meaning given to a phrase stays.</summary>
    public void Add(string phrase, T meaning)
    {
        var words = phrase.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0) return;
        if (!_byFirstWord.TryGetValue(words[0], out var entries)) _byFirstWord[words[0]] = entries = [];
        if (entries.Any(entry => entry.Words.AsSpan().SequenceEqual(words))) return;
        var at = entries.FindIndex(entry => entry.Words.Length < words.Length);
        entries.Insert(at < 0 ? entries.Count : at, (words, meaning));
    }

    /// <summary>The longest phrase at a place, not reaching across a pause.</summary>
    /// <returns>How many words it has; 0 when none stands there.</returns>
    public int Match(IReadOnlyList<Token> tokens, int position, out T meaning)
    {
        meaning = default!;
        if (position >= tokens.Count || !_byFirstWord.TryGetValue(tokens[position].Word, out var entries)) return 0;
        foreach (var (words, value) in entries)
        {
            if (!Stands(words, tokens, position)) continue;
            meaning = value;
            return words.Length;
        }

        return 0;
    }

    private static bool Stands(string[] words, IReadOnlyList<Token> tokens, int position)
    {
        if (position + words.Length > tokens.Count) return false;
        for (var i = 1; i < words.Length; i++)
        {
            var token = tokens[position + i];
            if (token.Pause != Pause.None || token.Word != words[i]) return false;
        }

        return true;
    }
}
