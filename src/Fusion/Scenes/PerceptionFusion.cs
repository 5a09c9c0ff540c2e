using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision;
using EdgePerception.Sensors.Frames;
using EdgePerception.Sensors.Microphones;
using EdgePerception.Sensors.Synchronization;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Fusion.Scenes;

/// <summary>
/// The loop's stages from images to one scene, over all cameras: encode, track, fuse. Owned by the loop, not
/// thread-safe; allocates nothing but an id for each new track.
/// </summary>
public sealed class PerceptionFusion
{
    private readonly Dictionary<string, CameraPerception> _byName;
    private readonly IReadOnlyList<SoundFeed> _microphones;
    private readonly LiveDetector _detector;
    private readonly SceneBuilder _scenes;
    private readonly Frame[] _frames;
    private readonly List<Detection>[] _detections;

    /// <summary>Puts the cameras and the detector that they share together.</summary>
    /// <param name="cameras">What there is for each camera.</param>
    /// <param name="microphones">What the microphones give, whether images come or not.</param>
    /// <param name="detector">The detector.</param>
    /// <param name="scenes">Puts the scene together.</param>
    public PerceptionFusion(
        IReadOnlyList<CameraPerception> cameras, IReadOnlyList<SoundFeed> microphones, LiveDetector detector,
        SceneBuilder scenes)
    {
        (_microphones, _detector, _scenes) = (microphones, detector, scenes);
        _byName = cameras.ToDictionary(camera => camera.Name);
        foreach (var camera in cameras) scenes.Expect(camera.View);
        (_frames, _detections) = (new Frame[cameras.Count], new List<Detection>[cameras.Count]);
    }

    /// <summary>The perception of one camera.</summary>
    public CameraPerception this[string camera] => _byName[camera];

    /// <summary>
    /// Images to detections: those of all cameras join as few runs as the model's batch allows; still ones are spared.
    /// </summary>
    /// <exception cref="ModelException">The model failed.</exception>
    public void Encode(SensorSnapshot snapshot)
    {
        _detector.Swap();
        var count = 0;
        foreach (var sample in snapshot.Cameras)
        {
            var camera = _byName[sample.Frame.Camera];
            if (camera.CanSkip(sample.Frame)) continue;
            (_frames[count], _detections[count]) = (sample.Frame, camera.Encoded);
            count++;
        }

        for (var first = 0; first < count; first += _detector.MaxBatch)
        {
            var run = first..Math.Min(first + _detector.MaxBatch, count);
            _detector.Detect(_frames.AsSpan(run), _detections.AsSpan(run));
        }
    }

    /// <summary>Detections to tracks with colours.</summary>
    public void Track(SensorSnapshot snapshot)
    {
        foreach (var sample in snapshot.Cameras)
        {
            var frame = sample.Frame;
            var camera = _byName[frame.Camera];
            camera.Track(frame);
            _scenes.See(camera.View, camera.Tracker.Tracks, frame.Time);
        }
    }

    /// <summary>The scene as of <paramref name="now"/>; valid until the next call.</summary>
    public Scene Fuse(SensorTime now)
    {
        for (var i = 0; i < _microphones.Count; i++)
            _scenes.Listen(_microphones[i].Microphone, _microphones[i].LastSoundTime);
        var scene = _scenes.Build(now);
        scene.Classes = _detector.Labels;
        return scene;
    }
}
