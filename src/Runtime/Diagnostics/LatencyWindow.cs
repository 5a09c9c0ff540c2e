using System.Diagnostics.Metrics;
using EdgePerception.Sensors.Diagnostics;

namespace EdgePerception.Runtime.Diagnostics;

/// <summary>
/// How long something took: a metric, and the last measurements for percentiles that follow the present. Thread-safe.
/// </summary>
public sealed class LatencyWindow
{
    /// <summary>Bounds of the buckets of a duration, seconds: from what a stage takes to what is an outage.</summary>
    internal static readonly InstrumentAdvice<double> Buckets = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1,
            2.5, 5],
    };

    private static readonly Histogram<double> Images = PerceptionMeter.Instance.CreateHistogram(
        "edge_perception.latency", "s", "Time from a picture's capture to its publication", advice: Buckets);
    private static readonly Histogram<double> Stops = PerceptionMeter.Instance.CreateHistogram(
        "edge_perception.stop.latency", "s", "Time from a halt's coming in to its stop's going out to controllers",
        advice: Buckets);

    private readonly Histogram<double> _metric;
    private readonly Lock _gate = new();
    private readonly double[] _milliseconds;
    private readonly Lock _sortGate = new();
    private readonly double[] _sorted;
    private long _count;

    private LatencyWindow(Histogram<double> metric, int capacity) =>
        (_metric, _milliseconds, _sorted) = (metric, new double[capacity], new double[capacity]);

    /// <summary>From an image's capture to its publication.</summary>
    public static LatencyWindow OfImages(int capacity = 1024) => new(Images, capacity);

    /// <summary>
    /// From a halt's coming in to its stop's going out; of so many that the slowest of a thousand show.
    /// </summary>
    public static LatencyWindow OfStops() => new(Stops, 10_000);

    /// <summary>How many were measured since the start.</summary>
    public long Count
    {
        get { lock (_gate) return _count; }
    }

    /// <summary>Takes in one.</summary>
    public void Record(TimeSpan duration)
    {
        _metric.Record(duration.TotalSeconds);
        lock (_gate) _milliseconds[_count++ % _milliseconds.Length] = duration.TotalMilliseconds;
    }

    /// <summary>
    /// Percentiles over the window in milliseconds (nearest rank); zeros before the first measurement.
    /// </summary>
    public (double P50, double P99, double P999) Percentiles()
    {
        // Sorted beside the window, so that who measures does not wait for it.
        lock (_sortGate)
        {
            int count;
            lock (_gate)
            {
                count = (int)Math.Min(_count, _milliseconds.Length);
                _milliseconds.AsSpan(0, count).CopyTo(_sorted);
            }

            if (count == 0) return (0, 0, 0);
            var sorted = _sorted.AsSpan(0, count);
            sorted.Sort();
            return (Rank(sorted, 0.50), Rank(sorted, 0.99), Rank(sorted, 0.999));
        }
    }

    private static double Rank(ReadOnlySpan<double> sorted, double share) =>
        sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
}
