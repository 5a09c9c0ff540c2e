using System.ComponentModel.DataAnnotations;
using System.Runtime.InteropServices;
using EdgePerception.Fusion.Tracking;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Fusion.Scenes;

/// <summary>What belongs into a scene. Plain numbers, seconds in the names.</summary>
public sealed record SceneSettings
{
    /// <summary>A camera whose newest image is older than this is left out of the scene, in seconds.</summary>
    [Range(0.0, 600.0)]
    public float MaxCameraAgeSeconds { get; init; } = 1;

    /// <summary>Sounds heard longer ago than this are left out, in seconds.</summary>
    [Range(0.0, 600.0)]
    public float MaxSoundAgeSeconds { get; init; } = 1;

    /// <summary>
    /// A microphone that gave nothing but digital silence for longer than this counts as gone, in seconds: a live one
    /// always has some noise.
    /// </summary>
    [Range(0.1, 600.0)]
    public float MaxSilenceSeconds { get; init; } = 3;

    /// <summary>
    /// How long an object that its tracker lost stays in the scene at its predicted place, in seconds: long enough to
    /// bridge an image or two that the detector missed, short enough not to point at what has gone.
    /// </summary>
    [Range(0.0, 600.0)]
    public float MaxUnseenSeconds { get; init; } = 0.4f;
}

/// <summary>
/// Puts together what the robot perceives at one instant out of what each camera and the microphones last gave. A
/// camera without a new image keeps its objects until they are too old. The scene is one object, filled anew at each
/// build. Owned by the pipeline's loop, not thread-safe; nothing is allocated once every camera has shown its most.
/// </summary>
public sealed class SceneBuilder(SceneSettings settings)
{
    private readonly List<CameraObjects> _cameras = [];
    private readonly List<(string Name, TimeSpan LastSound)> _microphones = [];
    private readonly List<SceneSound> _sounds = [];
    private readonly Scene _scene = new();
    private SensorTime? _soundTime;

    /// <summary>How often so far a camera was left out of a scene because its newest image was too old.</summary>
    public long StaleCameras { get; private set; }

    /// <summary>
    /// Says that there is a camera, before its first image: until then nothing can be seen where it looks.
    /// </summary>
    public void Expect(in CameraView view) => Camera(view.Name).View = view;

    /// <summary>Takes over the tracks of a camera's newest image in place of its earlier ones.</summary>
    /// <param name="view">The camera; its name tells cameras apart.</param>
    /// <param name="tracks">The tracker's tracks after the update; copied.</param>
    /// <param name="time">When the image was taken.</param>
    public void See(in CameraView view, ReadOnlySpan<Track> tracks, SensorTime time)
    {
        var camera = Camera(view.Name);
        (camera.View, camera.Time) = (view, time);
        camera.Objects.Clear();
        foreach (var track in tracks)
        {
            if (track.Unseen.TotalSeconds > settings.MaxUnseenSeconds) continue;
            camera.Objects.Add(new SceneObject(
                track.Id, view.Name, track.Label, track.Score, track.Box, track.Colors, track.Velocity)
            {
                Near = track.Near,
                LowerColors = track.LowerColors,
                HeadColors = track.HeadColors,
            });
        }
    }

    /// <summary>Takes notice of whether a microphone is alive.</summary>
    /// <param name="name">The microphone; its name tells microphones apart.</param>
    /// <param name="lastSound">When it last gave more than digital zeros, on CLOCK_MONOTONIC.</param>
    public void Listen(string name, TimeSpan lastSound)
    {
        foreach (ref var microphone in CollectionsMarshal.AsSpan(_microphones))
        {
            if (!string.Equals(microphone.Name, name, StringComparison.Ordinal)) continue;
            microphone = (name, lastSound);
            return;
        }

        _microphones.Add((name, lastSound));
    }

    /// <summary>Takes over what is heard now in place of what was heard before.</summary>
    public void Hear(ReadOnlySpan<SceneSound> sounds, SensorTime time)
    {
        _sounds.Clear();
        foreach (ref readonly var sound in sounds) _sounds.Add(sound);
        _soundTime = time;
    }

    /// <summary>Builds the scene as of now. It is valid until the next build.</summary>
    public Scene Build(SensorTime now)
    {
        _scene.Cameras.Clear();
        _scene.Objects.Clear();
        _scene.Sounds.Clear();
        _scene.Sequence++;
        SensorTime? newest = null;
        foreach (var camera in _cameras)
        {
            if (camera.Time is not { } time) continue;
            if (IsOlder(time, now, settings.MaxCameraAgeSeconds))
            {
                StaleCameras++;
                continue;
            }

            if (newest is null || time.Monotonic > newest.Value.Monotonic) newest = time;
            _scene.Cameras.Add(camera.View);
            _scene.Objects.AddRange(camera.Objects);
        }

        if (_soundTime is { } heard && !IsOlder(heard, now, settings.MaxSoundAgeSeconds))
            _scene.Sounds.AddRange(_sounds);
        _scene.Time = newest ?? now;
        _scene.Quality = Quality(now);
        return _scene;
    }

    // The mean over the places that something could be seen in or heard from: a camera that gives no images counts as
    // 0, and so does a microphone that fell silent. Without any microphone nothing is wrong with what is heard.
    private ModalityQuality Quality(SensorTime now)
    {
        var (seen, heard) = (0f, 0);
        foreach (var camera in _cameras)
        {
            if (camera.Time is { } time && !IsOlder(time, now, settings.MaxCameraAgeSeconds))
                seen += camera.View.Quality;
        }

        foreach (var (_, lastSound) in _microphones)
        {
            if ((now.Monotonic - lastSound).TotalSeconds <= settings.MaxSilenceSeconds) heard++;
        }

        return new ModalityQuality(
            _cameras.Count == 0 ? 0 : seen / _cameras.Count,
            _microphones.Count == 0 ? 1 : (float)heard / _microphones.Count);
    }

    private static bool IsOlder(SensorTime time, SensorTime now, float seconds)
        => (now.Monotonic - time.Monotonic).TotalSeconds > seconds;

    private CameraObjects Camera(string name)
    {
        foreach (var camera in _cameras)
        {
            if (string.Equals(camera.View.Name, name, StringComparison.Ordinal)) return camera;
        }

        var added = new CameraObjects { View = new CameraView(name, 0, 0, null) };
        _cameras.Add(added);
        return added;
    }

    private sealed class CameraObjects
    {
        public CameraView View { get; set; }

        public SensorTime? Time { get; set; }

        public List<SceneObject> Objects { get; } = [];
    }
}
