using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.GStreamer;
using EdgePerception.Sensors.Microphones;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgePerception.Sensors.Tests.GStreamer;

[Collection(nameof(GStreamerRuns))]
public sealed class GStreamerMicrophoneTests(Clips clips)
{
    [Theory]
    [InlineData("raw")]
    [InlineData("mkv")]
    [InlineData("mov")]
    public void The_sound_of_a_video_is_played_in_real_time_and_its_pictures_are_left_out(string format)
    {
        var clip = clips.FlashAndClick("flash.avi", 3);
        if (format != "raw")
        {
            var (sound, mux) = format == "mkv" ? ("vorbisenc", "matroskamux") : ("audio/x-raw,format=S16LE", "qtmux");
            clips.Launch(
                $"filesrc location=FOLDER/flash.avi ! decodebin name=d {mux} name=m ! filesink "
                + $"location=FOLDER/flash.{format}"
                + $" d. ! videoconvert ! queue ! jpegenc ! m. d. ! audioconvert ! audioresample ! {sound} ! queue ! "
                + "m.");
            clip = clips.Path($"flash.{format}");
        }

        var begin = SensorClock.System.Monotonic;
        using var source = Source(new() { Name = "clip", Kind = MicrophoneKind.File, Path = clip });
        source.Start();
        Eventually.Holds(() => source.Feed.IsFinished, "the end of the recording");
        Assert.Equal(CaptureState.Ended, source.Status.State);
        Assert.InRange(source.Feed.Captured, 47_000, 48_100);
        Assert.InRange(SensorClock.System.Monotonic - begin, TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(30));
        // A click at each whole second after the first.
        var clicks = Clicks(source.Feed);
        Assert.Equal(2, clicks.Count);
        Assert.InRange((clicks[1] - clicks[0]).TotalMilliseconds, 995, 1005);
        Assert.All(clicks, click => Assert.InRange(click, begin, SensorClock.System.Monotonic));
    }

    [Fact]
    public void A_looping_file_goes_on_like_a_microphone()
    {
        var clip = clips.FlashAndClick("loop.avi", 1);
        using var source = Source(new() { Name = "clip", Kind = MicrophoneKind.File, Path = clip, Loop = true });
        source.Start();
        Eventually.Holds(() => source.Feed.Captured > 40_000, "a third round");
        Assert.Equal(CaptureState.Live, source.Status.State);
    }

