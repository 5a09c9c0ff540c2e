using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Tests.Inference;
using EdgePerception.Fusion.Tests.Vision;
using EdgePerception.Fusion.Tracking;
using EdgePerception.Fusion.Vision;
using EdgePerception.Fusion.Vision.Color;
using EdgePerception.Sensors.Frames;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;

namespace EdgePerception.Fusion.Tests.Scenes;

/// <summary>One camera over the model whose rows are the first pixels of an 8×8 image.</summary>
public sealed class CameraPerceptionTests : IDisposable
{
    private readonly FramePool _pool = new(2);
    private readonly TrackIds _ids = new();

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void A_cup_that_stays_is_followed()
    {
        using var model = TestModels.Load(TestModels.Manifest());
        var (detector, camera) = (new ObjectDetector(model), Camera("front"));
        for (var i = 0; i < 5; i++)
        {
            using var frame = Cup(i, 0);
            Encode(detector, camera, frame);
            camera.Track(frame);
        }

        Assert.Equal([new Detection("cup", 1, new BoundingBox(2, 2, 5, 5))], camera.Detections);
        Assert.Equal(1, camera.Tracker.Tracks.Length);
        var track = camera.Tracker.Tracks[0];
        Assert.Equal((TrackState.Tracked, "cup"), (track.State, track.Label));
        Assert.Equal(new CameraView("front", 8, 8, 60), camera.View);
    }

    [Fact]
    public void Two_cameras_share_a_detector_but_neither_objects_nor_ids()
    {
        using var model = TestModels.Load(TestModels.Manifest());
        var detector = new ObjectDetector(model);
        var (left, right) = (Camera("left"), Camera("right"));
        for (var i = 0; i < 5; i++)
        {
            using var cup = Cup(i, 0);
            using var person = Cup(i, 2);
            Encode(detector, left, cup);
            Encode(detector, right, person);
            left.Track(cup);
            right.Track(person);
        }

        Assert.Equal(("cup", "person"), (left.Tracker.Tracks[0].Label, right.Tracker.Tracks[0].Label));
        Assert.NotEqual(left.Tracker.Tracks[0].Id, right.Tracker.Tracks[0].Id);
        Assert.Equal("cup", Assert.Single(left.Detections).Label);
    }

    [Fact]
    public void A_picture_that_the_model_fails_on_leaves_those_of_the_picture_before()
    {
        using var model = TestModels.Load(TestModels.Manifest());
        var (detector, camera) = (new ObjectDetector(model), Camera("front"));
        using (var good = Cup(0, 1)) Encode(detector, camera, good);
        using var bad = Cup(1, 200);
        Assert.Throws<ModelException>(() => Encode(detector, camera, bad));
        Assert.Equal("bottle", Assert.Single(camera.Detections).Label);
    }

    [Fact]
    public void People_are_followed_with_their_colours_and_nothing_is_allocated_while_nothing_new_appears()
    {
        using var model = TestModels.LoadCenterNet();
        var (detector, camera) = (new ObjectDetector(model), Camera("front"));
        using var images = new PackagedImages();
        using var frame = images.Load("opencv-doc/basketball1.png");
        for (var i = 0; i < 6; i++) Perceive(detector, camera, frame, i);
        Assert.Contains(camera.Tracker.Tracks.ToArray(), track => track is { Label: "person", Colors: not null });
        Assert.Equal((1f, 1f, ImageFault.None), (camera.View.Quality, camera.Quality.Value, camera.Quality.Fault));
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 6; i < 12; i++) Perceive(detector, camera, frame, i);
        }));
    }

    [Fact]
    public void A_picture_that_turns_dark_is_told()
    {
        using var model = TestModels.LoadCenterNet();
        var (detector, camera) = (new ObjectDetector(model), Camera("front"));
        // Cameras of other tests report to the same meter meanwhile.
        var told = new System.Collections.Concurrent.ConcurrentBag<(object?, double)>();
        using var listener = new System.Diagnostics.Metrics.MeterListener();
        listener.InstrumentPublished = (instrument, all) =>
        {
            if (instrument.Name == "edge_perception.picture.quality") all.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => told.Add((tags[0].Value, value)));
        listener.Start();
        using var images = new PackagedImages();
        using var frame = images.Load("opencv-doc/basketball1.png");
        Perceive(detector, camera, frame, 0);
        foreach (ref var value in frame.Pixels) value /= 14;
        Perceive(detector, camera, frame, 1);
        Assert.Equal(ImageFault.Dark, camera.Quality.Fault);
        Assert.InRange(camera.View.Quality, 0, 0.2f);
        Assert.Contains(("front", 1.0), told);
        Assert.Contains(told, each => Equals(each.Item1, "front") && each.Item2 < 0.2);
    }

    private static void Perceive(ObjectDetector detector, CameraPerception camera, Frame frame, int number)
    {
        frame.Stamp(camera.Name, number + 1, TimeOf(number));
        Encode(detector, camera, frame);
        camera.Track(frame);
    }

    private static void Encode(ObjectDetector detector, CameraPerception camera, Frame frame) =>
        detector.Detect([frame], [camera.Encoded]);

    private CameraPerception Camera(string name) =>
        new(name, 60, new ByteTracker(new TrackerSettings(), _ids), new ColorMeter(), new MotionGateSettings());

    // An image whose first pixels read as a box from (2, 2) to (7, 7) with score 1.
    private Frame Cup(int number, byte label)
    {
        Assert.True(_pool.TryRent(8, 8, out var frame));
        frame.Pixels.Fill(100);
        ((ReadOnlySpan<byte>)[2, 2, 7, 7, 1, label, 0, 0, 0, 0, 0, 0]).CopyTo(frame.Pixels);
        frame.Stamp("front", number + 1, TimeOf(number));
        return frame;
    }

    private static SensorTime TimeOf(int number) =>
        new(TimeSpan.FromMilliseconds(100 * number), DateTimeOffset.UnixEpoch.AddMilliseconds(100 * number));
}
