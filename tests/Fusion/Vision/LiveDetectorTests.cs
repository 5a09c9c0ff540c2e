using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Tests.Inference;
using EdgePerception.Fusion.Vision;
using EdgePerception.Sensors.Frames;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;

namespace EdgePerception.Fusion.Tests.Vision;

/// <summary>
/// Detectors whose rows are the first values of an 8×8 image: what a version sees is painted into it.
/// </summary>
public sealed class LiveDetectorTests : IDisposable
{
    private readonly FramePool _pool = new(1);
    private readonly FakeTimeProvider _time = new();
    private readonly LiveDetector _live;
    private readonly List<Detection> _detections = [];
    private int _frames;

    public LiveDetectorTests() => _live = Live(new SwapSettings());

    public void Dispose()
    {
        _live.Dispose();
        _pool.Dispose();
    }

    [Fact]
    public async Task A_version_that_sees_the_same_goes_live_at_the_next_tick()
    {
        Detect(6);
        var (old, candidate) = (_live.Current, Detector(TestModels.Manifest() with { Name = "newer" }));
        List<ObjectDetector> swapped = [];
        _live.Swapped += swapped.Add;
        var verdict = await _live.ProposeAsync(candidate);
        Assert.Equal(
            new SwapVerdict(
                true, "in the last 4 pictures it sees 4 objects, 4 of them among the 4 seen so far: agreement 1.00"),
                verdict);
        Assert.Same(old, _live.Current);
        Assert.Empty(swapped);

        _live.Swap();
        Assert.Same(candidate, _live.Current);
        Assert.Same(candidate, Assert.Single(swapped));
        Detect(1);
        Assert.Equal("cup", Assert.Single(_detections).Label);
    }

    [Fact]
    public async Task A_version_that_calls_things_by_other_names_is_refused_and_the_old_one_stays()
    {
        Detect(6);
        var old = _live.Current;
        var verdict = await _live.ProposeAsync(Detector(TestModels.Manifest() with { Labels = ["dog", "cat", "cow"] }));
        Assert.Equal(new SwapVerdict(
            false,
            "in the last 4 pictures it sees 4 objects, 0 of them among the 4 seen so far: agreement 0.11, 0.70 is "
            + "asked for"), verdict);
        _live.Swap();
        Assert.Same(old, _live.Current);
        Detect(1);
        Assert.Equal("cup", Assert.Single(_detections).Label);
    }

    [Fact]
    public async Task A_version_that_sees_nothing_is_refused()
    {
        Detect(6);
        Assert.False((await _live.ProposeAsync(Detector(Blind()))).Accepted);
    }

    [Fact]
    public async Task A_version_that_answers_with_no_numbers_is_refused_with_the_reason()
    {
        Detect(6);
        var verdict = await _live.ProposeAsync(Detector(TestModels.Manifest("nan.onnx")));
        Assert.Equal(new SwapVerdict(false, "model 'test': output 'detections' holds NaN or infinity"), verdict);
    }

    [Fact]
    public async Task A_version_that_hangs_is_ended_and_refused()
    {
        using var bright = Rent(640, 480, 255);
        using var dark = Live(new SwapSettings { MinAgreement = 0 });
        dark.Detect([bright], [[]]);
        var verdict = Task.Run(() => dark.ProposeAsync(Detector(TestModels.Hang())));
        _time.AdvanceUntil(() => verdict.IsCompleted, TimeSpan.FromSeconds(1));
        Assert.False((await verdict).Accepted);
        Assert.StartsWith("model 'test': the run failed: ", (await verdict).Reason);
    }

    [Fact]
    public async Task Where_no_agreement_is_asked_for_a_version_without_pictures_is_only_warmed_up()
    {
        using var any = Live(new SwapSettings { MinAgreement = 0 });
        Assert.Equal(new SwapVerdict(true, "warmed up; no picture was there to compare on"),
            await any.ProposeAsync(Detector(TestModels.Manifest())));
        Assert.False((await any.ProposeAsync(Detector(TestModels.Manifest("nan.onnx")))).Accepted);
    }

    [Fact]
    public async Task A_version_waits_until_something_was_in_sight()
    {
        Detect(6, cups: 0);
        List<string> waits = [];
        var verdict = _live.ProposeAsync(Detector(TestModels.Manifest()), waits.Add);
        Assert.Equal("for 3 objects to compare it on, up to 300 s; 0 were seen so far", Assert.Single(waits));
        Detect(2);
        Assert.False(verdict.IsCompleted);
        Detect(1);
        Assert.True((await verdict).Accepted);
    }

    [Fact]
    public async Task A_version_is_refused_when_nothing_was_in_sight_for_too_long_and_the_old_one_stays()
    {
        var old = _live.Current;
        Detect(6, cups: 0);
        Detect(1);
        var verdict = _live.ProposeAsync(Detector(Blind()));
        _time.AdvanceUntil(() => verdict.IsCompleted, TimeSpan.FromSeconds(100));
        Assert.Equal(
            new SwapVerdict(
                false, "nothing to compare it on: 1 objects were seen in 300 s, 3 are asked for (swap.minObjects)"),
                await verdict);
        _live.Swap();
        Assert.Same(old, _live.Current);
    }

