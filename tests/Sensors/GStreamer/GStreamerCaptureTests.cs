using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.GStreamer;
using EdgePerception.Sensors.Microphones;
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
        Assert.All(frames.Zip(frames.Skip(1)), pair => Assert.Equal(40, (pair.Second.Time - pair.First.Time).TotalMilliseconds, 0.01));
        Assert.Equal(CaptureState.Ended, rig.Sources[0].Status.State);
    }

    [Theory]
    [InlineData("raw", true)]
    [InlineData("raw", false)]
    [InlineData("mkv", false)]
    [InlineData("mov", false)]
    [InlineData("mov", true)]
    public void The_flash_is_seen_when_the_click_is_heard(string format, bool paced)
    {
        var clip = clips.FlashAndClick("flash.avi", 4);
        if (format != "raw")
        {
            var (sound, mux) = format == "mkv" ? ("vorbisenc", "matroskamux") : ("audio/x-raw,format=S16LE", "qtmux");
            clips.Launch(
                $"filesrc location=FOLDER/flash.avi ! decodebin name=d {mux} name=m ! filesink location=FOLDER/flash.{format}"
                + $" d. ! videoconvert ! queue ! jpegenc ! m. d. ! audioconvert ! audioresample ! {sound} ! queue ! m.");
            clip = clips.Path($"flash.{format}");
        }

        using var rig = Rig(new() { Name = "clip", Kind = CameraKind.File, Path = clip, Paced = paced, Audio = true });
        var frames = Play(rig);
        var flashes = frames.Where(frame => frame.Brightness > 128).Select(frame => frame.Time).ToArray();
        var clicks = frames.SelectMany(frame => frame.Clicks).ToArray();

        Assert.Equal(3, flashes.Length);
        Assert.Equal(3, clicks.Length);
        Assert.All(flashes.Zip(clicks), pair => Assert.InRange((pair.First - pair.Second).TotalMilliseconds, -5, 5));
    }

    [Fact]
    public void A_looping_file_goes_on_in_time_like_a_camera()
    {
        var clip = clips.FlashAndClick("loop.avi", 1);
        using var rig = Rig(new() { Name = "clip", Kind = CameraKind.File, Path = clip, Loop = true, Audio = true });
        var begin = SensorClock.System.Monotonic;
        rig.Start();
        var times = new List<TimeSpan>();
        Eventually.Holds(() =>
        {
            using var snapshot = rig.Synchronizer.Next(TimeSpan.FromSeconds(5));
            if (snapshot is not null) times.Add(snapshot.Time.Monotonic);
            return rig.Sources[0].Feed.Captured > 3 * Clips.FramesPerSecond + 5;
        }, "a fourth round");

        Assert.All(times.Zip(times.Skip(1)), pair => Assert.True(pair.Second > pair.First));
        Assert.All(times, time => Assert.InRange(time, begin, SensorClock.System.Monotonic));
        Assert.Equal(CaptureState.Live, rig.Sources[0].Status.State);
    }

    [Fact]
    public void Another_files_sound_is_played_beside_the_pictures()
    {
        var clip = clips.FlashAndClick("silent.avi", 2);
        clips.Launch("audiotestsrc num-buffers=40 samplesperbuffer=800 volume=0.5 ! audio/x-raw,rate=16000,channels=1 ! wavenc ! filesink location=FOLDER/voice.wav");
        using var rig = Rig(new()
        {
            Name = "clip",
            Kind = CameraKind.File,
            Path = clip,
            AudioPath = clips.Path("voice.wav"),
            Audio = true,
            AudioChannels = 2,
            Paced = false,
        });
        var frames = Play(rig);
        // Two seconds of sound, of which the last frame, which begins 40 ms before the end, cannot know the rest.
        Assert.InRange(frames.Sum(frame => frame.SoundLength), 30_000, 32_000);
        Assert.DoesNotContain(frames, frame => frame.Discontinuity);
    }

    [Fact]
    public void A_test_pattern_is_scaled_and_its_frames_are_stamped_with_the_time_of_capture()
    {
        using var rig = Rig(new() { Name = "test", Width = 100, Height = 50, Fps = 20, Audio = true });
        var begin = SensorClock.System.Monotonic;
        rig.Start();
        var sound = 0;
        for (var i = 0; i < 10; i++)
        {
            using var snapshot = rig.Synchronizer.Next(TimeLimit)!;
            var sample = snapshot.Cameras[0];
            Assert.Equal((100, 50, 15_000), (sample.Frame.Width, sample.Frame.Height, sample.Frame.Pixels.Length));
            Assert.InRange(sample.Frame.Time.Monotonic, begin, SensorClock.System.Monotonic);
            Assert.Contains(sample.Frame.Pixels.ToArray(), value => value > 200);
            sound += sample.Audio.Length;
        }

        Assert.True(sound > 0);
    }

    [Fact]
    public void A_custom_pipeline_delivers_what_its_sinks_get()
    {
        using var rig = Rig(new()
        {
            Name = "own",
            Kind = CameraKind.Custom,
            Pipeline = "videotestsrc is-live=true pattern=red ! video/x-raw,format=RGB,width=17,height=9 ! appsink name=video max-buffers=2 drop=true",
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

        Assert.Equal(CaptureState.Live, rig.Sources[0].Status.State);
        Assert.Equal(0, rig.Sources[0].Feed.Dropped(FrameDrop.Stale));
        rig.Dispose();
        await camera.EndAsync();
    }

    [Fact]
    public void Sound_without_time_stamps_counts_by_its_arrival()
    {
        var half = BitConverter.GetBytes(0.5f);
        File.WriteAllBytes(clips.Path("tone.raw"), [.. Enumerable.Repeat(half, 32_000).SelectMany(bytes => bytes)]);
        using var rig = Rig(new()
        {
            Name = "own",
            Kind = CameraKind.Custom,
            Audio = true,
            AudioChannels = 2,
            Pipeline = "videotestsrc is-live=true ! video/x-raw,format=RGB,width=16,height=16 ! appsink name=video"
                + $"  filesrc location={clips.Path("tone.raw")} blocksize=6400"
                + " ! audio/x-raw,format=F32LE,rate=16000,channels=1,layout=interleaved"
                + " ! appsink name=audio async=false",
        });
        rig.Start();
        var sound = 0;
        Eventually.Holds(() =>
        {
            using var snapshot = rig.Synchronizer.Next(TimeLimit)!;
            sound += snapshot.Cameras[0].Audio.Samples.Span.Count(0.5f);
            return sound > 3200;
        }, "the tone on both channels");
    }

    [Theory]
    [InlineData("channels=8,channel-mask=(bitmask)0xc3f", 8)]
    [InlineData("channels=8,channel-mask=(bitmask)0xc3f", 1)]
    [InlineData("channels=8,channel-mask=(bitmask)0xc3f", 2)]
    [InlineData("channels=8,channel-mask=(bitmask)0x0", 2)]
    [InlineData("channels=8,channel-mask=(bitmask)0x0", 8)]
    [InlineData("channels=6,channel-mask=(bitmask)0x3f", 4)]
    [InlineData("channels=3,channel-mask=(bitmask)0x0", 16)]
    [InlineData("channels=2", 3)]
    [InlineData("channels=1", 16)]
    public void Any_number_of_channels_is_mixed_to_the_wanted_one(string channels, int wanted)
    {
        clips.FlashAndClick("pictures.avi", 2);
        var images = clips.Path("pictures.avi");
        clips.Launch(
            "audiotestsrc num-buffers=80 samplesperbuffer=1200 wave=square volume=0.5"
            + $" ! audio/x-raw,format=S16LE,rate=48000,{channels} ! wavenc ! filesink location=FOLDER/channels.wav");
        clips.Launch(
            "filesrc location=FOLDER/pictures.avi ! avidemux name=d d.video_0 ! queue ! m."
            + " filesrc location=FOLDER/channels.wav ! wavparse ! queue ! m."
            + " matroskamux name=m ! filesink location=FOLDER/channels.mkv");
        var beside = new CameraSettings
        {
            Name = "clip",
            Kind = CameraKind.File,
            Path = images,
            AudioPath = clips.Path("channels.wav"),
            Audio = true,
            AudioChannels = wanted,
            Paced = false,
        };
        var within = beside with { Path = clips.Path("channels.mkv"), AudioPath = null };
        foreach (var settings in (CameraSettings[])[beside, within])
        {
            using var rig = Rig(settings);
            var frames = Play(rig);
            Assert.Equal((2 * Clips.FramesPerSecond, CaptureState.Ended), (frames.Count, rig.Sources[0].Status.State));
            Assert.InRange(frames.Sum(frame => frame.SoundLength), 30_000, 32_000);
            Assert.All(frames[5..^5], frame => Assert.NotEmpty(frame.Clicks));
        }
    }

    [Fact]
    public void Reading_frames_and_sound_allocates_nothing()
    {
        var settings = new CameraSettings
        {
            Name = "test",
            Width = 64,
            Height = 48,
            Fps = 120,
            Audio = true,
            AudioChannels = 2,
        };
        using var feed = new SensorFeed(settings, SensorClock.System);
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
        var settings = new CameraSettings { Name = "test", Width = 64, Height = 48, Audio = true };
        var threads = 0;
        for (var round = 0; round < 30; round++)
        {
            if (round == 5) threads = Threads();
            using var rig = Rig(settings);
            rig.Start();
            using (rig.Synchronizer.Next(TimeLimit)) { }
            rig.Dispose();
            Assert.Equal(0, rig.Sources[0].Feed.Pool.Leased);
        }

        Eventually.Holds(() => Threads() <= threads + 6, "the end of the pipelines' threads");
    }

    private static int Threads() => Directory.GetDirectories("/proc/self/task").Length;

    private static SensorRig Rig(CameraSettings settings) =>
        new([settings], SensorClock.System, new SynchronizerSettings(TimeSpan.FromSeconds(30)), NullLogger.Instance);

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
        Assert.Equal(0, rig.Sources[0].Feed.Pool.Leased);
        return frames;
    }

    private static Seen See(CameraSample sample)
    {
        var clicks = new List<TimeSpan>();
        var sound = sample.Audio.Samples.Span;
        for (var i = 0; i < sound.Length; i++)
        {
            if (Math.Abs(sound[i]) < 0.4f) continue;
            clicks.Add(sample.Audio.Start + AudioBuffer.ToTime(i / sample.Audio.Channels));
            break;
        }

        var pixels = sample.Frame.Pixels;
        return new Seen(
            sample.Frame.Sequence, sample.Frame.Time.Monotonic, pixels[pixels.Length / 2], sample.Audio.Length, sample.Audio.Discontinuity, clicks);
    }

    private sealed record Seen(long Sequence, TimeSpan Time, byte Brightness, int SoundLength, bool Discontinuity, List<TimeSpan> Clicks);
}
