using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.GStreamer;
using EdgePerception.Sensors.Synchronization;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgePerception.Sensors.Tests.GStreamer;

/// <summary>These use the machine's GStreamer and its clock, so they run one after the other.</summary>
[CollectionDefinition(nameof(GStreamerRuns), DisableParallelization = true)]
public sealed class GStreamerRuns : ICollectionFixture<Clips>;

[Collection(nameof(GStreamerRuns))]
public sealed class GStreamerCaptureTests(Clips clips)
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);

    [Fact]
    public void An_unpaced_file_gives_every_frame_in_the_files_own_time()
    {
        var clip = clips.FlashAndClick("every.avi", 3);
        using var rig = Rig(new() { Name = "clip", Kind = CameraKind.File, Path = clip, Paced = false });
        var frames = Play(rig);

        Assert.Equal(Enumerable.Range(1, 75).Select(i => (long)i), frames.Select(frame => frame.Sequence));
        Assert.All(frames.Zip(frames.Skip(1)),
            pair => Assert.Equal(40, (pair.Second.Time - pair.First.Time).TotalMilliseconds, 0.01));
        Assert.Equal(CaptureState.Ended, rig.Cameras[0].Status.State);
    }

    [Fact]
    public void A_looping_file_goes_on_in_time_like_a_camera()
    {
        var clip = clips.FlashAndClick("loop.avi", 1);
        using var rig = Rig(new() { Name = "clip", Kind = CameraKind.File, Path = clip, Loop = true });
        var begin = SensorClock.System.Monotonic;
        rig.Start();
        var times = new List<TimeSpan>();
        Eventually.Holds(() =>
        {
            using var snapshot = rig.Synchronizer.Next(TimeSpan.FromSeconds(5));
            if (snapshot is not null) times.Add(snapshot.Time.Monotonic);
            return rig.Cameras[0].Feed.Captured > 3 * Clips.FramesPerSecond + 5;
        }, "a fourth round");

        Assert.All(times.Zip(times.Skip(1)), pair => Assert.True(pair.Second > pair.First));
        Assert.All(times, time => Assert.InRange(time, begin, SensorClock.System.Monotonic));
        Assert.Equal(CaptureState.Live, rig.Cameras[0].Status.State);
    }

    [Fact]
    public void A_test_pattern_is_scaled_and_its_frames_are_stamped_with_the_time_of_capture()
    {
        using var rig = Rig(new() { Name = "test", Width = 100, Height = 50, Fps = 20 });
        var begin = SensorClock.System.Monotonic;
        rig.Start();
        for (var i = 0; i < 10; i++)
        {
            using var snapshot = rig.Synchronizer.Next(TimeLimit)!;
            var sample = snapshot.Cameras[0];
            Assert.Equal((100, 50, 15_000), (sample.Frame.Width, sample.Frame.Height, sample.Frame.Pixels.Length));
            Assert.InRange(sample.Frame.Time.Monotonic, begin, SensorClock.System.Monotonic);
            Assert.Contains(sample.Frame.Pixels.ToArray(), value => value > 200);
        }
    }

    [Fact]
    public void A_custom_pipeline_delivers_what_its_sinks_get()
    {
        using var rig = Rig(new()
        {
            Name = "own",
            Kind = CameraKind.Custom,
            Pipeline = "videotestsrc is-live=true pattern=red ! video/x-raw,format=RGB,width=17,height=9 ! appsink "
                + "name=video max-buffers=2 drop=true",
        });
        rig.Start();
        using var snapshot = rig.Synchronizer.Next(TimeLimit)!;
        // 17 pixels make 51 bytes, which GStreamer pads to 52: the last pixel tells whether rows were packed.
        Assert.Equal([255, 0, 0], snapshot.Cameras[0].Frame.Pixels[^3..].ToArray());
    }

    [Fact]
    public async Task Pictures_without_time_stamps_count_by_their_arrival()
    {
        clips.Launch("videotestsrc num-buffers=1 ! jpegenc ! filesink location=FOLDER/still.jpg");
        using var camera = new MotionJpegCamera(File.ReadAllBytes(clips.Path("still.jpg")));
        using var rig = Rig(new()
        {
            Name = "web",
            Kind = CameraKind.Custom,
            Pipeline = $"souphttpsrc location={camera.Url} ! multipartdemux ! image/jpeg ! jpegdec ! videoconvert"
                + " ! video/x-raw,format=RGB ! appsink name=video max-buffers=2 drop=true",
        });
        rig.Start();
        var last = SensorClock.System.Monotonic;
        for (var i = 0; i < 10; i++)
        {
            using var snapshot = rig.Synchronizer.Next(TimeLimit)!;
            Assert.InRange(snapshot.Time.Monotonic, last, SensorClock.System.Monotonic);
            last = snapshot.Time.Monotonic;
        }

        Assert.Equal(CaptureState.Live, rig.Cameras[0].Status.State);
        Assert.Equal(0, rig.Cameras[0].Feed.Dropped(FrameDrop.Stale));
        rig.Dispose();
        await camera.EndAsync();
    }

    [Fact]
    public void Reading_frames_allocates_nothing()
    {
        var settings = new CameraSettings
        {
            Name = "test",
            Width = 64,
            Height = 48,
            Fps = 120,
        };
        using var feed = CameraSource.Feed(settings, SensorClock.System);
        using var capture = GStreamerCapture.Open(settings, SensorClock.System, default, NullLogger.Instance);
        using var synchronizer = new Synchronizer([feed], SensorClock.System, new SynchronizerSettings(TimeLimit));
        Turn(60);
        Assert.Equal(0, Allocations.Least(() => Turn(240)));

        void Turn(int count)
        {
            for (var i = 0; i < count; i++)
            {
                capture.Read(feed, TimeSpan.FromMilliseconds(50), default);
                using var snapshot = synchronizer.Next(TimeSpan.FromTicks(1));
            }
        }
    }

    [Fact]
    public void Opening_and_closing_again_and_again_leaks_nothing()
    {
        var settings = new CameraSettings { Name = "test", Width = 64, Height = 48 };
        var threads = 0;
        for (var round = 0; round < 30; round++)
        {
            if (round == 5) threads = Threads();
            using var rig = Rig(settings);
            rig.Start();
            using (rig.Synchronizer.Next(TimeLimit)) { }
            rig.Dispose();
            Assert.Equal(0, rig.Cameras[0].Feed.Pool.Leased);
        }

        Eventually.Holds(() => Threads() <= threads + 6, "the end of the pipelines' threads");
    }

    private static int Threads() => Directory.GetDirectories("/proc/self/task").Length;

    private static SensorRig Rig(CameraSettings settings) =>
        new([settings], [], SensorClock.System, new SynchronizerSettings(TimeSpan.FromSeconds(30)),
            NullLogger.Instance);

    private static List<Seen> Play(SensorRig rig)
    {
        var frames = new List<Seen>();
        rig.Start();
        Eventually.Holds(() =>
        {
            using var snapshot = rig.Synchronizer.Next(TimeSpan.FromSeconds(1));
            if (snapshot is not null) frames.Add(See(snapshot.Cameras[0]));
            return rig.Synchronizer.IsCompleted;
        }, "the end of the recording");
        Assert.Equal(0, rig.Cameras[0].Feed.Pool.Leased);
        return frames;
    }

    private static Seen See(CameraSample sample)
    {
        return new Seen(sample.Frame.Sequence, sample.Frame.Time.Monotonic);
    }

    private sealed record Seen(long Sequence, TimeSpan Time);
}
