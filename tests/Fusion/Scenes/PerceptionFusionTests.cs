using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Tests.Inference;
using EdgePerception.Fusion.Tracking;
using EdgePerception.Fusion.Vision;
using EdgePerception.Fusion.Vision.Color;
using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.Microphones;
using EdgePerception.Sensors.Synchronization;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;

namespace EdgePerception.Fusion.Tests.Scenes;

/// <summary>
/// The whole project from leased frames to scenes, over a model whose rows are the first values of each image.
/// </summary>
public sealed class PerceptionFusionTests : IDisposable
{
    private static readonly string[] Names = ["left", "middle", "right"];
    private readonly FakeTimeProvider _time = new();
    private readonly SensorClock _clock;
    private readonly List<FrameFeed> _feeds;
    private readonly SoundFeed _microphone;
    private readonly Synchronizer _synchronizer;
    private readonly byte[] _image = new byte[8 * 8 * 3];
    private LiveDetector? _detector;

    public PerceptionFusionTests()
    {
        _clock = new SensorClock(_time);
        _microphone = new SoundFeed(new() { Name = "ear" }, _clock);
        _feeds = [.. Names.Select(name => CameraSource.Feed(new() { Name = name }, _clock))];
        _synchronizer = new Synchronizer(_feeds, _clock, new SynchronizerSettings(TimeSpan.FromSeconds(1)));
    }

    public void Dispose()
    {
        _detector?.Dispose();
        _feeds.ForEach(feed => feed.Dispose());
        _synchronizer.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(16)]
    public void Whatever_a_run_takes_each_camera_gets_what_is_in_its_own_picture(int maxBatch)
    {
        var fusion = Fusion(maxBatch);
        for (var i = 0; i < 4; i++) Tick(fusion, [0, 1, 2]);
        Assert.Equal(["cup", "bottle", "person"], Names.Select(name => Assert.Single(fusion[name].Detections).Label));
        var scene = fusion.Fuse(_clock.Now);
        Assert.Equal([("left", "cup"), ("middle", "bottle"), ("right", "person")],
            scene.Objects.Select(seen => (seen.Camera, seen.Label)));
    }

    [Fact]
    public void A_camera_that_gave_no_picture_keeps_its_objects()
    {
        var fusion = Fusion(16);
        for (var i = 0; i < 4; i++) Tick(fusion, [0, 1, 2]);
        Tick(fusion, [0, -1, 2]);
        Assert.Equal(["cup", "bottle", "person"], fusion.Fuse(_clock.Now).Objects.Select(seen => seen.Label));
    }

    [Fact]
    public void A_still_camera_rests_while_the_others_are_looked_at_and_its_objects_stay()
    {
        var fusion = Fusion(
            16, new MotionGateSettings
            {
                Enabled = true,
                CellChange = 1,
                StillCells = 0,
                FirstRestMs = 60_000,
                LongestRestMs = 60_000,
            });
        for (var i = 0; i < 4; i++) Tick(fusion, [0, 1, i % 2]);
        var before = Skipped();
        for (var i = 0; i < 10; i++) Tick(fusion, [0, 1, i % 2]);
        Assert.True(Skipped() - before >= 10, $"rested {Skipped() - before} times");
        Assert.Equal("bottle", Assert.Single(fusion["middle"].Detections).Label);
        Assert.Contains(fusion.Fuse(_clock.Now).Objects, seen => seen is { Camera: "middle", Label: "bottle" });
    }

    [Theory]
    [InlineData(false, 16)]
    [InlineData(true, 16)]
    [InlineData(false, 2)]
    public void A_thousand_ticks_allocate_nothing(bool gate, int maxBatch)
    {
        var fusion = Fusion(maxBatch, new MotionGateSettings { Enabled = gate });
        int[] all = [0, 1, 2], some = [0, -1, 2];
        Ticks(20);
        Assert.Equal(0, Allocations.Least(() => Ticks(1000)));

        void Ticks(int count)
        {
            for (var i = 0; i < count; i++) Tick(fusion, i % 3 == 0 ? some : all);
        }
    }

    [Fact]
    public void A_microphone_is_listened_to_whether_images_come_or_not()
    {
        var fusion = Fusion(1);
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(0, fusion.Fuse(_clock.Now).Quality.Sound);
        _microphone.Write([0, 0.1f], _clock.Monotonic);
        Assert.Equal((1, 0), (fusion.Fuse(_clock.Now).Quality.Sound, fusion.Fuse(_clock.Now).Cameras.Count));
    }

    private static long Skipped() => Totals.Of("edge_perception.frames.rested{camera=middle}");

    private PerceptionFusion Fusion(int maxBatch, MotionGateSettings? motion = null)
    {
        var manifest = TestModels.Manifest("free_batch.onnx") with
        {
            Inputs = [
                TestModels.Tensor("images", -1, 8, 8, 3) with
                {
                    Profile = new TensorProfile { Min = [1, 8, 8, 3], Opt = [2, 8, 8, 3], Max = [16, 8, 8, 3] },
                }],
            Outputs = [TestModels.Tensor("detections", -1, 2, 6)],
        };
        var model = OnnxModel.Load(manifest, TestModels.Folder, TestModels.OneThread with { MaxBatch = maxBatch });
        _detector = new LiveDetector(Task.FromResult(new ObjectDetector(model)), new SwapSettings(), _clock);
        var (ids, colors) = (new TrackIds(), new ColorMeter());
        return new PerceptionFusion(
            [.. Names.Select(name =>
                new CameraPerception(name, 60, new ByteTracker(new TrackerSettings(), ids), colors,
                    motion ?? new MotionGateSettings()))],
            [_microphone], _detector, new SceneBuilder(new SceneSettings()));
    }

    // Each camera shows the object of that class, or gives no image where it is −1.
    private void Tick(PerceptionFusion fusion, int[] classes)
    {
        _time.Advance(TimeSpan.FromMilliseconds(50));
        for (var i = 0; i < classes.Length; i++)
        {
            if (classes[i] < 0) continue;
            _image.AsSpan().Fill(100);
            ((ReadOnlySpan<byte>)[2, 2, 7, 7, 1, (byte)classes[i], 0, 0, 0, 0, 0, 0]).CopyTo(_image);
            _feeds[i].Video(_image, 8, 8, 24, _clock.Monotonic);
        }

        using var snapshot = _synchronizer.Next(TimeSpan.Zero)!;
        fusion.Encode(snapshot);
        fusion.Track(snapshot);
        fusion.Fuse(snapshot.Time);
    }
}
