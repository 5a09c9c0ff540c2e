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

    private const int Best = 6;
    private const float PriceOfComma = 0.6f;

    private readonly Grammar _grammar;
    private readonly IReadOnlyList<Token> _tokens;
    private readonly Cell?[] _cells;
    private readonly List<(string Label, string Meaning)> _terminals = [];

    /// <summary>Prepares a chart; add phrases, then <see cref="Fill"/>.</summary>
    public Chart(Grammar grammar, IReadOnlyList<Token> tokens)
    {
        (_grammar, _tokens) = (grammar, tokens);
        _cells = new Cell?[(tokens.Count + 1) * (Widest + 1)];
    }

    /// <summary>Puts a word or phrase into the chart; nothing where the grammar never uses it.</summary>
    public void Add(string symbol, int start, int length, float price, string meaning) =>
        Add(symbol, symbol, start, length, price, meaning);

    /// <summary>The same, under another label.</summary>
    public void Add(string symbol, string label, int start, int length, float price, string meaning)
    {
        var number = _grammar.Find(symbol);
        if (number < 0 || length > Widest) return;
        _terminals.Add((label, meaning));
        Put(At(start, length), number, new Item(price, -1, _terminals.Count - 1, 0, 0));
    }

    /// <summary>Finds all constituents.</summary>
    public void Fill()
    {
        for (var length = 1; length <= Math.Min(Widest, _tokens.Count); length++)
        {
            for (var start = 0; start + length <= _tokens.Count; start++)
            {
                for (var first = 1; first < length; first++) Combine(start, first, length);
                if (Find(start, length) is { } cell) Close(cell);
            }
        }
    }

    /// <summary>How many derivations of a symbol there are over some words.</summary>
    public int Derivations(int symbol, int start, int length) =>
        length <= Widest && Find(start, length)?.Entry(symbol) is { } entry ? entry.Count : 0;

    /// <summary>The price of a derivation.</summary>
    public float Price(int symbol, int start, int length, int rank) => Find(start, length)!.Entry(symbol)!.Items[rank].Price;

    /// <summary>A derivation as a tree.</summary>
    public ParseNode Tree(int symbol, int start, int length, int rank)
    {
        var nodes = new List<ParseNode>();
        Collect(symbol, start, length, rank, nodes);
        return nodes is [var only] ? only
            : new ParseNode(_grammar.NameOf(symbol), start, start + length, Price(symbol, start, length, rank), "", nodes);
    }

    private void Collect(int symbol, int start, int length, int rank, List<ParseNode> into)
    {
        var item = Find(start, length)!.Entry(symbol)!.Items[rank];
        if (item.Production < 0)
        {
            var (label, meaning) = _terminals[item.Split];
            into.Add(new ParseNode(label, start, start + length, item.Price, meaning, []));
            return;
        }

        var production = _grammar.Productions[item.Production];
        var parts = production.Label is null ? into : [];
        if (production.Right < 0) Collect(production.Left, start, length, item.Left, parts);
        else
        {
            Collect(production.Left, start, item.Split, item.Left, parts);
            Collect(production.Right, start + item.Split, length - item.Split, item.Right, parts);
        }

        if (production.Label is { } name) into.Add(new ParseNode(name, start, start + length, item.Price, "", parts));
    }

    private void Combine(int start, int first, int length)
    {
        if (Find(start, first) is not { } left || Find(start + first, length - first) is not { } right) return;
        var pause = _tokens[start + first].Pause;
        Cell? into = null;
        for (var i = 0; i < left.Entries.Count; i++)
        {
            var a = left.Entries[i];
            foreach (var number in _grammar.ByLeft[a.Symbol])
            {
                var production = _grammar.Productions[number];
                if (right.Entry(production.Right) is not { } b) continue;
                var cost = production.Price + PriceOf(production.Junction, pause);
                if (float.IsPositiveInfinity(cost)) continue;
                into ??= At(start, length);
                for (var l = 0; l < a.Count; l++)
                {
                    for (var r = 0; r < b.Count && (l + 1) * (r + 1) <= Best; r++)
                    {
                        var price = cost + a.Items[l].Price + b.Items[r].Price;
                        if (!Put(into, production.Parent, new Item(price, number, first, (byte)l, (byte)r))) break;
                    }
                }
            }
        }
    }

    /// <summary>Applies the productions of one part, each after those that make its part.</summary>
    private void Close(Cell cell)
    {
        foreach (var number in _grammar.Unary)
        {
            var production = _grammar.Productions[number];
            if (cell.Entry(production.Left) is not { } entry) continue;
            for (var rank = 0; rank < entry.Count; rank++)
            {
                var price = production.Price + entry.Items[rank].Price;
                if (!Put(cell, production.Parent, new Item(price, number, 0, (byte)rank, 0))) break;
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

    private Cell? Find(int start, int length) => _cells[start * (Widest + 1) + length];

    private Cell At(int start, int length) => _cells[start * (Widest + 1) + length] ??= new Cell(_grammar.Count);

    /// <summary>Keeps a derivation if it is among the cheapest; the rank of those that are dearer moves.</summary>
    private static bool Put(Cell cell, int symbol, Item item)
    {
        var entry = cell.Entry(symbol) ?? cell.Create(symbol);
        var place = entry.Count;
        while (place > 0 && entry.Items[place - 1].Price > item.Price) place--;
        if (place == Best) return false;
        if (entry.Count < Best) entry.Count++;
        for (var i = entry.Count - 1; i > place; i--) entry.Items[i] = entry.Items[i - 1];
        entry.Items[place] = item;
        return true;
    }

    /// <summary>One derivation: a production with the ranks of its parts, or a phrase (its number in Split).</summary>
    private readonly record struct Item(float Price, int Production, int Split, byte Left, byte Right);

    private sealed class Entry(int symbol)
    {
        public int Symbol { get; } = symbol;

        public Item[] Items { get; } = new Item[Best];

        public int Count { get; set; }
    }

    private sealed class Cell(int symbols)
    {
        private readonly short[] _places = new short[symbols];

        public List<Entry> Entries { get; } = [];

        public Entry? Entry(int symbol) => _places[symbol] is > 0 and var place ? Entries[place - 1] : null;

        public Entry Create(int symbol)
        {
            var entry = new Entry(symbol);
            Entries.Add(entry);
            _places[symbol] = (short)Entries.Count;
            return entry;
        }
    }
}
