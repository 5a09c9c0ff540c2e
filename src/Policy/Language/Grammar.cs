namespace EdgePerception.Policy.Language;

/// <summary>
/// The grammar of commands, read once from the embedded grammar files and compiled to productions of one or two parts.
/// Immutable.
/// </summary>
internal sealed class Grammar
{
    /// <summary>The symbol of what an utterance consists of.</summary>
    public const string Piece = "Piece";

    /// <summary>The symbol of a piece that a word joins to the one before it.</summary>
    public const string LinkedPiece = "Linked";

    private const float PriceOfRepetition = 0.05f;

    private static readonly string[] Files = ["utterance", "orders", "descriptions", "constraints", "acts"];

    private static readonly Lazy<Grammar> Embedded = new(Load);

    private readonly Dictionary<string, int> _symbols = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private readonly List<Production> _productions = [];
    private readonly HashSet<string> _defined = new(StringComparer.Ordinal);
    private readonly Dictionary<(int, int, Junction), int> _joined = [];

    /// <summary>Compiles a grammar.</summary>
    /// <exception cref="InvalidDataException">A symbol is used and not defined.</exception>
    internal Grammar(IReadOnlyList<Alternative> alternatives)
    {
        Alternatives = alternatives;
        foreach (var alternative in alternatives) _defined.Add(alternative.Symbol);
        foreach (var alternative in alternatives)
        {
            try
            {
                Compile(alternative);
            }
            catch (InvalidDataException e)
            {
                throw new InvalidDataException($"{alternative.Where}: {e.Message}", e);
            }
        }

        // What begins alike stands side by side, and behind it what makes a symbol before what uses it.
        var binary = _productions.Where(production => production.Right >= 0).OrderBy(production => production.Left);
        Productions = [.. binary, .. Unary()];
        FirstUnary = Productions.Count(production => production.Right >= 0);
        ByLeft = new (int, int)[_names.Count];
        for (var i = FirstUnary - 1; i >= 0; i--)
            ByLeft[Productions[i].Left] = (i, Math.Max(i + 1, ByLeft[Productions[i].Left].End));
        Pieces = Symbol(Piece);
        Linked = Symbol(LinkedPiece);
        Words = [.. _names.Where(name => char.IsAsciiLetterLower(name[0]) && name.All(char.IsAsciiLetterLower))];
    }

    /// <summary>The grammar of the product.</summary>
    /// <exception cref="InvalidDataException">A file has a fault; the message names file and row.</exception>
    public static Grammar Default => Embedded.Value;

    /// <summary>The alternatives as the files have them.</summary>
    public IReadOnlyList<Alternative> Alternatives { get; }

    /// <summary>
    /// All productions: those of two parts by their first one, then those of one part, each behind those that make it.
    /// </summary>
    public Production[] Productions { get; }

    /// <summary>The number of the first production of one part.</summary>
    public int FirstUnary { get; }

    /// <summary>The words that stand in the grammar itself, not in the lexicon.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>How many symbols there are.</summary>
    public int Count => _names.Count;

    /// <summary>The number of <see cref="Piece"/>.</summary>
    public int Pieces { get; }

    /// <summary>The number of <see cref="LinkedPiece"/>.</summary>
    public int Linked { get; }

    /// <summary>The productions of two parts by their first one: from which number up to which.</summary>
    public (int First, int End)[] ByLeft { get; }

    /// <summary>The number of a symbol, a word or a <c>&lt;section&gt;</c>; −1 for one that is never used.</summary>
    public int Find(string name) => _symbols.GetValueOrDefault(name, -1);

    /// <summary>The name of a symbol.</summary>
    public string NameOf(int symbol) => _names[symbol];

    private static Grammar Load()
    {
        var alternatives = new List<Alternative>();
        foreach (var name in Files)
        {
            using var reader = EmbeddedFile.Open($"{name}.grammar");
            alternatives.AddRange(new GrammarFile($"{name}.grammar").Read(reader));
        }

        return new Grammar(alternatives);
    }

