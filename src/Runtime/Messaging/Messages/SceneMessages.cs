using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Tracking;
using EdgePerception.Fusion.Vision;
using EdgePerception.Sensors.Time;
using Tracking = EdgePerception.Fusion.Tracking;

namespace EdgePerception.Runtime.Messaging.Messages;

/// <summary>How recent a camera's image is.</summary>
/// <param name="Age">Age of its newest frame.</param>
/// <param name="Live">False while the source is gone or being rebuilt.</param>
public readonly record struct CameraLiveness(TimeSpan Age, bool Live);

/// <summary>
/// The messages of every tick, filled anew each time in place of being made anew: one is valid until the next of its
/// kind (and camera, and track) is asked for. Owned by the loop, not thread-safe. Allocates nothing once each list was
/// as long as it gets, but for a track whose colours are others than before.
/// </summary>
public sealed class SceneMessages
{
    private readonly Scene _scene = new() { Header = new Header(), Quality = new SceneQuality() };
    private readonly Refill<Camera> _cameras;
    private readonly Refill<Track> _objects;
    private readonly Refill<Sound> _sounds;
    private readonly Dictionary<string, (Detection2DArray Message, Refill<Detection2D> List)> _detections = [];
    private readonly Dictionary<Tracking.Track, TrackEvent> _events = [];

    /// <summary>Nothing is filled yet.</summary>
    public SceneMessages() =>
        (_cameras, _objects, _sounds) = (new(_scene.Cameras), new(_scene.Objects), new(_scene.Sounds));

    /// <summary>
    /// A whole scene; a camera without an entry in <paramref name="liveness"/> counts as live and fresh.
    /// </summary>
    public Scene Scene(Fusion.Scenes.Scene scene, IReadOnlyDictionary<string, CameraLiveness>? liveness = null)
    {
        ToMessage.Fill(_scene.Header, scene.Time);
        _scene.Quality.Vision = ToMessage.Share(scene.Quality.Vision);
        _scene.Quality.Sound = ToMessage.Share(scene.Quality.Sound);
        _cameras.Begin();
        foreach (var camera in scene.Cameras)
        {
            var live = new CameraLiveness(TimeSpan.Zero, true);
            if (liveness is not null && liveness.TryGetValue(camera.Name, out var known)) live = known;
            ToMessage.Fill(_cameras.Next(), camera, live);
        }

        _cameras.End();
        _objects.Begin();
        foreach (var seen in scene.Objects) ToMessage.Fill(_objects.Next(), seen);
        _objects.End();
        _sounds.Begin();
        foreach (var sound in scene.Sounds) ToMessage.Fill(_sounds.Next(), sound);
        _sounds.End();
        return _scene;
    }

    /// <summary>
    /// What a camera's detector saw, for the topic; each detection with the id of the track that shows the same object,
    /// or with none while the tracker has not confirmed one.
    /// </summary>
    /// <param name="camera">The camera after tracking.</param>
    /// <param name="leastScore">Detections below are left out.</param>
    /// <param name="captured">When the image was taken.</param>
    public Detection2DArray Detections(CameraPerception camera, float leastScore, SensorTime captured)
    {
        if (!_detections.TryGetValue(camera.Name, out var known))
        {
            var made = new Detection2DArray { Header = new Header() };
            known = _detections[camera.Name] = (made, new(made.Detections));
        }

        var (message, list) = known;
        ToMessage.Fill(message.Header, captured, camera.Name);
        list.Begin();
        for (var i = 0; i < camera.Detections.Count; i++)
        {
            var detection = camera.Detections[i];
            if (detection.Score < leastScore) continue;
            ToMessage.Fill(list.Next(), TrackOf(detection, camera.Tracker.Tracks), detection);
        }

        list.End();
        return message;
    }

    /// <summary>
    /// A step in the life of a track; a message is kept for each track that the tracker uses by turns.
    /// </summary>
    public TrackEvent TrackEvent(string camera, SensorTime captured, in Tracking.TrackEvent happened)
    {
        var track = happened.Track;
        if (!_events.TryGetValue(track, out var message))
            message = _events[track] = new TrackEvent { Header = new Header(), Track = new Track() };
        ToMessage.Fill(message.Header, captured, camera);
        message.Kind = happened.Kind switch
        {
            TrackEventKind.New => Messages.TrackEvent.Types.Kind.New,
            TrackEventKind.Update => Messages.TrackEvent.Types.Kind.Update,
            _ => Messages.TrackEvent.Types.Kind.End,
        };
        var seen = new SceneObject(track.Id, camera, track.Label, track.Score, track.Box, track.Colors, track.Velocity)
        {
            Near = track.Near,
        };
        ToMessage.Fill(message.Track, seen, track.Age);
        return message;
    }

    private static string TrackOf(in Detection detection, ReadOnlySpan<Tracking.Track> tracks)
    {
        const float SameObject = 0.5f;
        var (id, most) = ("", SameObject);
        foreach (var track in tracks)
        {
            var overlap = track.State == TrackState.Tracked ? track.Box.IntersectionOverUnion(detection.Box) : 0;
            if (overlap > most) (id, most) = (track.Id, overlap);
        }

        return id;
    }
}
