using System.Diagnostics.Metrics;

namespace EdgePerception.Runtime.Diagnostics;

/// <summary>
/// Sums every counter of the service since its start, one sum for each set of tags, for the stats topic, the status line
/// and the summary. Thread-safe; counting allocates nothing once a set of tags is known.
/// </summary>
public sealed class MetricTotals : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Series> _series = [];
    private readonly MeterListener _listener = new();

    /// <summary>Begins to listen to every meter whose name starts with EdgePerception.</summary>
    public MetricTotals()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument is not Counter<long> || !instrument.Meter.Name.StartsWith("EdgePerception", StringComparison.Ordinal)) return;
            var series = new Series(instrument.Name);
            lock (_gate) _series.Add(series);
            listener.EnableMeasurementEvents(instrument, series);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => ((Series)state!).Add(value, tags));
        _listener.Start();
    }

    /// <summary>The total of a metric over all of its tags; zero when nothing was counted.</summary>
    public long Sum(string name)
    {
        lock (_gate) return _series.Where(series => series.Name == name).SelectMany(series => series.Totals()).Sum(t => t.Value);
    }

    /// <summary>Every total by the metric's name with its tags, such as <c>frames.dropped{camera=front,reason=stale}</c>.</summary>
    public IReadOnlyDictionary<string, long> Totals()
    {
        lock (_gate)
        {
            var totals = new Dictionary<string, long>(StringComparer.Ordinal);
            foreach (var (key, value) in _series.SelectMany(series => series.Totals()))
                totals[key] = totals.GetValueOrDefault(key) + value;
            return totals;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    // The sums of one counter; tags come in the same order each time, because one place in the code counts them.
    private sealed class Series(string name)
    {
        private readonly Lock _gate = new();
        private readonly List<(KeyValuePair<string, object?>[] Tags, long[] Total)> _sums = [];

        public string Name => name;

        public void Add(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            lock (_gate)
            {
                foreach (var sum in _sums)
                {
                    if (!Same(sum.Tags, tags)) continue;
                    sum.Total[0] += value;
                    return;
                }

                _sums.Add((tags.ToArray(), [value]));
            }
        }

        public List<KeyValuePair<string, long>> Totals()
        {
            lock (_gate) return [.. _sums.Select(sum => KeyValuePair.Create(Key(sum.Tags), sum.Total[0]))];
        }

        private string Key(KeyValuePair<string, object?>[] tags) =>
            tags.Length == 0 ? name : $"{name}{{{string.Join(',', tags.Select(tag => $"{tag.Key}={tag.Value}"))}}}";

        private static bool Same(KeyValuePair<string, object?>[] left, ReadOnlySpan<KeyValuePair<string, object?>> right)
        {
            if (left.Length != right.Length) return false;
            for (var i = 0; i < left.Length; i++)
            {
                if (left[i].Key != right[i].Key || !Equals(left[i].Value, right[i].Value)) return false;
            }

            return true;
        }
    }
}
