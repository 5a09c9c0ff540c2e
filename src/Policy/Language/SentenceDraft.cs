namespace EdgePerception.Policy.Language;

/// <summary>A sentence that is being drawn: words and tree so far. Used by one thread.</summary>
internal sealed class SentenceDraft
{
    private readonly List<(string Word, Pause Pause)> _words = [];
    private Pause _pause;

    /// <summary>How many words there are.</summary>
    public int Length => _words.Count;

    /// <summary>What the alternatives cost so far.</summary>
    public float Price { get; set; }

    /// <summary>The nodes at the top of the tree.</summary>
    public List<ParseNode> Nodes { get; } = [];

    /// <summary>Words and commas as text.</summary>
    public string Text => string.Concat(_words.Select(said =>
        said.Pause switch { Pause.Comma => ", ", Pause.Sentence => ". ", _ => " " } + said.Word)).Trim();

    /// <summary>Adds a word.</summary>
    public void Say(string word)
    {
        _words.Add((word, _words.Count == 0 ? Pause.None : _pause));
        _pause = Pause.None;
    }

    /// <summary>Pauses before the next word, if there is one before it.</summary>
    public void Rest(Pause pause) => _pause = (Pause)Math.Max((int)_pause, (int)pause);

    /// <summary>Makes one sentence of the words from a place on.</summary>
    public void JoinSentences(int start)
    {
        for (var i = start + 1; i < _words.Count; i++)
        {
            if (_words[i].Pause == Pause.Sentence) _words[i] = _words[i] with { Pause = Pause.Comma };
        }
    }

    /// <summary>The finished sentence; null if a reader would cut it into other words than were drawn.</summary>
    public SampledSentence? Finish(Lexicon lexicon)
    {
        var tokens = Tokenizer.Tokenize(Text, lexicon);
        return tokens.Select(token => (token.Word, token.Pause)).SequenceEqual(_words)
            ? new SampledSentence(Text, tokens, new UtterancePath(Price, Nodes, []))
            : null;
    }
}
