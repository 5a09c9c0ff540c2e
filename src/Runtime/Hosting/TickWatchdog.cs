using EdgePerception.Fusion.Vision;
using EdgePerception.Runtime.Pipeline;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Hosting;

/// <summary>
/// Looks once a second whether the loop comes round, and ends a model run that takes too long: the loop itself waits
/// for it. Thread-safe.
/// </summary>
public sealed class TickWatchdog(
    PerceptionPipeline pipeline, LiveDetector detector, PipelineSettings settings, SensorClock clock,
    ILogger<TickWatchdog> logger) : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private readonly TimeSpan _limit = TimeSpan.FromMilliseconds(settings.TickTimeoutMs);
    private ITimer? _timer;

    /// <summary>Whether the present tick takes longer than it may.</summary>
    public bool IsOverdue => pipeline.TickAge > _limit;

    /// <summary>Whether the loop came round within the time that a tick may take.</summary>
    public bool IsLoopAlive => pipeline.SinceLastPass <= _limit;

    /// <summary>Begins to look.</summary>
    public void Start() => _timer = clock.Provider.CreateTimer(_ => Look(), null, Period, Period);

    /// <summary>Looks no more.</summary>
    public void Dispose() => _timer?.Dispose();

    private void Look()
    {
        if (!IsOverdue) return;
        HostingLog.TickOverdue(logger, (int)pipeline.TickAge.TotalMilliseconds);
        detector.Terminate();
    }
}
