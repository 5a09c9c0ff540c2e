using System.Globalization;

namespace EdgePerception.Policy.Language;

/// <summary>
/// Draws sentences from the grammar: an alternative is the likelier the cheaper it is (e to the power of minus its
/// price) and the fewer parts it needs. The same seed gives the same sentences. Depth and length are bounded. Used by
/// one thread.
/// </summary>
internal sealed class GrammarSampler
{
    private const int Deepest = 14;
    private const int Tries = 500;
    private const int TriesPerDepth = 25;
    private const double ShareOfOptional = 0.3;
    private const double ShareOfMore = 0.2;

    // Without these two, rows of parts and what holds itself again ("and … and …") would be most of what is drawn.
    private const float PriceOfPart = 0.5f;
    private const float PriceOfRecursion = 1;

    private readonly Dictionary<string, List<Alternative>> _alternatives;
    private readonly Dictionary<Alternative, int> _places = new(ReferenceEqualityComparer.Instance);
    private readonly ILookup<string, Phrase> _phrases;
    private readonly SamplerHeights _heights;
    private readonly Lexicon _lexicon;
    private readonly SamplerWords _words;
    private readonly Random _random;

    /// <summary>Prepares a sampler.</summary>
    /// <param name="grammar">The grammar to draw from.</param>
    /// <param name="lexicon">Its words.</param>
    /// <param name="words">What fills the places that the lexicon leaves open.</param>
    /// <param name="seed">Which sentences come.</param>
    /// <param name="allowed">The alternatives that may be drawn; none for all.</param>
    public GrammarSampler(
        Grammar grammar, Lexicon lexicon, SamplerWords words, int seed, Func<Alternative, bool>? allowed = null)
    {
        (_lexicon, _words, _random) = (lexicon, words, new Random(seed));
        _phrases = lexicon.Phrases
            .SelectMany(phrase => new[] { (phrase.Symbols.Section, phrase), (phrase.Symbols.Meaning, phrase) })
            .ToLookup(named => named.Item1, named => named.phrase, StringComparer.Ordinal);
        _alternatives = grammar.Alternatives.Where(alternative => allowed?.Invoke(alternative) ?? true)
            .GroupBy(alternative => alternative.Symbol).ToDictionary(group => group.Key, group => group.ToList());
        foreach (var ways in _alternatives.Values)
        {
            for (var i = 0; i < ways.Count; i++) _places[ways[i]] = i;
        }

        _heights = new SamplerHeights(
            _alternatives, words.Instead, name => _phrases.Contains(name) || words.Terminals.ContainsKey(name));
    }

    /// <summary>How many words a sentence may have, 1 and up.</summary>
    public int MaxWords { get; init; } = 16;

    /// <summary>
    /// How far the alternatives that a file lists first are preferred, since people say them most: 0 for not at all, 1
    /// for as far as Zipf's law has it.
    /// </summary>
    public double Plainness { get; init; }

    /// <summary>Whether an alternative can be drawn at all: there are words for all that it needs.</summary>
    public bool CanDraw(Alternative alternative) => _heights.Of(alternative.Parts) != SamplerHeights.Never;

    /// <summary>Draws a sentence that is one constituent.</summary>
    /// <param name="symbol">The symbol to draw from.</param>
    /// <param name="label">The label of its alternative; none for any.</param>
    /// <exception cref="InvalidOperationException">No sentence of so few words was found.</exception>
    public SampledSentence Draw(string symbol, string? label = null) => Draw([(symbol, label)]);

    /// <summary>Draws an utterance of several pieces, with a pause before one that no word joins on.</summary>
    /// <param name="pieces">Symbol and label of each, as above.</param>
    /// <exception cref="InvalidOperationException">No utterance of so few words was found.</exception>
    public SampledSentence Draw(IReadOnlyList<(string Symbol, string? Label)> pieces)
    {
        for (var i = 0; i < Tries; i++)
        {
            // Whoever looks in vain for short sentences finds them near the ground.
            var depth = Deepest - i / TriesPerDepth;
            var draft = new SentenceDraft();
            var drawn = pieces.All(piece => Piece(draft, piece.Symbol, piece.Label, depth));
            if (drawn && draft.Length <= MaxWords && draft.Finish(_lexicon) is { } sentence) return sentence;
        }

        var names = pieces.Select(piece => $"[{piece.Symbol}] {piece.Label}".TrimEnd());
        throw new InvalidOperationException(
            $"no sentence of at most {MaxWords} words found for {string.Join(", ", names)}");
    }

    private bool Piece(SentenceDraft draft, string symbol, string? label, int depth)
    {
        if (draft.Length > 0 && symbol != Grammar.LinkedPiece) draft.Rest(OneOf([Pause.Comma, Pause.Sentence]));
        var ways = _alternatives.GetValueOrDefault(symbol, []);
        return Alternative(draft, label is null ? ways : ways.FindAll(way => way.Label == label), depth, draft.Nodes);
    }

