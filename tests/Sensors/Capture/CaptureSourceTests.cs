using System.Collections.Concurrent;
using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.Cameras.Synthetic;
using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Frames;
using EdgePerception.Sensors.Synchronization;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgePerception.Sensors.Tests.Capture;

/// <summary>The supervision of a source, on virtual time with the synthetic camera.</summary>
public sealed class CaptureSourceTests
{
    private static readonly TimeSpan Watchdog = TimeSpan.FromMilliseconds(500);
    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentQueue<CaptureStatus> _changes = new();

    [Theory]
    [InlineData("freeze@5", CaptureState.Frozen, "no frame for 500 ms")]
    [InlineData("error@5", CaptureState.Failed, "the error that was asked for at frame 5")]
    [InlineData("end@5", CaptureState.Failed, "the stream ended")]
    public void A_source_that_fails_is_noticed_and_rebuilt(string fault, CaptureState state, string reason)
    {
        using var source = Start(Synthetic() with { Fault = fault });
        _time.AdvanceUntil(() => _changes.Count >= 3);

        Assert.Equal([CaptureState.Live, state, CaptureState.Live], _changes.Take(3).Select(change => change.State));
        var failed = _changes.ElementAt(1);
        Assert.Equal((reason, 1, "front"), (failed.Reason, failed.Failures, failed.Name));
        // Back-off and opening: well within the two seconds that are promised after the watchdog's notice.
        Assert.InRange(
            _changes.ElementAt(2).Since.Monotonic - failed.Since.Monotonic, Backoff.First, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void A_source_whose_time_stamps_do_not_go_on_is_not_live()
    {
        using var source = Start(Synthetic(), _ => new ScriptedCapture([CaptureRead.Unusable]));
        _time.AdvanceUntil(() => !_changes.IsEmpty);
        Assert.True(_changes.TryPeek(out var change));
        Assert.Equal(CaptureState.Frozen, change.State);
        Assert.EndsWith(
            "ms; those that come have time stamps that do not go on", change.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_freeze_is_noticed_after_the_watchdogs_time_and_not_before()
    {
        using var source = Start(Synthetic() with { Fault = "freeze@5" });
        _time.AdvanceUntil(() => _changes.Count >= 2);
        Assert.InRange(_changes.ElementAt(1).Since.Monotonic - source.Feed.LastFrameTime, Watchdog, Watchdog * 2);
    }

    [Fact]
    public void Frame_times_keep_rising_and_sequence_numbers_go_on_across_rebuilds()
    {
        using var source = Start(Synthetic() with { Fault = "error@3" });
        var last = (Time: TimeSpan.Zero, Sequence: 0L);
        for (var taken = 0; taken < 12; taken++)
        {
            Frame? frame = null;
            _time.AdvanceUntil(() => (frame = source.Feed.Take()) is not null);
            using (frame)
            {
                Assert.True(frame!.Time.Monotonic > last.Time && frame.Sequence > last.Sequence);
                last = (frame.Time.Monotonic, frame.Sequence);
            }
        }

        Assert.Contains(_changes, change => change.State == CaptureState.Failed);
    }

    [Fact]
    public void A_source_that_cannot_be_opened_is_tried_again_with_longer_and_longer_waits()
    {
        var attempts = new ConcurrentQueue<TimeSpan>();
        var clock = new SensorClock(_time);
        using var source = Start(Synthetic(), notBefore =>
        {
            attempts.Enqueue(clock.Monotonic);
            if (attempts.Count <= 4) throw new CaptureException(CaptureFailure.Error, "unplugged");
            return new SyntheticCapture(Synthetic(), clock, notBefore);
        });
        _time.AdvanceUntil(() => source.Status.State == CaptureState.Live);

        var waits = attempts.Zip(attempts.Skip(1), (a, b) => (b - a).TotalMilliseconds).ToArray();
        Assert.All(waits.Zip([250, 500, 1000, 2000]), pair => Assert.True(pair.First >= pair.Second));
        Assert.Equal(4, _changes.Count(change => change is { State: CaptureState.Failed, Reason: "unplugged" }));
        Assert.Equal(0, source.Status.Failures);
    }

    [Fact]
    public void A_driver_that_throws_anything_at_all_is_reported_and_rebuilt()
    {
        var opened = 0;
        using var source = Start(Synthetic(), notBefore => ++opened == 1
            ? throw new InvalidDataException("what no one thought of")
            : new SyntheticCapture(Synthetic(), new SensorClock(_time), notBefore));
        _time.AdvanceUntil(() => source.Status.State == CaptureState.Live);
        Assert.Equal("InvalidDataException: what no one thought of", _changes.First().Reason);
    }

    [Fact]
    public void Every_capture_is_closed_before_the_next_is_opened()
    {
        var captures = new ConcurrentQueue<ScriptedCapture>();
        using var source = Start(Synthetic(), _ =>
        {
            Assert.All(captures, capture => Assert.True(capture.Closed));
            captures.Enqueue(new ScriptedCapture([CaptureRead.Arrived, CaptureRead.Ended]));
            return captures.Last();
        });
        _time.AdvanceUntil(() => captures.Count >= 4);
        source.Dispose();
        Assert.All(captures, capture => Assert.True(capture.Closed));
    }

    [Fact]
    public void A_recording_ends_and_is_not_opened_again()
    {
        var opened = 0;
        using var source = Start(new() { Name = "front", Kind = CameraKind.File, Path = "clip" }, _ =>
        {
            opened++;
            return new ScriptedCapture([CaptureRead.Arrived, CaptureRead.Ended]);
        });
        _time.AdvanceUntil(() => source.Feed.IsFinished);
        Assert.Equal((1, CaptureState.Ended), (opened, source.Status.State));
    }

    [Fact]
    public void A_recording_that_fails_says_why_and_is_not_opened_again()
    {
        var opened = 0;
        using var source = Start(new() { Name = "front", Kind = CameraKind.File, Path = "clip" }, _ =>
        {
            opened++;
            throw new CaptureException(CaptureFailure.Configuration, "there is no file 'clip'");
        });
        _time.AdvanceUntil(() => source.Feed.IsFinished);
        Assert.Equal(
            (1, CaptureState.Failed, "there is no file 'clip'"), (opened, source.Status.State, source.Status.Reason));
    }

    [Fact]
    public void A_recording_without_a_first_frame_has_failed()
    {
        var clip = new CameraSettings { Name = "front", Kind = CameraKind.File, Path = "clip", StartTimeoutMs = 1000 };
        var clock = new SensorClock(_time);
        using var source =
            Start(clip, _ => new SyntheticCapture(Synthetic() with { Fault = "freeze@0" }, clock, default));
        _time.AdvanceUntil(() => source.Feed.IsFinished);
        Assert.Equal(
            (CaptureState.Failed, "no first frame within 1000 ms"), (source.Status.State, source.Status.Reason));
    }

    [Fact]
    public void A_loop_begins_again_without_being_counted_as_a_failure()
    {
        var opened = 0;
        using var source = Start(new() { Name = "front", Kind = CameraKind.File, Path = "clip", Loop = true }, _ =>
        {
            opened++;
            return new ScriptedCapture([CaptureRead.Arrived, CaptureRead.Ended]);
        });
        Eventually.Holds(() => Volatile.Read(ref opened) > 5, "looping");
        Assert.Equal([CaptureState.Live], _changes.Select(change => change.State));
    }

    [Fact]
    public void A_loop_without_a_single_frame_is_a_failure_that_waits()
    {
        var opened = 0;
        using var source = Start(new() { Name = "front", Kind = CameraKind.File, Path = "clip", Loop = true }, _ =>
        {
            opened++;
            return new ScriptedCapture([CaptureRead.Ended]);
        });
        Eventually.Holds(() => source.Status.State == CaptureState.Failed, "failing");
        Assert.Equal((1, "it ended without a single frame"), (opened, source.Status.Reason));
    }

    [Fact]
    public void A_source_that_never_gives_a_first_frame_is_frozen()
    {
        using var source = Start(Synthetic() with { Fault = "freeze@0", StartTimeoutMs = 3000 });
        _time.AdvanceUntil(() => !_changes.IsEmpty);
        Assert.Equal("no first frame within 3000 ms", _changes.First().Reason);
    }

    [Fact]
    public void Stopping_returns_every_lease_and_leaves_the_state_ended()
    {
        var source = Start(Synthetic());
        _time.AdvanceUntil(() => source.Feed.Captured > 10);
        source.Dispose();
        source.Dispose();
        Assert.Equal(
            (0, CaptureState.Ended, true), (source.Feed.Pool.Leased, source.Status.State, source.Feed.IsFinished));
    }

    [Fact]
    public void A_source_that_was_never_started_can_be_disposed()
    {
        var clock = new SensorClock(_time);
        var source =
            CameraSource.Of(Synthetic(), _ => throw new InvalidOperationException(), clock, NullLogger.Instance);
        source.Dispose();
        Assert.Equal(0, source.Feed.Pool.Leased);
    }

    private static CameraSettings Synthetic() => new()
    {
        Name = "front",
        Kind = CameraKind.Synthetic,
        Width = 32,
        Height = 24,
        Fps = 20,
        WatchdogMs = (int)Watchdog.TotalMilliseconds,
    };

    private CaptureSource<FrameFeed> Start(CameraSettings settings, OpenCapture<FrameFeed>? open = null)
    {
        var clock = new SensorClock(_time);
        var source = CameraSource.Of(
            settings, open ?? (notBefore => new SyntheticCapture(settings, clock, notBefore)), clock,
            NullLogger.Instance);
        source.StatusChanged += _changes.Enqueue;
        source.Start();
        return source;
    }

    /// <summary>Gives the same answers at each opening, each at once, the last one over and over.</summary>
    private sealed class ScriptedCapture(CaptureRead[] answers) : ICapture<FrameFeed>
    {
        private int _next;

        public bool Closed { get; private set; }

        public CaptureRead Read(FrameFeed feed, TimeSpan timeout, CancellationToken stop) =>
            answers[_next < answers.Length - 1 ? _next++ : _next];

        public void Dispose() => Closed = true;
    }
}
