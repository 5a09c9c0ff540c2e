namespace EdgePerception.Policy.Commands;

/// <summary>The words of one command with a place in them that parsers move along. Used by one thread.</summary>
internal sealed class Sentence(IReadOnlyList<Token> tokens, Lexicon lexicon, PhraseTable<string> labels)
{
    /// <summary>The words.</summary>
    public IReadOnlyList<Token> Tokens { get; } = tokens;

    /// <summary>The words that the grammar knows.</summary>
    public Lexicon Lexicon { get; } = lexicon;

    /// <summary>Labels of the scene, which stand above every other reading of the same words.</summary>
    public PhraseTable<string> Labels { get; } = labels;

    /// <summary>The next word's index.</summary>
    public int Position { get; set; }

    /// <summary>The noun that "one" stands for, from the description that was read last.</summary>
    public NounPhrase? LastObject { get; set; }

    /// <summary>Where ordinals without a direction count from: people count in reading order unless they say otherwise.</summary>
    public Scale CountsFrom { get; set; } = Scale.Left;

    /// <summary>Whether no word is left.</summary>
    public bool AtEnd => Position >= Tokens.Count;

    /// <summary>The pause before the next word; a sentence's end where none is left.</summary>
    public Pause PauseHere => AtEnd ? Pause.Sentence : Tokens[Position].Pause;

    /// <summary>The word at a distance from the next; empty beyond the end and beyond a pause.</summary>
    public string Peek(int ahead = 0)
    {
        var at = Position + ahead;
        if (at < 0 || at >= Tokens.Count) return "";
        for (var i = Position + 1; i <= at; i++)
        {
            if (Tokens[i].Pause != Pause.None) return "";
        }

        return Tokens[at].Word;
    }

    /// <summary>Takes the next word if it is one of these.</summary>
    public bool Accept(params ReadOnlySpan<string> words)
    {
        if (AtEnd || !words.Contains(Tokens[Position].Word)) return false;
        Position++;
        return true;
    }

    /// <summary>Takes the phrase if it stands here.</summary>
    public bool AcceptPhrase(string phrase)
    {
        var words = phrase.Split(' ');
        for (var i = 0; i < words.Length; i++)
        {
            if (Peek(i) != words[i]) return false;
        }

        Position += words.Length;
        return true;
    }

    /// <summary>Takes the longest phrase of a table that stands here.</summary>
    public bool Accept<T>(PhraseTable<T> table, out T meaning)
    {
        var length = table.Match(Tokens, Position, out meaning);
        Position += length;
        return length > 0;
    }

    /// <summary>How many words of a table's longest phrase stand at a distance from the next word.</summary>
    public int Length<T>(PhraseTable<T> table, int ahead = 0) => table.Match(Tokens, Position + ahead, out _);

    /// <summary>The user's words from a place up to the next word.</summary>
    public string TextFrom(int start) =>
        string.Join(' ', Tokens.Skip(start).Take(Position - start).Select(token => token.Surface).Where(word => word.Length > 0));
}
