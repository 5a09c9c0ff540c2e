using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.Cameras.Synthetic;
using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.Synchronization;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;

namespace EdgePerception.Sensors.Tests.Cameras.Synthetic;

public sealed class SyntheticCaptureTests
{
    private static readonly CameraSettings Settings = new()
    {
        Name = "front",
        Kind = CameraKind.Synthetic,
        Width = 64,
        Height = 48,
        Fps = 10,
        Paced = false,
    };

    private readonly SensorClock _clock = new(new FakeTimeProvider());

    [Fact]
    public void It_gives_the_same_pictures_at_each_run() => Assert.Equal(Digest(30), Digest(30));

    [Fact]
    public void Its_shapes_move() => Assert.NotEqual(Picture(1), Picture(5));

    [Fact]
    public void The_lamp_flashes_at_every_whole_second()
    {
        using var feed = CameraSource.Feed(Settings, _clock);
        using var capture = new SyntheticCapture(Settings, _clock, TimeSpan.Zero);
        using var synchronizer = new Synchronizer([feed], _clock, new SynchronizerSettings(TimeSpan.FromSeconds(1)));
        var flashes = new List<TimeSpan>();
        for (var i = 0; i < 35; i++)
        {
            capture.Read(feed, TimeSpan.Zero, default);
            using var snapshot = synchronizer.Next(TimeSpan.Zero)!;
            var sample = snapshot.Cameras[0];
            if (sample.Frame.Pixels[0] == 255) flashes.Add(sample.Frame.Time.Monotonic);
        }

        Assert.Equal(4, flashes.Count);
        Assert.All(
            flashes.Zip(flashes.Skip(1)), pair => Assert.Equal(TimeSpan.FromSeconds(1), pair.Second - pair.First));
    }

    [Fact]
    public void A_reader_that_comes_late_finds_frames_missing_as_at_a_camera()
    {
        var time = new FakeTimeProvider();
        var clock = new SensorClock(time);
        var settings = Settings with { Paced = true };
        using var feed = CameraSource.Feed(settings, clock);
        using var capture = new SyntheticCapture(settings, clock, TimeSpan.Zero);
        capture.Read(feed, TimeSpan.Zero, default);
        var first = feed.LastFrameTime;
        time.Advance(TimeSpan.FromMilliseconds(1050));

        Assert.Equal(CaptureRead.Arrived, capture.Read(feed, TimeSpan.Zero, default));
        Assert.Equal(TimeSpan.FromSeconds(1), feed.LastFrameTime - first);
        Assert.Equal(CaptureRead.Nothing, capture.Read(feed, TimeSpan.Zero, default));
    }

    [Fact]
    public void Drawing_and_waiting_allocate_nothing()
    {
        using var stop = new CancellationTokenSource();
        var settings = Settings with { Paced = true, Fps = 200 };
        using var feed = CameraSource.Feed(settings, SensorClock.System);
        using var capture = new SyntheticCapture(settings, SensorClock.System, TimeSpan.Zero);
        using var synchronizer = new Synchronizer(
            [feed], SensorClock.System, new SynchronizerSettings(TimeSpan.FromMinutes(1)));
        Turn(50);
        Assert.Equal(0, Allocations.Least(() => Turn(200)));

        void Turn(int count)
        {
            for (var i = 0; i < count; i++)
            {
                capture.Read(feed, TimeSpan.FromMilliseconds(20), stop.Token);
                using var snapshot = synchronizer.Next(TimeSpan.FromMilliseconds(1), stop.Token);
            }
        }
    }

    [Fact]
    public void An_unreadable_fault_is_refused() => Assert.Throws<CaptureException>(
        () => new SyntheticCapture(Settings with { Fault = "explode@3" }, _clock, TimeSpan.Zero));

    private byte[] Picture(int frame)
    {
        using var feed = CameraSource.Feed(Settings, _clock);
        using var capture = new SyntheticCapture(Settings, _clock, TimeSpan.Zero);
        for (var i = 0; ; i++)
        {
            capture.Read(feed, TimeSpan.Zero, default);
            using var taken = feed.Take()!;
            if (i == frame) return taken.Pixels.ToArray();
        }
    }

    private string Digest(int frames)
    {
        using var feed = CameraSource.Feed(Settings, _clock);
        using var capture = new SyntheticCapture(Settings, _clock, TimeSpan.Zero);
        using var synchronizer = new Synchronizer([feed], _clock, new SynchronizerSettings(TimeSpan.FromSeconds(1)));
        var hash = new HashCode();
        for (var i = 0; i < frames; i++)
        {
            capture.Read(feed, TimeSpan.Zero, default);
            using var snapshot = synchronizer.Next(TimeSpan.Zero)!;
            hash.AddBytes(snapshot.Cameras[0].Frame.Pixels);
        }

        return $"{hash.ToHashCode()}";
    }
}