    private int Symbol(string name)
    {
        if (_symbols.TryGetValue(name, out var symbol)) return symbol;
        if (char.IsAsciiLetterUpper(name[0]) && !_defined.Contains(name))
            throw new InvalidDataException($"[{name}] is used and not defined");
        _symbols[name] = symbol = _names.Count;
        _names.Add(name);
        return symbol;
    }

    private void Compile(Alternative alternative)
    {
        var parent = Symbol(alternative.Symbol);
        foreach (var sequence in Sequences(alternative.Parts))
        {
            if (sequence.Count == 0) throw new InvalidDataException($"[{alternative.Symbol}] may be nothing at all");
            Add(parent, sequence, alternative.Price, alternative.Label);
        }
    }

    private void Add(int parent, List<(int Symbol, Junction Before)> parts, float price, string? label)
    {
        var left = parts[0].Symbol;
        for (var i = 1; i < parts.Count - 1; i++) left = Join(left, parts[i]);
        _productions.Add(parts.Count == 1
            ? new Production(parent, left, -1, Junction.Close, price, label)
            : new Production(parent, left, parts[^1].Symbol, parts[^1].Before, price, label));
    }

    /// <summary>The symbol of two parts in a row; productions that begin alike share it.</summary>
    private int Join(int left, (int Symbol, Junction Before) right)
    {
        var key = (left, right.Symbol, right.Before);
        if (_joined.TryGetValue(key, out var symbol)) return symbol;
        _joined[key] = symbol = _names.Count;
        _names.Add($"{_names[left]}+{_names[right.Symbol]}");
        _productions.Add(new Production(symbol, left, right.Symbol, right.Before, 0, null));
        return symbol;
    }

    /// <summary>Every row of symbols that parts with their options can be.</summary>
    private List<List<(int Symbol, Junction Before)>> Sequences(IReadOnlyList<Part> parts)
    {
        List<List<(int, Junction)>> rows = [[]];
        foreach (var part in parts)
        {
            var symbol = part.Group.Count == 0 ? Symbol(part.Name) : Group(part);
            if (part.Repeats) symbol = Repeated(symbol, part.Before);
            var with = rows.Select(row => (List<(int, Junction)>)[.. row, (symbol, part.Before)]);
            rows = part.Optional ? [.. rows, .. with] : [.. with];
        }

        return rows;
    }

    private int Group(Part part)
    {
        if (part.Group is [[{ Group.Count: 0, Optional: false, Repeats: false } only]]) return Symbol(only.Name);
        var symbol = NewSymbol($"({_names.Count})");
        foreach (var sequence in part.Group.SelectMany(Sequences))
        {
            if (sequence.Count > 0) Add(symbol, sequence, 0, null);
        }

        return symbol;
    }

    private int Repeated(int symbol, Junction between)
    {
        var name = $"{_names[symbol]}+{between}";
        if (_symbols.TryGetValue(name, out var repeated)) return repeated;
        _symbols[name] = repeated = NewSymbol(name);
        _productions.Add(new Production(repeated, symbol, -1, Junction.Close, 0, null));
        // So that what follows belongs to the noun nearest before it, where it may.
        _productions.Add(new Production(repeated, repeated, symbol, between, PriceOfRepetition, null));
        return repeated;
    }

    private int NewSymbol(string name)
    {
        _names.Add(name);
        return _names.Count - 1;
    }

    /// <summary>The productions of one part, those that make a symbol before those that use it.</summary>
    private IEnumerable<Production> Unary()
    {
        var byLeft = _productions.Where(production => production.Right < 0).ToLookup(production => production.Left);
        var (open, done, order) = (new HashSet<int>(), new HashSet<int>(), new Stack<int>());
        for (var symbol = 0; symbol < _names.Count; symbol++) Visit(symbol);
        return order.SelectMany(symbol => byLeft[symbol]);

        // Depth first, so that a symbol comes behind all that is made of it.
        void Visit(int symbol)
        {
            if (done.Contains(symbol)) return;
            if (!open.Add(symbol))
                throw new InvalidDataException($"the grammar makes [{_names[symbol]}] of itself alone");
            foreach (var production in byLeft[symbol]) Visit(production.Parent);
            done.Add(symbol);
            order.Push(symbol);
        }
    }
}
