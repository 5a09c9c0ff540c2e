using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision;
using EdgePerception.Fusion.Yaml;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Pipeline;

/// <summary>
/// Brings a new version of the detector in while the service runs: reads the manifest again, loads the model, and offers
/// it to the live one. What goes wrong is a line in the log, and the detector at work stays. One reload at a time.
/// </summary>
public sealed class ModelReloader(DetectorLoader loader, LiveDetector live, ILogger<ModelReloader> logger)
{
    private int _busy;

    /// <summary>Reloads on a thread of the pool; the task ends when the new version was accepted or refused.</summary>
    public Task<bool> ReloadAsync()
    {
        if (Interlocked.Exchange(ref _busy, 1) == 0) return Task.Run(Reload);
        PipelineLog.ReloadBusy(logger);
        return Task.FromResult(false);
    }

    private bool Reload()
    {
        try
        {
            return Offer(loader.Load());
        }
        catch (Exception e) when (e is ModelException or YamlException)
        {
            PipelineLog.ModelRefused(logger, e.Message.ReplaceLineEndings("; "));
            return false;
        }
        finally
        {
            Interlocked.Exchange(ref _busy, 0);
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
