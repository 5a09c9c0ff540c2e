using System.Diagnostics.Metrics;
using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Messaging;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Pipeline;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Runtime.Hosting;

/// <summary>Measures the service: rates since the last time, percentiles, totals. One caller at a time.</summary>
public sealed class ServiceStats(
    PerceptionPipeline pipeline, SafetySupervisor safety, LatencyWindow latency, Messenger messenger, SensorClock clock)
{
    private static readonly Gauge<long> Tracks = PerceptionMeter.Instance.CreateGauge<long>(
        "edge_perception.tracks", "{track}", "Objects in the latest scene");
    private static readonly Gauge<long> Level = PerceptionMeter.Instance.CreateGauge<long>(
        "edge_perception.safety.level", "{level}", "Safety level: 0 act, 1 clarify, 2 degrade, 3 halt");

    private readonly TimeSpan _started = clock.Monotonic;
    private (TimeSpan At, long Ticks) _last = (clock.Monotonic, 0);

    /// <summary>Measures now.</summary>
    public Stats Measure()
    {
        var now = clock.Monotonic;
        var ticks = latency.Count;
        Tracks.Record(pipeline.TrackCount);
        Level.Record((long)safety.State.Level);
        var (p50, p99, _) = latency.Percentiles();
        var stats = new Stats
        {
            UptimeS = Math.Round((now - _started).TotalSeconds, 1),
            FramesPerSecond = Math.Round(
                (ticks - _last.Ticks) / Math.Max(0.001, (now - _last.At).TotalSeconds), 2),
            LatencyP50Ms = Math.Round(p50, 2),
            LatencyP99Ms = Math.Round(p99, 2),
            Tracks = (uint)pipeline.TrackCount,
        };
        if (messenger.Controllers is { StopLatency: var stops })
        {
            var (stop50, stop99, stop999) = stops.Percentiles();
            stats.Stops = (uint)stops.Count;
            (stats.StopP50Ms, stats.StopP99Ms, stats.StopP999Ms) =
                (Math.Round(stop50, 2), Math.Round(stop99, 2), Math.Round(stop999, 2));
        }

        foreach (var (key, total) in TotalCounter.All.SelectMany(counter => counter.Totals))
            stats.Counters[key] = total;
        _last = (now, ticks);
        return stats;
    }
}
