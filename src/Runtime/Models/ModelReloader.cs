using EdgePerception.Fusion.Vision;
using EdgePerception.Sensors.Diagnostics;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Models;

/// <summary>
/// Brings a new version of the detector in while the service runs: reads the manifest again, loads the model, and
/// offers it to the live one. What goes wrong is a line in the log, and the detector at work stays. One reload at a
/// time; another waits for it, since it may be for something else (a new file, an engine that was just built), but not
/// for a version that only waits for something to be in sight. Thread-safe.
/// </summary>
public sealed class ModelReloader(DetectorLoader loader, LiveDetector live, ILogger<ModelReloader> logger) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private CancellationTokenSource _newer = new();

    /// <summary>
    /// Reloads on a thread of the pool; the task answers whether the new version was accepted, and never fails.
    /// </summary>
    /// <param name="isPatient">
    /// Whether it waits as long as it takes for something to be in sight: an engine is built and offered once.
    /// </param>
    public Task<bool> ReloadAsync(bool isPatient = false)
    {
        var newer = new CancellationTokenSource();
        Interlocked.Exchange(ref _newer, newer).Cancel();
        return Task.Run(() => ReloadAsync(isPatient, newer.Token));
    }

    /// <summary>Ends the wait of a version that is not live yet.</summary>
    public void Dispose() => _newer.Cancel();

    private async Task<bool> ReloadAsync(bool isPatient, CancellationToken newer)
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            return await ProposeAsync(loader.Load(), isPatient, newer);
        }
#pragma warning disable CA1031 // Nobody waits for a reload by signal, so whatever goes wrong must be said here.
        catch (Exception e)
#pragma warning restore CA1031
        {
            ModelsLog.ModelRefused(logger, Redaction.Text(e.Message.ReplaceLineEndings("; ")));
            return false;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<bool> ProposeAsync(ObjectDetector candidate, bool isPatient, CancellationToken newer)
    {
        var name =
            $"{candidate.Model.Manifest.Name} {candidate.Model.Manifest.Sha256[..8]} on {candidate.Model.Provider}";
        var verdict =
            await live.ProposeAsync(candidate, what => ModelsLog.ModelWaits(logger, name, what), isPatient, newer);
        if (verdict.Accepted) ModelsLog.ModelAccepted(logger, name, verdict.Reason);
        else ModelsLog.ModelRefused(logger, $"{name}: {verdict.Reason}");
        return verdict.Accepted;
    }
}
