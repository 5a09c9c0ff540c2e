using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Synchronization;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;

namespace EdgePerception.Sensors.Tests.Synchronization;

public sealed class SynchronizerTests : IDisposable
{
    private const int Width = 4;
    private const int Height = 3;
    private static readonly TimeSpan MaxAge = TimeSpan.FromMilliseconds(200);
    private readonly FakeTimeProvider _time = new();
    private readonly SensorClock _clock;
    private readonly FrameFeed _front;
    private readonly FrameFeed _rear;
    private readonly Synchronizer _synchronizer;
    private readonly byte[] _image = new byte[Width * Height * 3];

    public SynchronizerTests()
    {
        _clock = new SensorClock(_time);
        _front = new FrameFeed("front", _clock);
        _rear = CameraSource.Feed(new() { Name = "rear" }, _clock);
        _synchronizer = new Synchronizer([_front, _rear], _clock, new SynchronizerSettings(MaxAge));
    }

    public void Dispose()
    {
        _front.Dispose();
        _rear.Dispose();
        _synchronizer.Dispose();
    }

    [Fact]
    public void A_snapshot_holds_the_newest_frame_of_every_camera_that_has_a_new_one()
    {
        Capture(_front);
        Capture(_front);
        using (var both = Take(_front, _rear)) Assert.Equal([2L, 1L], Sequences(both));
        Capture(_rear);
        using (var one = _synchronizer.Next(TimeSpan.Zero)!)
        {
            Assert.Equal("rear", one.Cameras[0].Frame.Camera);
            Assert.Equal(1, one.Cameras.Length);
            Assert.Equal((2, one.Cameras[0].Frame.Time), (one.Sequence, one.Time));
        }

        Assert.Null(_synchronizer.Next(TimeSpan.Zero));
        Assert.Equal(1, _front.Dropped(FrameDrop.Replaced));
    }

    [Fact]
    public async Task It_waits_for_a_frame_and_wakes_when_one_comes()
    {
        var next = Task.Run(() => _synchronizer.Next(TimeSpan.FromHours(1)));
        await Task.Yield();
        Capture(_rear);
        using var snapshot = await next.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal("rear", snapshot!.Cameras[0].Frame.Camera);
    }

    [Fact]
    public async Task It_waits_no_longer_than_asked()
    {
        var next = Task.Run(() => _synchronizer.Next(TimeSpan.FromSeconds(3)));
        _time.AdvanceUntil(() => next.IsCompleted);
        Assert.Null(await next);
    }

