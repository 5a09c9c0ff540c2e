using EdgePerception.Fusion.Vision;
using EdgePerception.Policy.Commands;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Pipeline;
using Microsoft.Extensions.Hosting;

namespace EdgePerception.Runtime.Http;

/// <summary>
/// What an orchestrator asks: whether the service is to be restarted, and whether it does its work. Each answer names
/// what is not as it should be, with the reason; empty when all is well. Looks from outside and waits for nothing; safe
/// from any thread.
/// </summary>
public sealed class Probes(
    LiveDetector detector, PerceptionPipeline pipeline, CommandGrounder grounder,
    IReadOnlyList<IMessageTransport> transports, LatencyWindow published,
    PipelineSettings settings, IHostApplicationLifetime lifetime)
{
    /// <summary>Liveness: the loop makes progress. It begins once the model is loaded, which may take long.</summary>
    public IReadOnlyDictionary<string, string> Faults()
    {
        var faults = new Dictionary<string, string>();
        if (detector.Loaded.IsCompleted && pipeline.SinceLastPass > TimeSpan.FromMilliseconds(settings.TickTimeoutMs))
            faults["loop"] = $"has not come round for {pipeline.SinceLastPass.TotalSeconds:0} s";
        return faults;
    }

    /// <summary>
    /// Readiness: images were decided on, commands can be grounded, and every transport has its peer.
    /// </summary>
    public IReadOnlyDictionary<string, string> NotReady()
    {
        var missing = new Dictionary<string, string>(Faults());
        if (published.Count == 0) missing["decision"] = "no picture was decided on yet";
        if (pipeline.ConsecutiveFailures >= settings.FailuresUntilUnhealthy) missing["model"] = pipeline.LastFailure;
        if (!grounder.IsReady) missing["grounding"] = "loading";
        foreach (var transport in transports)
        {
            if (transport.State != TransportState.Connected)
                missing[transport.Name] = transport.State.ToString().ToLowerInvariant();
        }

        if (lifetime.ApplicationStopping.IsCancellationRequested) missing["service"] = "ends";
        return missing;
    }
}