    private bool Symbol(SentenceDraft draft, string symbol, int depth, List<ParseNode> nodes)
    {
        if (!_words.Instead.TryGetValue(symbol, out var others))
            return Alternative(draft, _alternatives.GetValueOrDefault(symbol, []), depth, nodes);
        var start = draft.Length;
        var drawable = others.Where(other => _heights.Of(other) < depth).ToList();
        if (drawable.Count == 0 || !Symbol(draft, OneOf(drawable), depth - 1, [])) return false;
        draft.JoinSentences(start);
        nodes.Add(new ParseNode("any", start, draft.Length, 0, "", []));
        return true;
    }

    private bool Alternative(SentenceDraft draft, List<Alternative> ways, int depth, List<ParseNode> nodes)
    {
        ways = ways.FindAll(way => _heights.Of(way.Parts) < depth);
        if (ways.Count == 0) return false;
        var way = Weighed(ways);
        var (start, price) = (draft.Length, draft.Price);
        var parts = way.Label is null ? nodes : [];
        draft.Price += way.Price;
        if (!Sequence(draft, way.Parts, depth - 1, parts)) return false;
        if (way.Label is { } label)
            nodes.Add(new ParseNode(label, start, draft.Length, draft.Price - price, "", parts));
        return true;
    }

    private Alternative Weighed(List<Alternative> ways)
    {
        var weights = ways.ConvertAll(way => Math.Exp(-way.Price
            - Plainness * Math.Log(_places[way] + 1)
            - PriceOfPart * way.Parts.Count(part => !part.Optional)
            - (way.Parts.Any(part => part.Name == way.Symbol) ? PriceOfRecursion : 0)));
        var left = _random.NextDouble() * weights.Sum();
        var place = weights.FindIndex(weight => (left -= weight) < 0);
        return ways[place < 0 ? ^1 : place];
    }

    private bool Sequence(SentenceDraft draft, IReadOnlyList<Part> parts, int depth, List<ParseNode> nodes)
    {
        // What may stand before the first part is said where the row is used.
        var first = true;
        foreach (var part in parts)
        {
            if (part.Optional && (_heights.Of(part) > depth || _random.NextDouble() >= ShareOfOptional)) continue;
            var before = first ? Junction.Close : part.Before;
            do
            {
                draft.Rest(Drawn(before));
                if (draft.Length > MaxWords || !One(draft, part, depth, nodes)) return false;
                (first, before) = (false, part.Before);
            }
            while (part.Repeats && _random.NextDouble() < ShareOfMore);
        }

        return true;
    }

    private bool One(SentenceDraft draft, Part part, int depth, List<ParseNode> nodes)
    {
        if (part.Group.Count > 0)
        {
            var drawable = part.Group.Where(parts => _heights.Of(parts) <= depth).ToList();
            return drawable.Count > 0 && Sequence(draft, OneOf(drawable), depth, nodes);
        }

        if (char.IsAsciiLetterUpper(part.Name[0])) return Symbol(draft, part.Name, depth, nodes);
        var start = draft.Length;
        var (label, meaning) = Terminal(draft, part.Name);
        nodes.Add(new ParseNode(label, start, draft.Length, 0, meaning, []));
        return true;
    }

    private (string Label, string Meaning) Terminal(SentenceDraft draft, string name)
    {
        if (_words.Terminals.TryGetValue(name, out var given)) return (name, Given(draft, name, OneOf(given)));
        if (!_phrases.Contains(name))
        {
            draft.Say(name);
            return ("=" + name, "");
        }

        var phrase = OneOf([.. _phrases[name]]);
        foreach (var word in phrase.Words) draft.Say(word);
        return (name, phrase.Meaning);
    }

    private string Given(SentenceDraft draft, string name, string text)
    {
        var tokens = Tokenizer.Tokenize(text, _lexicon);
        foreach (var token in tokens) draft.Say(token.Word);
        return name switch
        {
            "<number>" or "<ordinal>" =>
                Numbers.At(tokens, 0, _lexicon).Last().Value.ToString(CultureInfo.InvariantCulture),
            ['_', ..] => "",
            _ => Token.Text(tokens, 0, tokens.Count),
        };
    }

    private T OneOf<T>(IReadOnlyList<T> all) => all[_random.Next(all.Count)];

    private Pause Drawn(Junction junction) => junction switch
    {
        Junction.Comma => Pause.Comma,
        Junction.Sentence => Pause.Sentence,
        Junction.Loose => OneOf([Pause.None, Pause.Comma]),
        Junction.Open => OneOf([Pause.None, Pause.Comma, Pause.Sentence]),
        _ => Pause.None,
    };
}
