using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.Cameras.Synthetic;
using EdgePerception.Sensors.GStreamer;
using EdgePerception.Sensors.Synchronization;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Sensors;

/// <summary>
/// All sources of one robot and the synchronizer over them, with their lifetimes in the right order. The loop stops and
/// disposes its snapshots before the rig is disposed.
/// </summary>
public sealed class SensorRig : IDisposable
{
    /// <summary>Makes the sources; <see cref="Start"/> opens them.</summary>
    /// <param name="cameras">At least one, with different names, valid.</param>
    /// <param name="clock">The clock of the service.</param>
    /// <param name="settings">How frames become a snapshot.</param>
    /// <param name="logger">Where all sources log.</param>
    public SensorRig(IEnumerable<CameraSettings> cameras, SensorClock clock, SynchronizerSettings settings, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(cameras);
        Sources = [.. cameras.Select(camera => new CaptureSource(camera, Opener(camera, clock, logger), clock, logger))];
        Synchronizer = new Synchronizer(Sources.Select(source => source.Feed), clock, settings);
    }

    /// <summary>The sources, in the order of the configuration.</summary>
    public IReadOnlyList<CaptureSource> Sources { get; }

    /// <summary>Gives the snapshots.</summary>
    public Synchronizer Synchronizer { get; }

    /// <summary>Opens all sources, each on its own thread.</summary>
    public void Start()
    {
        foreach (var source in Sources) source.Start();
    }

    /// <summary>Stops all sources and frees their memory.</summary>
    public void Dispose()
    {
        foreach (var source in Sources) source.Dispose();
        Synchronizer.Dispose();
    }

    private static OpenCapture Opener(CameraSettings camera, SensorClock clock, ILogger logger) =>
        camera.Kind == CameraKind.Synthetic
            ? notBefore => new SyntheticCapture(camera, clock, notBefore)
            : notBefore => GStreamerCapture.Open(camera, clock, notBefore, logger);
}
