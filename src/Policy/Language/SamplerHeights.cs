namespace EdgePerception.Policy.Language;

/// <summary>
/// How many symbols must stand above each other at least to say something, so that a sampler of bounded depth never
/// begins what it cannot end. Immutable.
/// </summary>
internal sealed class SamplerHeights
{
    /// <summary>The height of what cannot be said: words for it are missing.</summary>
    public const int Never = int.MaxValue;

    private readonly Dictionary<string, int> _heights = new(StringComparer.Ordinal);
    private readonly Func<string, bool> _hasWords;

    /// <summary>Finds the heights.</summary>
    /// <param name="alternatives">The alternatives of each symbol.</param>
    /// <param name="instead">The symbols that are drawn in place of another.</param>
    /// <param name="hasWords">Whether there are words for a terminal that is no word itself.</param>
    public SamplerHeights(
        IReadOnlyDictionary<string, List<Alternative>> alternatives,
        IReadOnlyDictionary<string, IReadOnlyList<string>> instead, Func<string, bool> hasWords)
    {
        _hasWords = hasWords;
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var (symbol, ways) in alternatives)
            {
                var height = instead.TryGetValue(symbol, out var others)
                    ? others.Min(Of)
                    : ways.Min(way => Of(way.Parts));
                if (height == Never || height + 1 >= _heights.GetValueOrDefault(symbol, Never)) continue;
                _heights[symbol] = height + 1;
                changed = true;
            }
        }
    }

    /// <summary>The height of a row of parts; those that may be left out do not count.</summary>
    public int Of(IReadOnlyList<Part> parts) => parts.Where(part => !part.Optional).Select(Of).DefaultIfEmpty(0).Max();

    /// <summary>The height of a part that is not left out.</summary>
    public int Of(Part part) => part.Group.Count > 0 ? part.Group.Min(Of) : Of(part.Name);

    /// <summary>The height of a symbol or terminal.</summary>
    public int Of(string name) => name[0] switch
    {
        >= 'A' and <= 'Z' => _heights.GetValueOrDefault(name, Never),
        '<' or '_' => _hasWords(name) ? 0 : Never,
        _ => 0,
    };
}
