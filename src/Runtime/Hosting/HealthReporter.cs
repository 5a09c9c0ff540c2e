using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Messaging;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Hosting;

/// <summary>
/// Asks every part of the service once a second how it is doing, from outside: publishes health and stats, and keeps
/// systemd's watchdog quiet while the loop lives.
/// </summary>
public sealed class HealthReporter(
    IEnumerable<IHealthSource> sources, ServiceStats stats, TickWatchdog watchdog, SafetySupervisor safety,
    MessagePublisher publisher, SystemdWatchdog systemd, SensorClock clock, ILogger<HealthReporter> logger)
    : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly IHealthSource[] _sources = [.. sources];
    private readonly Lock _gate = new();
    private ITimer? _timer;

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
            publisher.Publish(
                Topics.Health, ToMessage.Health([new ComponentHealth("service", HealthStatus.Failed, "ended")]));
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
            var health = ToMessage.Health(_sources.SelectMany(source => source.Look()));
            var measured = stats.Measure();
            publisher.Publish(Topics.Health, health);
            publisher.Publish(Topics.Stats, measured);
            if (watchdog.IsLoopAlive)
            {
                systemd.Alive(
                    $"{health.Status}, {measured.FramesPerSecond:0.0} frames a second, "
                    + $"safety {TagNames.Of(safety.State.Level)}");
            }

            Reported?.Invoke(measured, health);
        }
    }
}
