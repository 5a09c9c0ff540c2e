using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision;
using EdgePerception.Policy.Commands;
using EdgePerception.Runtime.Models;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Hosting;

/// <summary>
/// The models over the service's life: checked before any device is opened, loaded as late as may be, their engines
/// built beside them.
/// </summary>
public sealed class ServiceModels(
    DetectorLoader detectorLoader, LiveDetector detector, EngineBuilds engines, GrounderLoader grounderLoader,
    CommandGrounder grounder, ILogger<ServiceModels> logger)
{
    private static readonly TimeSpan FirstTickTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Checks what can be told without loading them.</summary>
    /// <exception cref="ModelException">A file is missing, or is not as its manifest says.</exception>
    public Task CheckAsync(CancellationToken stop) => Task.WhenAll(
        Task.Run(detectorLoader.Check, stop), Task.Run(grounderLoader.Check, stop));

    /// <summary>
    /// Waits for the detector, which has been loading since it was asked for first, and says where it runs.
    /// </summary>
    /// <exception cref="ModelException">It cannot be used.</exception>
    public async Task DetectorAsync(CancellationToken stop)
    {
        await detector.Loaded.WaitAsync(stop);
        var model = detector.Current.Model;
        HostingLog.ModelReady(logger, model.Manifest.Name, model.Provider);
        if (model.MissingProviders.Count > 0)
            HostingLog.ProviderMissing(logger, model.Manifest.Name, string.Join("; ", model.MissingProviders));
    }

    /// <summary>Has the engines built that the detector wants, now and after each swap.</summary>
    public void BuildEngines()
    {
        detector.Swapped += swapped => engines.Want(swapped.Model.RequestedEngine);
        engines.Want(detector.Current.Model.RequestedEngine);
    }

    /// <summary>Ends the build that is under way.</summary>
    public ValueTask EndBuildsAsync() => engines.DisposeAsync();

    /// <summary>
    /// Loads what grounds commands once the first image has gone through, since it would take half of the cores from
    /// it; where none comes, after a second.
    /// </summary>
    /// <exception cref="ModelException">The network cannot be used.</exception>
    public async Task LoadGrounderAsync(Task firstTick, CancellationToken stop)
    {
        await Task.WhenAny(firstTick, Task.Delay(FirstTickTimeout, stop));
        if (stop.IsCancellationRequested) return;
        grounder.Use(await Task.Run(grounderLoader.Load, CancellationToken.None));
        if (grounder.Trouble is { } trouble) HostingLog.GroundingLimited(logger, trouble);
    }

    /// <summary>Breaks off the detector's run that is under way, if there is one.</summary>
    public void Terminate() => detector.Terminate();
}
