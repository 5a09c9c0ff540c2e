using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Tracking;
using EdgePerception.Fusion.Vision;
using EdgePerception.Fusion.Vision.Color;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;

namespace EdgePerception.Fusion.Tests.Scenes;

public class SceneBuilderTests
{
    private static readonly CameraView Front = new("front", 640, 480, 70);
    private static readonly CameraView Rear = new("rear", 1280, 720, null);
    private readonly TrackIds _ids = new();
    private readonly SceneBuilder _scenes = new(new SceneSettings());

    [Fact]
    public void A_scene_holds_what_all_cameras_see()
    {
        var (front, rear) = (Tracker(), Tracker());
        See(front, Front, 1.0, Cup(10), Cup(200));
        See(rear, Rear, 1.05, Cup(50));

        var scene = _scenes.Build(At(1.06));

        Assert.Equal([Front, Rear], scene.Cameras);
        Assert.Equal([("1", "front"), ("2", "front"), ("3", "rear")], scene.Objects.Select(o => (o.Id, o.Camera)));
        Assert.Equal((At(1.05), 1L), (scene.Time, scene.Sequence));
    }

    [Fact]
    public void An_object_carries_what_its_track_knows_and_nothing_else()
    {
        var tracker = Tracker();
        See(tracker, Front, 1, Cup(10));
        var first = _scenes.Build(At(1)).Objects[0];
        Assert.Equal(("1", "front", "cup", 0.7f), (first.Id, first.Camera, first.Label, first.Score));
        Assert.Null(first.Velocity);
        Assert.Null(first.Colors);

        var red = default(ColorShares);
        red[NamedColor.Red] = 1;
        for (var i = 1; i < 10; i++) See(tracker, Front, 1 + i * 0.1, Cup(10 + i));
        tracker.Tracks[0].ObserveColors(red);
        _scenes.See(Front, tracker.Tracks, At(1.9));

        var later = Assert.Single(_scenes.Build(At(1.9)).Objects);
        Assert.Equal(NamedColor.Red, later.Colors!.Value.Dominant);
        Assert.InRange(later.Velocity!.Value.X, 8, 12);
        Assert.Equal(tracker.Tracks[0].Box, later.Box);
    }

    [Fact]
    public void A_camera_without_a_new_picture_keeps_its_objects_until_they_are_too_old()
    {
        var (front, rear) = (Tracker(), Tracker());
        See(front, Front, 1, Cup(10));
        See(rear, Rear, 1.9, Cup(50));

        Assert.Equal(2, _scenes.Build(At(2)).Objects.Count);
        var scene = _scenes.Build(At(2.01));

        Assert.Equal("rear", Assert.Single(scene.Objects).Camera);
        Assert.Equal([Rear], scene.Cameras);
        Assert.Equal(1, _scenes.StaleCameras);
        See(front, Front, 2.05, Cup(10));
        Assert.Equal(2, _scenes.Build(At(2.06)).Objects.Count);
    }

    [Fact]
    public void An_object_that_is_lost_stays_for_a_moment_only()
    {
        var tracker = Tracker();
        See(tracker, Front, 1, Cup(10));
        See(tracker, Front, 1.4);
        Assert.Single(_scenes.Build(At(1.4)).Objects);

        See(tracker, Front, 1.5);

        Assert.Empty(_scenes.Build(At(1.5)).Objects);
        Assert.Single(tracker.Tracks.ToArray());
    }

    [Fact]
    public void Sounds_are_replaced_by_the_next_and_fade_out_by_age()
    {
        _scenes.Hear([new SceneSound("beep", 0.9f, -20, 5), new SceneSound("speech", 0.8f, null, null)], At(1));
        Assert.Equal(["beep", "speech"], _scenes.Build(At(1.5)).Sounds.Select(s => s.Label));

        _scenes.Hear([new SceneSound("knock", 0.5f, null, null)], At(2));
        Assert.Equal(["knock"], _scenes.Build(At(2.9)).Sounds.Select(s => s.Label));
        Assert.Empty(_scenes.Build(At(3.1)).Sounds);
    }

