using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.Cameras.Synthetic;
using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.GStreamer;
using EdgePerception.Sensors.Microphones;
using EdgePerception.Sensors.Synchronization;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Sensors;

/// <summary>
/// All sources of one robot and the synchronizer over its cameras, with their lifetimes in the right order. The loop
/// stops and disposes its snapshots before the rig is disposed. Microphones are no part of a snapshot: a robot hears
/// between two pictures, and without any.
/// </summary>
public sealed class SensorRig : IDisposable
{
    private readonly CaptureSource<FrameFeed>[] _cameras;
    private readonly CaptureSource<SoundFeed>[] _microphones;

    /// <summary>Makes the sources; <see cref="Start"/> opens them.</summary>
    /// <param name="cameras">At least one, with different names, valid.</param>
    /// <param name="microphones">Any number, with different names, valid.</param>
    /// <param name="clock">The clock of the service.</param>
    /// <param name="settings">How frames become a snapshot.</param>
    /// <param name="logger">Where all sources log.</param>
    public SensorRig(
        IEnumerable<CameraSettings> cameras, IEnumerable<MicrophoneSettings> microphones, SensorClock clock,
        SynchronizerSettings settings, ILogger logger)
    {
        _cameras = [.. cameras.Select(each => CameraSource.Of(each, Opener(each, clock, logger), clock, logger))];
        _microphones =
            [.. microphones.Select(each => MicrophoneSource.Of(each, Opener(each, clock, logger), clock, logger))];
        Synchronizer = new Synchronizer(Cameras.Select(source => source.Feed), clock, settings);
    }

    /// <summary>The cameras, in the order of the configuration.</summary>
    public IReadOnlyList<CaptureSource<FrameFeed>> Cameras => _cameras;

    /// <summary>The microphones, in the order of the configuration.</summary>
    public IReadOnlyList<CaptureSource<SoundFeed>> Microphones => _microphones;

    /// <summary>
    /// How long the camera that is silent for longest has been (<see cref="CaptureSource{TFeed}.Silence"/>). Any
    /// thread; allocates nothing.
    /// </summary>
    public TimeSpan CameraSilence => Longest(_cameras);

    /// <summary>The same for microphones; zero where there is none.</summary>
    public TimeSpan MicrophoneSilence => Longest(_microphones);

    /// <summary>Gives the snapshots.</summary>
    public Synchronizer Synchronizer { get; }

    /// <summary>Opens all sources, each on its own thread.</summary>
    public void Start()
    {
        foreach (var microphone in Microphones) microphone.Start();
        foreach (var camera in Cameras) camera.Start();
    }

    /// <summary>Stops all sources and frees their memory.</summary>
    public void Dispose()
    {
        foreach (var camera in Cameras) camera.Dispose();
        foreach (var microphone in Microphones) microphone.Dispose();
        Synchronizer.Dispose();
    }

    private static TimeSpan Longest<TFeed>(CaptureSource<TFeed>[] sources)
        where TFeed : class, ICaptureFeed
    {
        var longest = TimeSpan.Zero;
        foreach (var source in sources)
        {
            if (source.Silence is var silence && silence > longest) longest = silence;
        }

        return longest;
    }

    private static OpenCapture<FrameFeed> Opener(CameraSettings camera, SensorClock clock, ILogger logger) =>
        camera.Kind == CameraKind.Synthetic
            ? notBefore => new SyntheticCapture(camera, clock, notBefore)
            : notBefore => GStreamerCapture.Open(camera, clock, notBefore, logger);

    private static OpenCapture<SoundFeed> Opener(MicrophoneSettings microphone, SensorClock clock, ILogger logger) =>
        microphone.Kind == MicrophoneKind.Synthetic
            ? notBefore => new SyntheticMicrophone(microphone, clock, notBefore)
            : _ => GStreamerMicrophone.Open(microphone, clock, logger);
}
