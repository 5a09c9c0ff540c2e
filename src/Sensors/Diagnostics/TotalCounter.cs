using System.Diagnostics.Metrics;

namespace EdgePerception.Sensors.Diagnostics;

/// <summary>
/// A counter that keeps its totals since the start of the process itself, one for each set of tag values. So the stats
/// topic and an exporter of metrics read the same figures, and none of them has to run for the other. Thread-safe;
/// counting allocates nothing once the values are known.
/// </summary>
public sealed class TotalCounter
{
    private static readonly List<TotalCounter> Counters = [];

    private readonly Lock _gate = new();
    private readonly string[] _tags;
    private volatile Series[] _series = [];

    /// <summary>
    /// Makes a counter of <see cref="PerceptionMeter"/>; one without tags is there with 0 from then on.
    /// </summary>
    /// <param name="name">Its name, with dots.</param>
    /// <param name="unit">What is counted, as in <c>{frame}</c>.</param>
    /// <param name="description">The same in words.</param>
    /// <param name="tags">The names of its tags.</param>
    public TotalCounter(string name, string unit, string description, params string[] tags)
    {
        (Name, _tags) = (name, tags);
        if (tags.Length == 0) Begin([]);
        PerceptionMeter.Instance.CreateObservableCounter(name, Measure, unit, description);
        lock (Counters) Counters.Add(this);
    }

    /// <summary>Every counter that was made so far.</summary>
    public static IReadOnlyList<TotalCounter> All
    {
        get
        {
            lock (Counters) return [.. Counters];
        }
    }

    /// <summary>Its name, with dots.</summary>
    public string Name { get; }

    /// <summary>The sum over all values of its tags.</summary>
    public long Sum => _series.Sum(each => each.Total);

    /// <summary>
    /// Every total by the name with its tags, such as <c>edge_perception.frames.dropped{camera=front,reason=stale}</c>.
    /// </summary>
    public IEnumerable<KeyValuePair<string, long>> Totals =>
        _series.Select(each => KeyValuePair.Create(each.Key, each.Total));

    /// <summary>Counts.</summary>
    /// <param name="count">How many.</param>
    /// <param name="values">The values of its tags, in their order; of bounded variety, since each is kept.</param>
    public void Add(long count, params ReadOnlySpan<string> values) => (Find(values) ?? Begin(values)).Add(count);

    private Series? Find(ReadOnlySpan<string> values)
    {
        foreach (var each in _series)
        {
            if (values.SequenceEqual(each.Values)) return each;
        }

        return null;
    }

    private Series Begin(ReadOnlySpan<string> values)
    {
        if (values.Length != _tags.Length)
            throw new ArgumentException($"{Name} has {_tags.Length} tags", nameof(values));
        lock (_gate)
        {
            if (Find(values) is { } known) return known;
            var begun = new Series(Name, _tags, values.ToArray());
            _series = [.. _series, begun];
            return begun;
        }
    }

    private IEnumerable<Measurement<long>> Measure() =>
        _series.Select(each => new Measurement<long>(each.Total, each.Tags));

    private sealed class Series(string name, string[] tags, string[] values)
    {
        private long _total;

        public string[] Values => values;

        public string Key { get; } =
            tags.Length == 0 ? name
                : $"{name}{{{string.Join(',', tags.Zip(values, (tag, value) => $"{tag}={value}"))}}}";

        public KeyValuePair<string, object?>[] Tags { get; } = [
            .. tags.Zip(values, (tag, value) => KeyValuePair.Create(tag, (object?)value))];

        public long Total => Interlocked.Read(ref _total);

        public void Add(long count) => Interlocked.Add(ref _total, count);
    }
}