    [Fact]
    public async Task What_is_offered_once_alone_waits_as_long_as_it_takes()
    {
        Detect(6, cups: 0);
        List<string> waits = [];
        var verdict = _live.ProposeAsync(Detector(TestModels.Manifest()), waits.Add, isPatient: true);
        Assert.Equal("for 3 objects to compare it on, as long as it takes; 0 were seen so far", Assert.Single(waits));
        _time.AdvanceBy(TimeSpan.FromHours(1), 24);
        Assert.False(verdict.IsCompleted);
        Detect(3);
        Assert.True((await verdict).Accepted);
    }

    [Fact]
    public async Task A_version_that_fails_by_itself_is_refused_without_a_wait() =>
        Assert.Equal("model 'test': output 'detections' holds NaN or infinity",
            (await _live.ProposeAsync(Detector(TestModels.Manifest("nan.onnx")))).Reason);

    [Fact]
    public async Task Pictures_that_showed_something_are_kept_while_nothing_is_in_sight()
    {
        Detect(3);
        Detect(50, cups: 0);
        var verdict = await _live.ProposeAsync(Detector(Blind()));
        Assert.Equal(new SwapVerdict(
            false,
            "in the last 4 pictures it sees 0 objects, 0 of them among the 3 seen so far: agreement 0.25, 0.70 is "
            + "asked for"), verdict);
        // They are still there for the next one.
        Detect(50, cups: 0);
        Assert.Equal(
            new SwapVerdict(
                true, "in the last 4 pictures it sees 3 objects, 3 of them among the 3 seen so far: agreement 1.00"),
            await _live.ProposeAsync(Detector(TestModels.Manifest())));
    }

    [Fact]
    public async Task After_a_version_with_other_labels_the_kept_pictures_show_what_it_saw()
    {
        var renamed = TestModels.Manifest() with { Labels = ["mug", "jug", "dog"] };
        using var any = Live(new SwapSettings { MinAgreement = 0 });
        using var frame = Cups(1);
        any.Detect([frame], [_detections]);
        Assert.True((await any.ProposeAsync(Detector(renamed))).Accepted);
        any.Swap();
        var again = await any.ProposeAsync(Detector(renamed));
        Assert.Equal(
            new SwapVerdict(true,
                "in the last 1 pictures it sees 1 objects, 1 of them among the 1 seen so far: agreement 1.00"), again);
    }

    [Fact]
    public async Task A_wait_ends_when_a_newer_version_comes_and_when_the_service_ends()
    {
        using var newer = new CancellationTokenSource();
        var first = _live.ProposeAsync(Detector(TestModels.Manifest()), cancellation: newer.Token);
        await newer.CancelAsync();
        Assert.Equal(
            new SwapVerdict(false, "another version came while it waited for something to be in sight"), await first);
        var second = _live.ProposeAsync(Detector(TestModels.Manifest()));
        _live.Dispose();
        Assert.Equal(new SwapVerdict(false, "the service ends"), await second);
    }

    [Fact]
    public async Task Of_two_versions_before_a_tick_the_later_goes_live()
    {
        var (first, second) = (Detector(TestModels.Manifest()), Detector(TestModels.Manifest()));
        Detect(4);
        await _live.ProposeAsync(first);
        await _live.ProposeAsync(second);
        _live.Swap();
        Assert.Same(second, _live.Current);
        _live.Swap();
        Assert.Same(second, _live.Current);
    }

    [Fact]
    public async Task A_version_offered_after_the_end_is_disposed()
    {
        _live.Dispose();
        Assert.False((await _live.ProposeAsync(Detector(TestModels.Manifest()))).Accepted);
        _live.Swap();
    }

    [Fact]
    public void Remembering_pictures_allocates_nothing()
    {
        Detect(20);
        Assert.Equal(0, Allocations.Least(() => Detect(20)));
    }

    private static ObjectDetector Detector(ModelManifest manifest) => new(TestModels.Load(manifest));

    private static ModelManifest Blind()
    {
        var manifest = TestModels.Manifest();
        return manifest with { Picture = manifest.Picture with { Std = [1000, 1000, 1000] } };
    }

    private LiveDetector Live(SwapSettings settings) =>
        new(Task.FromResult(Detector(TestModels.Manifest())), settings, new SensorClock(_time));

    // Images half a second apart that show a cup, or none.
    private void Detect(int count, int cups = 1)
    {
        for (var i = 0; i < count; i++)
        {
            using var frame = Cups(cups);
            _live.Swap();
            _live.Detect(new ReadOnlySpan<Frame>(in frame), new ReadOnlySpan<List<Detection>>(in _detections));
        }
    }

    private Frame Cups(int count)
    {
        var frame = Rent(8, 8, 100);
        ((ReadOnlySpan<byte>)[2, 2, 7, 7, (byte)count, 0, 0, 0, 0, 0, 0, 0]).CopyTo(frame.Pixels);
        return frame;
    }

    private Frame Rent(int width, int height, byte level)
    {
        Assert.True(_pool.TryRent(width, height, out var frame));
        frame.Pixels.Fill(level);
        frame.Stamp("front", ++_frames, new SensorTime(TimeSpan.FromSeconds(_frames * 0.5), DateTimeOffset.UnixEpoch));
        return frame;
    }
}
