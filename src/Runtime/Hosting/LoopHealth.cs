using EdgePerception.Fusion.Vision;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Models;
using EdgePerception.Runtime.Pipeline;

namespace EdgePerception.Runtime.Hosting;

/// <summary>The loop, and the model that it runs: what hangs or fails there is told of both.</summary>
internal sealed class LoopHealth(
    PerceptionPipeline pipeline, TickWatchdog watchdog, LiveDetector detector, EngineBuilds engines,
    PipelineSettings settings) : IHealthSource
{
    /// <inheritdoc/>
    public IEnumerable<ComponentHealth> Look()
    {
        var (failures, overdue) = (pipeline.ConsecutiveFailures, watchdog.IsOverdue);
        var verdict = overdue || failures >= settings.FailuresUntilUnhealthy ? HealthStatus.Failed
            : failures > 0 ? HealthStatus.Degraded : HealthStatus.Ok;
        yield return new ComponentHealth(
            "pipeline", verdict, overdue ? "a tick takes too long" : failures > 0 ? pipeline.LastFailure : "runs");

        var model = detector.Current.Model;
        var modelFails = overdue || (failures > 0 && pipeline.ModelFailed);
        yield return new ComponentHealth(
            $"model {model.Manifest.Name}", modelFails ? verdict : HealthStatus.Ok,
            overdue ? "the run takes too long" : modelFails ? pipeline.LastFailure
            : engines.Status is { } engine ? $"on {model.Provider}; {engine}" : $"on {model.Provider}");
    }
}