    [Fact]
    public void A_test_tone_is_live()
    {
        using var source = Source(new() { Name = "tone", Kind = MicrophoneKind.TestTone, Channels = 2 });
        source.Start();
        Eventually.Holds(() => source.Feed.Captured > 3200, "the tone");
        Assert.InRange(
            SensorClock.System.Monotonic - source.Feed.LastSoundTime, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Sound_without_time_stamps_counts_by_its_arrival()
    {
        var half = BitConverter.GetBytes(0.5f);
        File.WriteAllBytes(clips.Path("tone.raw"), [.. Enumerable.Repeat(half, 32_000).SelectMany(bytes => bytes)]);
        using var source = Source(new()
        {
            Name = "own",
            Kind = MicrophoneKind.Custom,
            Channels = 2,
            Pipeline = $"filesrc location={clips.Path("tone.raw")} blocksize=6400"
                + " ! audio/x-raw,format=F32LE,rate=16000,channels=1,layout=interleaved ! appsink name=audio",
        });
        source.Start();
        Eventually.Holds(() => source.Feed.Captured > 3200, "the tone");
        var samples = new float[6400];
        long position = 0;
        var count = source.Feed.Buffer.Read(ref position, TimeSpan.MaxValue / 2, samples, out _, out _);
        Assert.All(samples.Take(count * 2), sample => Assert.Equal(0.5f, sample));
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
        clips.Launch(
            "audiotestsrc num-buffers=20 samplesperbuffer=1200 wave=square volume=0.5"
            + $" ! audio/x-raw,format=S16LE,rate=48000,{channels} ! wavenc ! filesink location=FOLDER/channels.wav");
        using var source = Source(new()
        {
            Name = "array",
            Kind = MicrophoneKind.File,
            Path = clips.Path("channels.wav"),
            Channels = wanted,
        });
        source.Start();
        Eventually.Holds(() => source.Feed.IsFinished, "the end of the recording");
        Assert.Equal(CaptureState.Ended, source.Status.State);
        Assert.InRange(source.Feed.Captured, 7_500, 8_100);
        var samples = new float[source.Feed.Buffer.Capacity * wanted];
        long position = 0;
        var count = source.Feed.Buffer.Read(ref position, TimeSpan.MaxValue / 2, samples, out _, out _);
        for (var channel = 0; channel < wanted; channel++)
            Assert.True(
                Enumerable.Range(0, count).Count(i => Math.Abs(samples[i * wanted + channel]) > 0.4f) > count / 2);
    }

    [Theory]
    [InlineData(MicrophoneKind.File, "/nowhere/voice.wav", "there is no file '/nowhere/voice.wav'")]
    [InlineData(MicrophoneKind.Custom, "videotestsrc ! fakesink", "the pipeline has no 'appsink name=audio'")]
    [InlineData(MicrophoneKind.Custom, "audiotestsrc ! audio/x-raw,rate=8000 ! appsink name=audio",
        "'appsink name=audio' must be given audio/x-raw,format=F32LE,rate=16000")]
    public void One_that_cannot_be_opened_says_why(MicrophoneKind kind, string where, string reason)
    {
        using var source = Source(new() { Name = "left", Kind = kind, Path = where, Device = where, Pipeline = where });
        source.Start();
        Eventually.Holds(() => source.Status.Reason is not null, "the reason");
        Assert.Contains(reason, source.Status.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_sound_says_so()
    {
        clips.Launch("videotestsrc num-buffers=5 ! jpegenc ! avimux ! filesink location=FOLDER/mute.avi");
        using var source =
            Source(new()
            {
                Name = "left",
                Kind = MicrophoneKind.File,
                Path = clips.Path("mute.avi"),
                StartTimeoutMs = 5000,
            });
        source.Start();
        Eventually.Holds(() => source.Status.Reason is not null, "the reason");
        Assert.Contains("it has no sound", source.Status.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_sound_allocates_nothing()
    {
        var settings = new MicrophoneSettings { Name = "tone", Kind = MicrophoneKind.TestTone, Channels = 2 };
        using var feed = new SoundFeed(settings, SensorClock.System);
        using var microphone = GStreamerMicrophone.Open(settings, SensorClock.System, NullLogger.Instance);
        Turn(20);
        Assert.Equal(0, Allocations.Least(() => Turn(60)));

        void Turn(int count)
        {
            for (var i = 0; i < count; i++) microphone.Read(feed, TimeSpan.FromMilliseconds(50), default);
        }
    }

    private static CaptureSource<SoundFeed> Source(MicrophoneSettings settings) => MicrophoneSource.Of(
        settings, _ => GStreamerMicrophone.Open(settings, SensorClock.System, NullLogger.Instance), SensorClock.System,
        NullLogger.Instance);

    private static List<TimeSpan> Clicks(SoundFeed feed)
    {
        var samples = new float[feed.Buffer.Capacity];
        long position = 0;
        var count = feed.Buffer.Read(ref position, TimeSpan.MaxValue / 2, samples, out var start, out _);
        var clicks = new List<TimeSpan>();
        for (var i = 0; i < count; i++)
        {
            var time = start + AudioBuffer.ToTime(i);
            if (Math.Abs(samples[i]) > 0.4f
                && (clicks.Count == 0 || time - clicks[^1] > TimeSpan.FromMilliseconds(100)))
                clicks.Add(time);
        }

        return clicks;
    }
}