    [Fact]
    public async Task A_cancelled_wait_gives_nothing()
    {
        using var stop = new CancellationTokenSource();
        var next = Task.Run(() => _synchronizer.Next(TimeSpan.FromHours(1), stop.Token));
        await stop.CancelAsync();
        Assert.Null(await next.WaitAsync(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void A_stale_frame_is_refused_and_counted()
    {
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Capture(_front);
        _time.Advance(MaxAge + TimeSpan.FromTicks(1));
        Assert.Null(_synchronizer.Next(TimeSpan.Zero));
        Assert.Equal((1, 0), (_front.Dropped(FrameDrop.Stale), _front.Pool.Leased));
    }

    [Fact]
    public void Times_of_an_unpaced_recording_have_no_age()
    {
        using var recording = CameraSource.Feed(new() { Name = "clip", Kind = CameraKind.File, Paced = false }, _clock);
        using var synchronizer = new Synchronizer([recording], _clock, new SynchronizerSettings(MaxAge));
        recording.Video(_image, Width, Height, Width * 3, TimeSpan.FromSeconds(1));
        using var snapshot = synchronizer.Next(TimeSpan.Zero);
        Assert.NotNull(snapshot);
    }

    [Fact]
    public void A_disposed_snapshot_ends_its_leases_and_cannot_be_read()
    {
        Capture(_front);
        var snapshot = _synchronizer.Next(TimeSpan.Zero)!;
        var sample = snapshot.Cameras[0];
        Assert.Equal(1, _front.Pool.Leased);
        snapshot.Dispose();
        snapshot.Dispose();

        Assert.Equal(0, _front.Pool.Leased);
        Assert.Throws<ObjectDisposedException>(() => snapshot.Cameras.Length);
        Assert.Throws<ObjectDisposedException>(() => sample.Frame);
    }

    [Fact]
    public void Several_snapshots_can_be_in_use_and_each_is_used_again()
    {
        Capture(_front);
        var first = _synchronizer.Next(TimeSpan.Zero)!;
        Capture(_front);
        var second = _synchronizer.Next(TimeSpan.Zero)!;
        Assert.NotSame(first, second);
        Assert.Equal([1L], Sequences(first));
        first.Dispose();
        Capture(_front);
        using var third = _synchronizer.Next(TimeSpan.Zero)!;
        Assert.Same(first, third);
        second.Dispose();
    }

    [Fact]
    public void It_is_completed_when_every_source_has_ended_and_every_frame_was_taken()
    {
        Capture(_front);
        _front.Finish();
        _rear.Finish();
        Assert.False(_synchronizer.IsCompleted);
        _synchronizer.Next(TimeSpan.FromHours(1))!.Dispose();
        Assert.True(_synchronizer.IsCompleted);
        Assert.Null(_synchronizer.Next(TimeSpan.FromHours(1)));
    }

    [Fact]
    public void A_frame_that_is_not_later_than_the_one_before_is_dropped()
    {
        Capture(_front);
        _front.Video(_image, Width, Height, Width * 3, _clock.Monotonic - TimeSpan.FromSeconds(1));
        Assert.Equal(1, _front.Dropped(FrameDrop.Stale));
    }

    [Fact]
    public void A_frame_from_the_future_was_taken_now()
    {
        _front.Video(_image, Width, Height, Width * 3, _clock.Monotonic + TimeSpan.FromSeconds(1));
        using var snapshot = _synchronizer.Next(TimeSpan.Zero)!;
        Assert.Equal(_clock.Now, snapshot.Time);
    }

    [Fact]
    public void A_frame_that_finds_the_pool_empty_is_dropped_and_counted()
    {
        var held = new List<Sensors.Frames.Frame>();
        for (var i = 0; i < _front.Pool.Capacity + 2; i++)
        {
            Capture(_front);
            if (_front.Take() is { } frame) held.Add(frame);
        }

        Assert.Equal((2, _front.Pool.Capacity), (_front.Dropped(FrameDrop.PoolExhausted), held.Count));
        held.ForEach(frame => frame.Dispose());
    }

    [Fact]
    public void Capturing_and_synchronizing_allocate_nothing()
    {
        Turn(20);
        Assert.Equal(0, Allocations.Least(() => Turn(2000)));

        void Turn(int count)
        {
            for (var i = 0; i < count; i++)
            {
                _time.Advance(TimeSpan.FromMilliseconds(10));
                _front.Video(_image, Width, Height, Width * 3, _clock.Monotonic);
                if (i % 3 == 0) _rear.Video(_image, Width, Height, Width * 3, _clock.Monotonic);
                if (i % 7 == 0) continue;
                using var snapshot = _synchronizer.Next(TimeSpan.FromSeconds(1));
                foreach (var sample in snapshot!.Cameras) _ = sample.Frame.Pixels.Length;
            }
        }
    }

    private static long[] Sequences(SensorSnapshot snapshot)
    {
        var result = new long[snapshot.Cameras.Length];
        for (var i = 0; i < result.Length; i++) result[i] = snapshot.Cameras[i].Frame.Sequence;
        return result;
    }

    private void Capture(FrameFeed feed)
    {
        _time.Advance(TimeSpan.FromMilliseconds(1));
        feed.Video(_image, Width, Height, Width * 3, _clock.Monotonic);
    }

    private SensorSnapshot Take(params FrameFeed[] others)
    {
        Capture(others[1]);
        return _synchronizer.Next(TimeSpan.Zero)!;
    }
}
