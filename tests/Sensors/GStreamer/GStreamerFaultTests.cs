using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.GStreamer;
using EdgePerception.Sensors.Microphones;
using EdgePerception.Sensors.Synchronization;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgePerception.Sensors.Tests.GStreamer;

/// <summary>What is said when a source cannot be played: one line with what, where and what to do.</summary>
[Collection(nameof(GStreamerRuns))]
public sealed class GStreamerFaultTests(Clips clips)
{
    [Fact]
    public void A_file_that_is_not_there() => Assert.Equal(
        "there is no file '/nowhere/clip.avi'",
        Failure(new() { Name = "clip", Kind = CameraKind.File, Path = "/nowhere/clip.avi" }));

    [Theory]
    [InlineData("a page of text, and not a film")]
    [InlineData("\u0001\u0002\u0003\u0004\u0005\u0006")]
    [InlineData("")]
    public void A_file_that_is_not_a_film(string content)
    {
        var path = clips.Text("no-film.avi", content);
        var failure = Failure(new() { Name = "clip", Kind = CameraKind.File, Path = path });
        Assert.StartsWith($"'{path}': ", failure, StringComparison.Ordinal);
        Assert.True(failure.Length > path.Length + 10);
        Assert.DoesNotContain('\n', failure);
    }

    [Fact]
    public void A_recording_whose_end_was_never_written()
    {
        clips.Launch(
            "videotestsrc num-buffers=50 ! video/x-raw,width=64,height=48 ! jpegenc ! qtmux ! filesink "
            + "location=FOLDER/whole.mov");
        var path = clips.Path("torn.mov");
        var whole = File.ReadAllBytes(clips.Path("whole.mov"));
        File.WriteAllBytes(path, whole[..(whole.Length / 3)]);
        var failure = Failure(new() { Name = "clip", Kind = CameraKind.File, Path = path, StartTimeoutMs = 1000 });
        // decodebin loses the demuxer's error now and then; then the missing first frame tells.
        Assert.True(
            failure.StartsWith($"'{path}': ", StringComparison.Ordinal) || failure == "no first frame within 1000 ms",
            failure);
    }

    [Fact]
    public void A_file_without_pictures()
    {
        clips.Launch("audiotestsrc num-buffers=20 ! wavenc ! filesink location=FOLDER/only-sound.wav");
        var path = clips.Path("only-sound.wav");
        Assert.Equal(
            $"'{path}': it has no video stream", Failure(new() { Name = "clip", Kind = CameraKind.File, Path = path }));
    }

    [Fact]
    public void A_camera_that_is_not_there() => Assert.Contains(
        "/dev/video77", Failure(new() { Name = "usb", Kind = CameraKind.V4l2, Device = "/dev/video77" }),
        StringComparison.Ordinal);

    [Fact]
    public void An_element_that_is_not_installed() => Assert.Equal(
        "the GStreamer element 'nvarguscamerasrc' is missing: it comes with JetPack (nvidia-l4t-gstreamer)",
        Failure(new() { Name = "csi", Kind = CameraKind.Csi }));

    [Fact]
    public void A_pipeline_of_ones_own_that_cannot_be_built()
    {
        Assert.StartsWith("GStreamer cannot build the pipeline: ",
            Failure(Custom("videotestsrc speed=9 ! appsink name=video")), StringComparison.Ordinal);
        Assert.StartsWith("the GStreamer element 'no-such-thing' is missing",
            Failure(Custom("no-such-thing ! appsink name=video")), StringComparison.Ordinal);
        Assert.Equal("the pipeline has no 'appsink name=video'", Failure(Custom("videotestsrc ! fakesink")));
        Assert.Contains(
            "must be given video/x-raw,format=RGB",
            Failure(Custom("videotestsrc ! video/x-raw,format=I420 ! appsink name=video")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rtsp://admin:Geheim12@127.0.0.1:1/live")]
    [InlineData("/videos/rtsp:/admin:x@Geheim12/#?@127.0.0.1:1/live")]
    [InlineData("https://127.0.0.1:1/clip.mkv?token=Geheim12")]
    public void An_address_in_place_of_a_file_is_told_without_its_password(string path) => AssertHidden(
        Failure(new() { Name = "clip", Kind = CameraKind.File, Path = path }), "127.0.0.1:1/");

    [Theory]
    [InlineData("souphttpsrc location=http://admin:Geheim12@127.0.0.1:1/?key=Geheim34 ! jpegdec", "pipeline: ")]
    [InlineData("souphttpsrc location=http://127.0.0.1:1/ user-id=Geheim12 user-pw=Geheim34 ! jpegdec", "pipeline: ")]
    [InlineData("souphttpsrc user-pw=my Geheim12 ! jpegdec", "element")]
    [InlineData("rtspsrc latency=rtsp://admin:Geheim12@h/ ! decodebin", "rtspsrc")]
    [InlineData("uridecodebin uri=rtsp://admin:x@Geheim12/#Geheim34@127.0.0.1:1/s", "pipeline: ")]
    [InlineData("videotestsrc user-pw=Geheim12", "user-pw")]
    public void What_gstreamer_says_is_told_without_the_secrets_of_the_pipeline(string source, string told) =>
        AssertHidden(
        Failure(Custom($"{source} ! videoconvert ! appsink name=video") with { StartTimeoutMs = 3000 }), told);

    [Fact]
    public void A_password_that_is_percent_encoded_reaches_the_camera_as_it_was_meant()
    {
        using var camera = new ClosedCamera();
        var failure = Failure(new()
        {
            Name = "net",
            Kind = CameraKind.Rtsp,
            Url = $"rtsp://admin:p%40ss%2Fw%23rd%3F%25@127.0.0.1:{camera.Port}/live?token=Geheim34",
        });
        Assert.Equal("admin:p@ss/w#rd?%", camera.Credentials);
        AssertHidden(failure, $"rtsp://127.0.0.1:{camera.Port}/live?***: ");
        Assert.DoesNotContain("ss/w", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_missing_is_known_before_anything_is_opened()
    {
        Assert.True(GStreamerLibrary.TryLoad(out var version, out _));
        Assert.StartsWith("GStreamer 1.", version, StringComparison.Ordinal);
        Assert.Empty(GStreamerLibrary.Missing(new CameraSettings { Name = "test" }));
        Assert.Empty(
            GStreamerLibrary.Missing(new MicrophoneSettings { Name = "tone", Kind = MicrophoneKind.TestTone }));
        Assert.Equal(2, GStreamerLibrary.Missing(new CameraSettings { Name = "csi", Kind = CameraKind.Csi }).Count);
    }

    private static void AssertHidden(string failure, string told)
    {
        Assert.Contains(told, failure, StringComparison.Ordinal);
        Assert.DoesNotContain("eheim", failure, StringComparison.Ordinal);
    }

    private static CameraSettings Custom(string pipeline) =>
        new() { Name = "own", Kind = CameraKind.Custom, Pipeline = pipeline };

    private static string Failure(CameraSettings settings)
    {
        using var source = Start(settings);
        Eventually.Holds(() => source.Status.State == CaptureState.Failed, "failing");
        return source.Status.Reason!;
    }

    private static CaptureSource<FrameFeed> Start(CameraSettings settings)
    {
        var source = CameraSource.Of(
            settings, notBefore => GStreamerCapture.Open(settings, SensorClock.System, notBefore, NullLogger.Instance),
            SensorClock.System, NullLogger.Instance);
        source.Start();
        return source;
    }
}
