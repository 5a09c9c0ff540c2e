using System.Diagnostics.Metrics;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Runtime.Pipeline;

/// <summary>
/// Times the stages of a tick one after the other into the histogram <c>edge_perception.stage.duration</c>
/// (seconds, tag <c>stage</c>). Owned by the loop.
/// </summary>
public sealed class StageTimer
{
    private static readonly KeyValuePair<string, object?>[] Tags =
        [.. Enum.GetNames<Stage>().Select(name => KeyValuePair.Create("stage", (object?)name.ToLowerInvariant()))];

    private readonly SensorClock _clock;
    private readonly Histogram<double> _durations;
    private TimeSpan _last;

    /// <summary>Makes a timer over the meter's histogram.</summary>
    public StageTimer(SensorClock clock, Meter meter)
    {
        _clock = clock;
        _durations = meter.CreateHistogram(
            "edge_perception.stage.duration", "s", "Time that a stage of a tick took", advice: LatencyWindow.Buckets);
    }

    /// <summary>The stage at work.</summary>
    public Stage Current { get; private set; }

    /// <summary>Begins a tick, or goes on with a later stage of it.</summary>
    public void Begin(Stage first = Stage.Synchronize)
    {
        Current = first;
        _last = _clock.Monotonic;
    }

    /// <summary>Ends a stage; the next one begins.</summary>
    public void End(Stage stage)
    {
        var now = _clock.Monotonic;
        _durations.Record((now - _last).TotalSeconds, Tags[(int)stage]);
        _last = now;
        if (stage < Stage.Publish) Current = stage + 1;
    }
}
