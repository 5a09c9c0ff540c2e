using System.Runtime.InteropServices;

namespace EdgePerception.Policy.Language;

/// <summary>
/// Phrases and what they mean, found word by word in one walk. Filled by one thread, then read by any number.
/// </summary>
/// <typeparam name="T">What a phrase means.</typeparam>
internal sealed class PhraseTrie<T>
    where T : class
{
    private readonly Node _root = new();

    /// <summary>Adds a phrase; one that is there already means both.</summary>
    public void Add(ReadOnlySpan<string> words, T meaning)
    {
        var node = _root;
        foreach (var word in words) node = node.Then(word);
        node.Meanings.Add(meaning);
    }

    /// <summary>Adds a phrase that is looked for from its last word, by <see cref="IsBefore"/>.</summary>
    public void AddReversed(ReadOnlySpan<string> words, T meaning)
    {
        var node = _root;
        for (var i = words.Length - 1; i >= 0; i--) node = node.Then(words[i]);
        node.Meanings.Add(meaning);
    }

    /// <summary>What the phrases mean that begin at a position, shortest first.</summary>
    /// <param name="tokens">The words of a text.</param>
    /// <param name="position">Where a phrase is to begin.</param>
    /// <param name="overBreaks">Whether a mark may part its words.</param>
    public MatchesAt At(List<StopToken> tokens, int position, bool overBreaks = false) =>
        new(this, tokens, position, overBreaks);

    /// <summary>Whether a phrase begins at a position with no break before or in it.</summary>
    public bool IsNext(List<StopToken> tokens, int position)
    {
        if (position >= tokens.Count || tokens[position].AfterBreak) return false;
        return At(tokens, position).MoveNext();
    }

    /// <summary>Whether a phrase, added reversed, ends right before a position with no break behind or in it.</summary>
    public bool IsBefore(List<StopToken> tokens, int position) => StartBefore(tokens, position) is not null;

    /// <summary>Where the shortest phrase of <see cref="IsBefore"/> begins; null if there is none.</summary>
    public int? StartBefore(List<StopToken> tokens, int position)
    {
        var node = _root;
        for (var i = position - 1; i >= 0 && !tokens[i + 1].AfterBreak; i--)
        {
            if (!node.Next.TryGetValue(tokens[i].Word, out var next)) return null;
            if (next.Meanings.Count > 0) return i;
            node = next;
        }

        return null;
    }

    /// <summary>One walk over the phrases that begin at a position.</summary>
    internal struct MatchesAt(PhraseTrie<T> trie, List<StopToken> tokens, int position, bool overBreaks)
    {
        private Node _node = trie._root;
        private int _end = position;
        private int _index;

        /// <summary>The position behind the phrase that was found.</summary>
        public readonly int End => _end;

        /// <summary>What the phrase means.</summary>
        public readonly T Current => _node.Meanings[_index - 1];

        /// <summary>Finds the next phrase.</summary>
        public bool MoveNext()
        {
            while (_index >= _node.Meanings.Count)
            {
                if (_end >= tokens.Count) return false;
                if (!overBreaks && _node != trie._root && tokens[_end].AfterBreak) return false;
                if (!_node.Next.TryGetValue(tokens[_end].Word, out var next)) return false;
                (_node, _end, _index) = (next, _end + 1, 0);
            }

            _index++;
            return true;
        }
    }

    internal sealed class Node
    {
        public Dictionary<string, Node> Next { get; } = new(StringComparer.Ordinal);

        public List<T> Meanings { get; } = [];

        public Node Then(string word) =>
            CollectionsMarshal.GetValueRefOrAddDefault(Next, word, out _) ??= new Node();
    }
}
