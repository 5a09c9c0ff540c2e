using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Synchronization;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Sensors.Tests.Synchronization;

/// <summary>
/// Several cameras that share one model: who joins a run, who waits, and who loses frames under overload.
/// </summary>
public sealed class SharedModelTests : IDisposable
{
    private static readonly TimeSpan JoinWait = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);
    private readonly FakeTimeProvider _time = new();
    private readonly SensorClock _clock;
    private readonly List<FrameFeed> _feeds = [];
    private readonly byte[] _image = new byte[4 * 3 * 3];

    public SharedModelTests() => _clock = new SensorClock(_time);

    public void Dispose() => _feeds.ForEach(feed => feed.Dispose());

    [Fact]
    public async Task A_frame_waits_for_one_that_is_due_a_little_later()
    {
        using var synchronizer = Synchronizer(2);
        TwoInStep(synchronizer);
        Capture(_feeds[0]);
        var next = Task.Run(() => synchronizer.Next(TimeSpan.FromHours(1)));
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(3));
        Capture(_feeds[1]);
        using var snapshot = await next.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(2, snapshot!.Cameras.Length);
    }

    [Fact]
    public async Task It_waits_no_longer_than_the_bound_for_one_that_does_not_come()
    {
        using var synchronizer = Synchronizer(2);
        TwoInStep(synchronizer);
        Capture(_feeds[0]);
        var before = _clock.Monotonic;
        var next = Task.Run(() => synchronizer.Next(TimeSpan.FromHours(1)));
        _time.AdvanceUntil(() => next.IsCompleted, TimeSpan.FromMilliseconds(1));
        using var snapshot = await next;
        Assert.Equal(1, snapshot!.Cameras.Length);
        Assert.True(_clock.Monotonic - before >= JoinWait);
    }

    [Fact]
    public void It_does_not_wait_for_one_that_is_not_due()
    {
        using var synchronizer = Synchronizer(2);
        TwoInStep(synchronizer);
        _time.Advance(Period / 2);
        Capture(_feeds[0]);
        // The time stands still, so that any wait would last for ever.
        using var snapshot = synchronizer.Next(TimeSpan.FromHours(1));
        Assert.Equal(1, snapshot!.Cameras.Length);
    }

    [Fact]
    public void It_does_not_wait_for_one_that_has_ended()
    {
        using var synchronizer = Synchronizer(2);
        TwoInStep(synchronizer);
        _feeds[1].Finish();
        Capture(_feeds[0]);
        using var snapshot = synchronizer.Next(TimeSpan.FromHours(1));
        Assert.Equal(1, snapshot!.Cameras.Length);
    }

    [Fact]
    public void A_full_run_waits_for_nobody()
    {
        using var synchronizer = Synchronizer(2, maxCameras: 1);
        TwoInStep(synchronizer);
        Capture(_feeds[0]);
        using var snapshot = synchronizer.Next(TimeSpan.FromHours(1));
        Assert.Equal("camera0", snapshot!.Cameras[0].Frame.Camera);
    }

    [Fact]
    public void More_cameras_than_a_run_takes_go_by_turns()
    {
        using var synchronizer = Synchronizer(3, maxCameras: 2, joinWait: TimeSpan.Zero);
        List<string> seen = [];
        for (var round = 0; round < 3; round++)
        {
            _feeds.ForEach(Capture);
            using var snapshot = synchronizer.Next(TimeSpan.Zero)!;
            foreach (var sample in snapshot.Cameras) seen.Add(sample.Frame.Camera);
        }

        Assert.Equal(["camera0", "camera1", "camera0", "camera2", "camera1", "camera2"], seen);
    }

    [Property(MaxTest = 100, Replay = "17,31")]
    public Property Under_overload_each_camera_is_served_alike_whatever_its_rate_and_the_greediest_loses_most() =>
        Prop.ForAll(Gen.Choose(1, 6).ArrayOf(4).ToArbitrary(), rates =>
        {
            _feeds.ForEach(feed => feed.Dispose());
            _feeds.Clear();
            using var synchronizer = Synchronizer(rates.Length, maxCameras: 1, joinWait: TimeSpan.Zero);
            var served = new int[rates.Length];
            const int Rounds = 40;
            for (var round = 0; round < Rounds * rates.Length; round++)
            {
                // Each camera gives at least one frame for each that is served: there is more than the model can take.
                for (var i = 0; i < rates.Length; i++)
                    for (var frame = 0; frame < rates[i]; frame++) Capture(_feeds[i]);
                using var snapshot = synchronizer.Next(TimeSpan.Zero)!;
                served[_feeds.FindIndex(feed => feed.Camera == snapshot.Cameras[0].Frame.Camera)]++;
            }

            Assert.All(served, count => Assert.Equal(Rounds, count));
            // What was captured was served, dropped as replaced, or waits.
            for (var i = 0; i < rates.Length; i++)
            {
                Assert.Equal(_feeds[i].Captured,
                    served[i] + _feeds[i].Dropped(FrameDrop.Replaced) + (_feeds[i].HasFrame ? 1 : 0));
            }

            var greediest = Array.IndexOf(rates, rates.Max());
            Assert.Equal(_feeds.Max(feed => feed.Dropped(FrameDrop.Replaced)),
                _feeds[greediest].Dropped(FrameDrop.Replaced), 2.0);
        });

    private Synchronizer Synchronizer(int cameras, int maxCameras = int.MaxValue, TimeSpan? joinWait = null)
    {
        for (var i = 0; i < cameras; i++) _feeds.Add(new FrameFeed($"camera{i}", _clock));
        return new Synchronizer(
            _feeds, _clock, new SynchronizerSettings(TimeSpan.FromHours(1), joinWait ?? JoinWait, () => maxCameras));
    }

    // Both cameras give a frame every period, at the same time.
    private void TwoInStep(Synchronizer synchronizer)
    {
        for (var i = 0; i < 4; i++)
        {
            _time.Advance(Period - TimeSpan.FromMilliseconds(2));
            _feeds.ForEach(Capture);
            while (_feeds.Exists(feed => feed.HasFrame)) synchronizer.Next(TimeSpan.Zero)!.Dispose();
        }

        _time.Advance(Period - TimeSpan.FromMilliseconds(2));
    }

    private void Capture(FrameFeed feed)
    {
        _time.Advance(TimeSpan.FromMilliseconds(1));
        feed.Video(_image, 4, 3, 12, _clock.Monotonic);
    }
}
