using System.Globalization;
using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Tracking;
using EdgePerception.Fusion.Vision;
using EdgePerception.Fusion.Vision.Color;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using DomainScene = EdgePerception.Fusion.Scenes.Scene;
using Vector2 = System.Numerics.Vector2;

namespace EdgePerception.Runtime.Tests.Messaging.Messages;

/// <summary>Messages that are filled anew say nothing of what they said before, and cost nothing.</summary>
public sealed class SceneMessagesTests
{
    private readonly SceneMessages _messages = new();

    [Fact]
    public void A_scene_that_is_filled_anew_is_as_one_made_anew_whatever_came_before()
    {
        var random = new Random(7);
        for (var i = 0; i < 500; i++)
        {
            var scene = Random(random);
            Assert.Equal(new SceneMessages().Scene(scene), _messages.Scene(scene));
        }
    }

    [Fact]
    public void Colours_stand_in_their_own_order_whichever_were_there_before()
    {
        _ = _messages.Scene(With(NamedColor.White));
        _ = _messages.Scene(With(NamedColor.White, NamedColor.Red));
        Assert.Equal(["red", "black"], _messages.Scene(With(NamedColor.Black, NamedColor.Red)).Objects[0].Colors.Keys);
    }

    [Fact]
    public void A_scene_of_the_same_objects_makes_no_garbage()
    {
        DomainScene[] scenes = [Of(14, 0), Of(14, 3.7f), Of(9, 1.1f)];
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 300; i++) _ = _messages.Scene(scenes[i % scenes.Length]);
        }));
    }

    [Fact]
    public void A_figure_never_has_the_sign_of_nothing()
    {
        var scene = new DomainScene { Objects = { Seen(0, 0, default, new Vector2(-0.0001f, 0)) } };
        var seen = _messages.Scene(scene).Objects[0];
        Assert.Equal(BitConverter.DoubleToInt64Bits(0.0), BitConverter.DoubleToInt64Bits(seen.Velocity.X));
    }

    [Fact]
    public void The_messages_of_a_tracker_are_as_many_as_it_has_tracks_and_each_says_what_happened_now()
    {
        var tracker = new ByteTracker(new TrackerSettings(), new TrackIds());
        var met = new HashSet<object>(ReferenceEqualityComparer.Instance);
        for (var image = 0; image < 200; image++)
        {
            // The object jumps away every 20 images: its track ends and another begins.
            var since = TimeSpan.FromMilliseconds(100 * image);
            var time = new SensorTime(since, DateTimeOffset.UnixEpoch + since);
            tracker.Update([new Detection("cup", 0.9f, new BoundingBox(image / 20 % 2 * 300, 10, 40, 40))], [], time);
            foreach (var happened in tracker.Events)
            {
                var message = _messages.TrackEvent("front", time, happened);
                Assert.Equal(new SceneMessages().TrackEvent("front", time, happened), message);
                Assert.Equal(happened.Track.Id, message.Track.Id);
                met.Add(message);
            }
        }

        Assert.InRange(met.Count, 1, 2 * new TrackerSettings().MaxTracks);
    }

    private static DomainScene Random(Random random)
    {
        var scene = new DomainScene
        {
            Time = new SensorTime(
                TimeSpan.FromSeconds(random.NextDouble() * 1000),
                DateTimeOffset.UnixEpoch.AddSeconds(random.NextDouble() * 2e9)),
            Quality = new ModalityQuality(random.NextSingle(), random.NextSingle()),
        };
        for (var i = random.Next(4); i > 0; i--)
            scene.Cameras.Add(new CameraView($"camera-{i}", 640, 480, Maybe(62)) { Quality = random.NextSingle() });
        for (var i = random.Next(20); i > 0; i--)
        {
            var colors = default(ColorShares);
            for (var color = random.Next(4); color > 0; color--)
                colors[random.Next(ColorShares.Count)] = random.NextSingle();
            Vector2? velocity = Maybe(-3.5f) is { } x ? new(x, random.NextSingle()) : null;
            scene.Objects.Add(Seen(i, random.NextSingle() * 600, random.Next(4) == 0 ? null : colors, velocity));
        }

        for (var i = random.Next(4); i > 0; i--)
            scene.Sounds.Add(new SceneSound("beep", random.NextSingle(), Maybe(12.5f), Maybe(4)));
        return scene;

        float? Maybe(float value) => random.Next(2) == 0 ? null : value;
    }

    private static DomainScene With(params NamedColor[] names)
    {
        var colors = default(ColorShares);
        foreach (var name in names) colors[name] = 1f / names.Length;
        return new DomainScene { Objects = { Seen(0, 0, colors, null) } };
    }

    private static DomainScene Of(int objects, float x)
    {
        var colors = default(ColorShares);
        (colors[NamedColor.Red], colors[NamedColor.White]) = (0.7f, 0.2f);
        var scene = new DomainScene { Cameras = { new CameraView("front", 640, 480, null) } };
        for (var i = 0; i < objects; i++) scene.Objects.Add(Seen(i, x, colors, new(x, 1)));
        return scene;
    }

    private static SceneObject Seen(int id, float x, ColorShares? colors, Vector2? velocity) =>
        new(id.ToString(CultureInfo.InvariantCulture), "front", "cup", 0.9f, new BoundingBox(x, 2, 30, 40), colors,
            velocity);
}
