using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Tests.Inference;
using EdgePerception.Fusion.Vision;
using EdgePerception.Sensors.Frames;
using EdgePerception.Sensors.Synchronization;
using EdgePerception.Tests.Support;

namespace EdgePerception.Fusion.Tests.Vision;

/// <summary>Detectors whose rows are the first values of an 8×8 picture: what a version sees is painted into it.</summary>
public sealed class LiveDetectorTests : IDisposable
{
    private readonly FramePool _pool = new(1);
    private readonly FakeTimeProvider _time = new();
    private readonly LiveDetector _live;
    private readonly List<Detection> _detections = [];
    private int _frames;

    public LiveDetectorTests() => _live = new LiveDetector(Detector(TestModels.Manifest()), new SwapSettings(), new SensorClock(_time));

    public void Dispose()
    {
        _live.Dispose();
        _pool.Dispose();
    }

    [Fact]
    public void A_version_that_sees_the_same_goes_live_at_the_next_tick()
    {
        Detect(6);
        var (old, candidate) = (_live.Current, Detector(TestModels.Manifest() with { Name = "newer" }));
        List<ObjectDetector> swapped = [];
        _live.Swapped += swapped.Add;
        var verdict = _live.Offer(candidate);
        Assert.Equal(new SwapVerdict(true, "in the last 4 pictures it sees 4 objects, 4 of them among the 4 seen so far: agreement 1.00"), verdict);
        Assert.Same(old, _live.Current);
        Assert.Empty(swapped);

        _live.TakeOver();
        Assert.Same(candidate, _live.Current);
        Assert.Same(candidate, Assert.Single(swapped));
        Detect(1);
        Assert.Equal("cup", Assert.Single(_detections).Label);
    }

    [Fact]
    public void A_version_that_calls_things_by_other_names_is_refused_and_the_old_one_stays()
    {
        Detect(6);
        var old = _live.Current;
        var verdict = _live.Offer(Detector(TestModels.Manifest() with { Labels = ["dog", "cat", "cow"] }));
        Assert.Equal(new SwapVerdict(
            false, "in the last 4 pictures it sees 4 objects, 0 of them among the 4 seen so far: agreement 0.11, 0.70 is asked for"), verdict);
        _live.TakeOver();
        Assert.Same(old, _live.Current);
        Detect(1);
        Assert.Equal("cup", Assert.Single(_detections).Label);
    }

    [Fact]
    public void A_version_that_sees_nothing_is_refused()
    {
        Detect(6);
        var manifest = TestModels.Manifest();
        var blind = manifest with { Picture = manifest.Picture with { Std = [1000, 1000, 1000] } };
        Assert.False(_live.Offer(Detector(blind)).Accepted);
    }

    [Fact]
    public void A_version_that_answers_with_no_numbers_is_refused_with_the_reason()
    {
        Detect(6);
        var verdict = _live.Offer(Detector(TestModels.Manifest("nan.onnx")));
        Assert.Equal(new SwapVerdict(false, "model 'test': output 'detections' holds NaN or infinity"), verdict);
    }

    [Fact]
    public async Task A_version_that_hangs_is_ended_and_refused()
    {
        using var bright = Rent(640, 480, 255);
        using var dark = new LiveDetector(Detector(TestModels.Manifest()), new SwapSettings(), new SensorClock(_time));
        dark.Detect([bright], [[]]);
        var verdict = Task.Run(() => dark.Offer(Detector(TestModels.Hang())));
        _time.AdvanceUntil(() => verdict.IsCompleted, TimeSpan.FromSeconds(1));
        Assert.False((await verdict).Accepted);
        Assert.StartsWith("model 'test': the run failed: ", (await verdict).Reason);
    }

    [Fact]
    public void Without_pictures_a_version_is_only_warmed_up()
    {
        Assert.Equal(new SwapVerdict(true, "warmed up; no picture was there to compare on"), _live.Offer(Detector(TestModels.Manifest())));
        Assert.False(_live.Offer(Detector(TestModels.Manifest("nan.onnx"))).Accepted);
    }

    [Fact]
    public void Of_two_versions_before_a_tick_the_later_goes_live()
    {
        var (first, second) = (Detector(TestModels.Manifest()), Detector(TestModels.Manifest()));
        _live.Offer(first);
        _live.Offer(second);
        _live.TakeOver();
        Assert.Same(second, _live.Current);
        _live.TakeOver();
        Assert.Same(second, _live.Current);
    }

    [Fact]
    public void A_version_offered_after_the_end_is_disposed()
    {
        _live.Dispose();
        _live.Offer(Detector(TestModels.Manifest()));
        _live.TakeOver();
    }

    [Fact]
    public void Remembering_pictures_allocates_nothing()
    {
        Detect(20);
        Assert.Equal(0, Allocations.Least(() => Detect(20)));
    }

    private static ObjectDetector Detector(ModelManifest manifest) => new(TestModels.Load(manifest));

    // Pictures half a second apart that show a cup.
    private void Detect(int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var frame = Rent(8, 8, 100);
            ((ReadOnlySpan<byte>)[2, 2, 7, 7, 1, 0, 0, 0, 0, 0, 0, 0]).CopyTo(frame.Pixels);
            _live.TakeOver();
            _live.Detect(new ReadOnlySpan<Frame>(in frame), new ReadOnlySpan<List<Detection>>(in _detections));
        }
    }

    private Frame Rent(int width, int height, byte level)
    {
        Assert.True(_pool.TryRent(width, height, out var frame));
        frame.Pixels.Fill(level);
        frame.Stamp("front", ++_frames, new SensorTime(TimeSpan.FromSeconds(_frames * 0.5), DateTimeOffset.UnixEpoch));
        return frame;
    }
}
