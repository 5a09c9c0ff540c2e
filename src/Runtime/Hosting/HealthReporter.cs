using System.Diagnostics.Metrics;
using System.Globalization;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Vision;
using EdgePerception.Policy.Commands;
using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Messaging;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Models;
using EdgePerception.Runtime.Pipeline;
using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Hosting;

/// <summary>
/// Looks at every part of the service once a second, from outside: publishes health and stats, keeps systemd's watchdog
/// quiet while the loop lives, and ends a model run that takes too long.
/// </summary>
public sealed class HealthReporter(
    PerceptionPipeline pipeline, PerceptionFusion fusion, CommandGrounder grounder, LiveDetector detector, EngineKeeper engines, IReadOnlyList<CaptureSource> sources,
    Messenger messenger, MessagePublisher publisher, SafetySupervisor safety, SystemdWatchdog systemd, LatencyWindow latency,
    PipelineSettings settings, SensorClock clock, ILogger<HealthReporter> logger) : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    // From here on down a picture is worth a word.
    private const float PoorQuality = 0.5f;

    private static readonly Gauge<long> Tracks = PerceptionMeter.Instance.CreateGauge<long>(
        "edge_perception.tracks", "{track}", "Objects in the latest scene");
    private static readonly Gauge<long> Level = PerceptionMeter.Instance.CreateGauge<long>(
        "edge_perception.safety.level", "{level}", "Safety level: 0 act, 1 degrade, 2 halt");

    private readonly TimeSpan _started = clock.Monotonic;
    private readonly Lock _gate = new();
    private ITimer? _timer;
    private (TimeSpan At, long Ticks) _last = (clock.Monotonic, 0);

    /// <summary>The latest stats; for the status line.</summary>
    public Stats Latest { get; private set; } = new();

    /// <summary>Raised after each report, with the latest stats and health.</summary>
    public event Action<Stats, Health>? Reported;

    /// <summary>Begins to report.</summary>
    public void Start() => _timer = clock.Provider.CreateTimer(_ => Guard(), null, Period, Period);

    /// <summary>Ends the reports; the last one, if there was any, says that the service ended.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_timer is null) return;
            _timer.Dispose();
            _timer = null;
            var health = new Health { Status = Health.Types.Status.Failed };
            Add(health, "service", Health.Types.Status.Failed, "ended");
            publisher.Publish(Topics.Health, health);
        }
    }

    private void Guard()
    {
        try
        {
            Report();
        }
#pragma warning disable CA1031 // A timer's exception would end the process; the next look is a second away.
        catch (Exception e)
#pragma warning restore CA1031
        {
            HostingLog.HealthFailed(logger, e);
        }
    }

    private void Report()
    {
        lock (_gate)
        {
            if (_timer is null) return;
            var overdue = pipeline.TickAge > TimeSpan.FromMilliseconds(settings.TickTimeoutMs);
            if (overdue)
            {
                HostingLog.TickOverdue(logger, (int)pipeline.TickAge.TotalMilliseconds);
                detector.Terminate();
            }

            var health = Judge(overdue);
            Latest = Measure();
            publisher.Publish(Topics.Health, health);
            publisher.Publish(Topics.Stats, Latest);
            if (pipeline.SinceLastPass <= TimeSpan.FromMilliseconds(settings.TickTimeoutMs))
                systemd.Alive($"{health.Status}, {Latest.FramesPerSecond:0.0} frames a second, safety {safety.State.Level}");
            Reported?.Invoke(Latest, health);
        }
    }

    private Health Judge(bool overdue)
    {
        var health = new Health();
        foreach (var source in sources)
        {
            var status = source.Status;
            var poor = status.State == CaptureState.Live ? Poor(fusion[status.Camera].Quality) : null;
            Add(health, $"camera {status.Camera}", poor is null && status.State is CaptureState.Live or CaptureState.Ended ? Health.Types.Status.Ok
                : Health.Types.Status.Degraded, poor ?? status.Reason ?? status.State.ToString().ToLowerInvariant());
        }

        foreach (var transport in messenger.Transports)
        {
            var (state, trouble) = (transport.State, transport.Trouble);
            var status = trouble is { NeedsAttention: true } ? Health.Types.Status.Failed
                : state == TransportState.Connected ? Health.Types.Status.Ok : Health.Types.Status.Degraded;
            var name = state.ToString().ToLowerInvariant();
            Add(health, transport.Name, status, trouble is null ? name : $"{name}: {trouble.Reason}");
        }

        if (messenger.Controllers is { } controllers)
        {
            var registered = $"{controllers.Controllers} registered";
            Add(health, "controllers",
                controllers.Trouble is null ? Health.Types.Status.Ok : Health.Types.Status.Degraded,
                controllers.Trouble is { } trouble ? $"{registered}; {trouble}" : registered);
        }

        var failures = pipeline.ConsecutiveFailures;
        var verdict = overdue || failures >= settings.FailuresUntilUnhealthy ? Health.Types.Status.Failed
            : failures > 0 ? Health.Types.Status.Degraded : Health.Types.Status.Ok;
        Add(health, "pipeline", verdict,
            overdue ? "a tick takes too long" : failures > 0 ? pipeline.LastFailure : "runs");
        var model = detector.Current.Model;
        var modelFails = overdue || (failures > 0 && pipeline.ModelFailed);
        Add(health, $"model {model.Manifest.Name}", modelFails ? verdict : Health.Types.Status.Ok,
            overdue ? "the run takes too long" : modelFails ? pipeline.LastFailure
            : engines.Status is { } engine ? $"on {model.Provider}; {engine}" : $"on {model.Provider}");
        var (ready, limited) = (grounder.IsReady, grounder.Trouble);
        Add(health, "grounding", ready && limited is null ? Health.Types.Status.Ok : Health.Types.Status.Degraded,
            !ready ? "loading" : limited ?? "ready");
        health.Status = health.Components.Max(component => component.Status);
        return health;
    }

    private static string? Poor(PictureQuality quality) => quality.Value >= PoorQuality ? null
        : string.Create(CultureInfo.InvariantCulture, $"picture {quality.Fault.ToString().ToLowerInvariant()} (quality {quality.Value:0.00})");

    private Stats Measure()
    {
        var now = clock.Monotonic;
        var ticks = latency.Count;
        Tracks.Record(pipeline.TrackCount);
        Level.Record((long)safety.State.Level);
        var (p50, p99) = latency.Percentiles();
        var stats = new Stats
        {
            UptimeS = Math.Round((now - _started).TotalSeconds, 1),
            FramesPerSecond = Math.Round((ticks - _last.Ticks) / Math.Max(0.001, (now - _last.At).TotalSeconds), 2),
            LatencyP50Ms = Math.Round(p50, 2),
            LatencyP99Ms = Math.Round(p99, 2),
            Tracks = (uint)pipeline.TrackCount,
        };
        foreach (var (key, total) in TotalCounter.All.SelectMany(counter => counter.Totals)) stats.Counters[key] = total;
        _last = (now, ticks);
        return stats;
    }

    private static void Add(Health health, string name, Health.Types.Status status, string detail) =>
        health.Components.Add(new Health.Types.Component { Name = name, Status = status, Detail = detail });
}
