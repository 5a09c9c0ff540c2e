using EdgePerception.Fusion.Inference;
using EdgePerception.Sensors.Synchronization;

namespace EdgePerception.Fusion.Scenes;

/// <summary>
/// The loop's stages from pictures to one scene, over all cameras: encode, track, fuse. Owned by the loop, not
/// thread-safe; allocates nothing but an id for each new track.
/// </summary>
public sealed class PerceptionFusion
{
    private readonly Dictionary<string, CameraPerception> _byName;
    private readonly SceneBuilder _scenes;

    /// <summary>Puts the cameras together.</summary>
    public PerceptionFusion(IReadOnlyList<CameraPerception> cameras, SceneBuilder scenes)
    {
        (Cameras, _scenes) = (cameras, scenes);
        _byName = cameras.ToDictionary(camera => camera.Name);
    }

    /// <summary>The cameras in the order of the configuration.</summary>
    public IReadOnlyList<CameraPerception> Cameras { get; }

    /// <summary>The perception of one camera.</summary>
    public CameraPerception this[string camera] => _byName[camera];

    /// <summary>Pictures to detections.</summary>
    /// <exception cref="ModelException">The model failed.</exception>
    public void Encode(SensorSnapshot snapshot)
    {
        foreach (var sample in snapshot.Cameras)
        {
            var frame = sample.Frame;
            _byName[frame.Camera].Encode(frame);
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
    public Scene Fuse(SensorTime now) => _scenes.Build(now);
}
