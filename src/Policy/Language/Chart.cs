namespace EdgePerception.Policy.Language;

/// <summary>
/// All constituents of a text by a bottom-up chart (Cocke, Younger, Kasami) with the cheapest few derivations of each
/// (k-best after Huang and Chiang 2005). Constituents are at most <see cref="Widest"/> words wide, so that time grows
/// with the length of the text and not with its cube. Used by one thread.
/// </summary>
internal sealed class Chart
{
    /// <summary>How many words a constituent may have.</summary>
    public const int Widest = 26;

    private const float PriceOfComma = 0.6f;

    private readonly Grammar _grammar;
    private readonly IReadOnlyList<Token> _tokens;
    private readonly ChartCell?[] _cells;
    private readonly ChartCellDraft _draft;
    private readonly int[] _right;
    private readonly List<Terminal> _terminals = [];

    /// <summary>Prepares a chart; add phrases, then <see cref="Fill"/>.</summary>
    public Chart(Grammar grammar, IReadOnlyList<Token> tokens)
    {
        (_grammar, _tokens) = (grammar, tokens);
        _cells = new ChartCell?[(tokens.Count + 1) * (Widest + 1)];
        (_draft, _right) = (new ChartCellDraft(grammar.Count), new int[grammar.Count]);
    }

    /// <summary>Puts a word or phrase into the chart; nothing where the grammar never uses it.</summary>
    public void Add(string symbol, int start, int length, float price, string meaning) =>
        Add(symbol, symbol, start, length, price, meaning);

    /// <summary>The same, under another label.</summary>
    public void Add(string symbol, string label, int start, int length, float price, string meaning)
    {
        if (length <= Widest && _grammar.Find(symbol) is >= 0 and var number)
            _terminals.Add(new Terminal(Place(start, length), number, price, label, meaning));
    }

    /// <summary>Finds all constituents.</summary>
    /// <param name="limit">How long it may take; null for any time.</param>
    public void Fill(TimeLimit? limit = null)
    {
        var terminals = Enumerable.Range(0, _terminals.Count).ToLookup(number => _terminals[number].Place);
        for (var length = 1; length <= Math.Min(Widest, _tokens.Count); length++)
        {
            for (var start = 0; start + length <= _tokens.Count; start++)
            {
                limit?.Check();
                foreach (var number in terminals[Place(start, length)])
                    _draft.Put(_terminals[number].Symbol, new Derivation(_terminals[number].Price, -1, number, 0, 0));
                for (var first = 1; first < length; first++) Combine(start, first, length);
                Close();
                _cells[Place(start, length)] = _draft.Finish();
            }
        }
    }

    /// <summary>How many derivations of a symbol there are over some words.</summary>
    public int Derivations(int symbol, int start, int length) =>
        length <= Widest && _cells[Place(start, length)] is { } cell ? cell.Of(symbol).Length : 0;

    /// <summary>The price of a derivation.</summary>
    public float Price(int symbol, int start, int length, int rank) => Find(symbol, start, length, rank).Price;

    /// <summary>A derivation as a tree.</summary>
    public ParseNode Tree(int symbol, int start, int length, int rank)
    {
        var nodes = new List<ParseNode>();
        Collect(symbol, start, length, rank, nodes);
        var price = Price(symbol, start, length, rank);
        return nodes is [var only] ? only
            : new ParseNode(_grammar.NameOf(symbol), start, start + length, price, "", nodes);
    }

    private void Collect(int symbol, int start, int length, int rank, List<ParseNode> into)
    {
        var (price, number, split, left, right) = Find(symbol, start, length, rank);
        if (number < 0)
        {
            var terminal = _terminals[split];
            into.Add(new ParseNode(terminal.Label, start, start + length, price, terminal.Meaning, []));
            return;
        }

        var production = _grammar.Productions[number];
        var parts = production.Label is null ? into : [];
        if (production.Right < 0) Collect(production.Left, start, length, left, parts);
        else
        {
            Collect(production.Left, start, split, left, parts);
            Collect(production.Right, start + split, length - split, right, parts);
        }

        if (production.Label is { } name) into.Add(new ParseNode(name, start, start + length, price, "", parts));
    }

    private void Combine(int start, int first, int length)
    {
        if (_cells[Place(start, first)] is not { } left) return;
        if (_cells[Place(start + first, length - first)] is not { } right) return;
        var pause = _tokens[start + first].Pause;
        right.Index(_right, isThere: true);
        foreach (var entry in left.Entries)
        {
            var (from, end) = _grammar.ByLeft[entry.Symbol];
            for (var number = from; number < end; number++)
            {
                ref readonly var production = ref _grammar.Productions[number];
                if (_right[production.Right] is not (> 0 and var place)) continue;
                var cost = production.Price + PriceOf(production.Junction, pause);
                if (float.IsPositiveInfinity(cost)) continue;
                var a = left.Of(entry);
                var b = right.Of(right.Entries[place - 1]);
                for (var l = 0; l < a.Length; l++)
                {
                    // What is dearer than as many others as are kept cannot be among them.
                    for (var r = 0; r < b.Length && (l + 1) * (r + 1) <= ChartCell.Best; r++)
                    {
                        var price = cost + a[l].Price + b[r].Price;
                        var derivation = new Derivation(price, number, first, (byte)l, (byte)r);
                        if (!_draft.Put(production.Parent, derivation)) break;
                    }
                }
            }
        }

        right.Index(_right, isThere: false);
    }

    /// <summary>Applies the productions of one part, each after those that make its part.</summary>
    private void Close()
    {
        if (_draft.IsEmpty) return;
        for (var number = _grammar.FirstUnary; number < _grammar.Productions.Length; number++)
        {
            ref readonly var production = ref _grammar.Productions[number];
            for (var rank = 0; _draft.PriceOf(production.Left, rank) is { } price; rank++)
            {
                var derivation = new Derivation(production.Price + price, number, 0, (byte)rank, 0);
                if (!_draft.Put(production.Parent, derivation)) break;
            }
        }
    }

    private static float PriceOf(Junction junction, Pause pause) => (junction, pause) switch
    {
        (Junction.Open, _) => 0,
        (Junction.Sentence, Pause.Sentence) => 0,
        (Junction.Sentence, _) => float.PositiveInfinity,
        (_, Pause.Sentence) => float.PositiveInfinity,
        (Junction.Comma, Pause.Comma) => 0,
        (Junction.Comma, _) => float.PositiveInfinity,
        (Junction.Close, Pause.Comma) => PriceOfComma,
        _ => 0,
    };

    private static int Place(int start, int length) => start * (Widest + 1) + length;

    private Derivation Find(int symbol, int start, int length, int rank) =>
        _cells[Place(start, length)]!.Of(symbol)[rank];

    private readonly record struct Terminal(int Place, int Symbol, float Price, string Label, string Meaning);
}
