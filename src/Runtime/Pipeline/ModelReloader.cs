using EdgePerception.Fusion.Vision;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Pipeline;

/// <summary>
/// Brings a new version of the detector in while the service runs: reads the manifest again, loads the model, and offers
/// it to the live one. What goes wrong is a line in the log, and the detector at work stays. One reload at a time; another
/// waits for it, since it may be for something else (a new file, an engine that was just built). Thread-safe.
/// </summary>
public sealed class ModelReloader(DetectorLoader loader, LiveDetector live, ILogger<ModelReloader> logger)
{
    private readonly Lock _gate = new();

    /// <summary>Reloads on a thread of the pool; the task answers whether the new version was accepted, and never fails.</summary>
    public Task<bool> ReloadAsync() => Task.Run(Reload);

    private bool Reload()
    {
        lock (_gate)
        {
            try
            {
                return Offer(loader.Load());
            }
#pragma warning disable CA1031 // Nobody waits for a reload by signal, so whatever goes wrong must be said here.
            catch (Exception e)
#pragma warning restore CA1031
            {
                PipelineLog.ModelRefused(logger, e.Message.ReplaceLineEndings("; "));
                return false;
            }
        }
    }

    private bool Offer(ObjectDetector candidate)
    {
        var name = $"{candidate.Model.Manifest.Name} {candidate.Model.Manifest.Sha256[..8]} on {candidate.Model.Provider}";
        var verdict = live.Offer(candidate);
        if (verdict.Accepted) PipelineLog.ModelAccepted(logger, name, verdict.Reason);
        else PipelineLog.ModelRefused(logger, $"{name}: {verdict.Reason}");
        return verdict.Accepted;
    }
}