    [Fact]
    public void Without_any_picture_the_scene_is_empty_and_of_now()
    {
        var scene = _scenes.Build(At(7));

        Assert.Empty(scene.Objects);
        Assert.Empty(scene.Cameras);
        Assert.Equal(At(7), scene.Time);
    }

    [Fact]
    public void What_can_be_seen_is_the_mean_over_the_cameras_and_one_that_gives_no_pictures_counts_as_nothing()
    {
        Assert.Equal(new ModalityQuality(0, 1), _scenes.Build(At(0)).Quality);
        _scenes.Expect(Front);
        _scenes.Expect(Rear);
        _scenes.See(Front with { Quality = 0.8f }, [], At(1));
        Assert.Equal(0.4f, _scenes.Build(At(1)).Quality.Vision);
        _scenes.See(Rear with { Quality = 0.6f }, [], At(1.5));
        var scene = _scenes.Build(At(1.5));
        Assert.Equal(0.7f, scene.Quality.Vision, 5);
        Assert.Equal([0.8f, 0.6f], scene.Cameras.Select(camera => camera.Quality));
        Assert.Equal(0.3f, _scenes.Build(At(2.4)).Quality.Vision, 5);
        Assert.Equal(0, _scenes.Build(At(9)).Quality.Vision);
    }

    [Fact]
    public void A_microphone_that_gives_nothing_or_digital_silence_for_seconds_cannot_be_trusted()
    {
        Listen("left", 0);
        Assert.Equal(1, Sound(3));
        Assert.Equal(0, Sound(3.01));
        Listen("left", 4);
        Assert.Equal(1, Sound(7));
        Assert.Equal(0, Sound(7.5));
        Listen("right", 7.5);
        Assert.Equal(0.5f, Sound(8));
        Listen("left", 8);
        Assert.Equal(1, Sound(8));
        Assert.Equal(0, Sound(12));

        float Sound(double seconds) => _scenes.Build(At(seconds)).Quality.Sound;
    }

    [Fact]
    public void Without_a_microphone_nothing_is_wrong_with_what_is_heard() =>
        Assert.Equal(1, _scenes.Build(At(60)).Quality.Sound);

    [Fact]
    public void Building_allocates_nothing_in_steady_state()
    {
        var tracker = Tracker();
        SceneSound[] sounds = [new("beep", 1, null, null)];
        Detection[] detections = [Cup(10), Cup(200)];
        var ticks = 0;
        void Ticks(int count)
        {
            for (var end = ticks + count; ticks < end; ticks++)
            {
                var now = At(1 + ticks * 0.1);
                tracker.Update(detections, now);
                _scenes.See(Front, tracker.Tracks, now);
                _scenes.Hear(sounds, now);
                _scenes.Listen("left", now.Monotonic);
                _scenes.Build(now);
            }
        }

        Ticks(10);
        Assert.Equal(0, Allocations.Least(() => Ticks(1000)));
        Assert.Equal(ticks + 1, _scenes.Build(At(1 + ticks * 0.1)).Sequence);
    }

    private static Detection Cup(float x) => new("cup", 0.7f, new BoundingBox(x, 100, 40, 50));

    private static SensorTime At(double seconds)
        => new(TimeSpan.FromSeconds(seconds), DateTimeOffset.UnixEpoch.AddSeconds(seconds));

    private ByteTracker Tracker() => new(new TrackerSettings { ConfirmHits = 1 }, _ids);

    private void Listen(string microphone, double lastSound) =>
        _scenes.Listen(microphone, TimeSpan.FromSeconds(lastSound));

    private void See(ByteTracker tracker, CameraView view, double seconds, params ReadOnlySpan<Detection> detections)
    {
        tracker.Update(detections, At(seconds));
        _scenes.See(view, tracker.Tracks, At(seconds));
    }
}
