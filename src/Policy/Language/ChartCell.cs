namespace EdgePerception.Policy.Language;

/// <summary>One way to make a constituent.</summary>
/// <param name="Price">What it costs.</param>
/// <param name="Production">The number of its production; −1 for a word or phrase.</param>
/// <param name="Split">How many words the first part has; of a word or phrase, its number.</param>
/// <param name="Left">The rank of the first part's derivation.</param>
/// <param name="Right">The rank of the second part's.</param>
internal readonly record struct Derivation(float Price, int Production, int Split, byte Left, byte Right);

/// <summary>The constituents over some words, with the cheapest derivations of each. Immutable.</summary>
/// <param name="entries">The constituents in the order in which they were found.</param>
/// <param name="derivations">The derivations of all, one constituent after the other, cheapest first.</param>
internal sealed class ChartCell(ChartCell.Entry[] entries, Derivation[] derivations)
{
    /// <summary>How many derivations of a constituent are kept.</summary>
    public const int Best = 6;

    /// <summary>The constituents in the order in which they were found.</summary>
    public ReadOnlySpan<Entry> Entries => entries;

    /// <summary>The derivations of a constituent.</summary>
    public ReadOnlySpan<Derivation> Of(Entry entry) => derivations.AsSpan(entry.First, entry.Count);

    /// <summary>The derivations of a symbol; empty where it is none of the constituents.</summary>
    public ReadOnlySpan<Derivation> Of(int symbol)
    {
        foreach (var entry in entries)
        {
            if (entry.Symbol == symbol) return Of(entry);
        }

        return [];
    }

    /// <summary>Enters for each symbol which entry is its own, counted from 1, or takes that out again.</summary>
    public void Index(int[] places, bool isThere)
    {
        for (var i = 0; i < entries.Length; i++) places[entries[i].Symbol] = isThere ? i + 1 : 0;
    }

    /// <summary>A constituent: its symbol, and which derivations are its own.</summary>
    internal readonly record struct Entry(int Symbol, int First, int Count);
}

/// <summary>A cell that is being filled; used for one after the other, by one thread.</summary>
/// <param name="symbols">How many symbols the grammar has.</param>
internal sealed class ChartCellDraft(int symbols)
{
    private readonly int[] _places = new int[symbols];
    private readonly List<(int Symbol, int Count)> _entries = [];
    private Derivation[] _derivations = new Derivation[64 * ChartCell.Best];

    /// <summary>Whether nothing was found so far.</summary>
    public bool IsEmpty => _entries.Count == 0;

    /// <summary>The price of a symbol's derivation; null if it has fewer.</summary>
    public float? PriceOf(int symbol, int rank) =>
        _places[symbol] is > 0 and var place && rank < _entries[place - 1].Count
            ? _derivations[(place - 1) * ChartCell.Best + rank].Price
            : null;

    /// <summary>Keeps a derivation if it is among the cheapest; those that are dearer move a rank.</summary>
    public bool Put(int symbol, Derivation derivation)
    {
        if (_places[symbol] == 0) Open(symbol);
        var place = _places[symbol] - 1;
        var count = _entries[place].Count;
        var derivations = _derivations.AsSpan(place * ChartCell.Best, ChartCell.Best);
        var rank = count;
        while (rank > 0 && derivations[rank - 1].Price > derivation.Price) rank--;
        if (rank == ChartCell.Best) return false;
        count = Math.Min(count + 1, ChartCell.Best);
        derivations[rank..(count - 1)].CopyTo(derivations[(rank + 1)..]);
        derivations[rank] = derivation;
        _entries[place] = (symbol, count);
        return true;
    }

    /// <summary>The cell with what was found; none for nothing. The next one begins empty.</summary>
    public ChartCell? Finish()
    {
        if (IsEmpty) return null;
        var entries = new ChartCell.Entry[_entries.Count];
        var derivations = new Derivation[_entries.Sum(entry => entry.Count)];
        var first = 0;
        for (var i = 0; i < entries.Length; i++)
        {
            var (symbol, count) = _entries[i];
            entries[i] = new ChartCell.Entry(symbol, first, count);
            _derivations.AsSpan(i * ChartCell.Best, count).CopyTo(derivations.AsSpan(first));
            first += count;
            _places[symbol] = 0;
        }

        _entries.Clear();
        return new ChartCell(entries, derivations);
    }

    private void Open(int symbol)
    {
        _entries.Add((symbol, 0));
        _places[symbol] = _entries.Count;
        if (_entries.Count * ChartCell.Best > _derivations.Length)
            Array.Resize(ref _derivations, 2 * _derivations.Length);
    }
}
