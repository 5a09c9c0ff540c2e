using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.GStreamer;
using EdgePerception.Sensors.Microphones;

namespace EdgePerception.Sensors.Tests.GStreamer;

/// <summary>The pipelines as text, so that those which need hardware are checked too.</summary>
public sealed class PipelineDescriptionTests
{
    private const string LiveSink = "max-buffers=4 drop=true enable-last-sample=false qos=false wait-on-eos=false";

    [Fact]
    public void A_csi_camera_is_asked_for_its_size_and_converted_by_the_jetson()
    {
        var description = Describe(
            new() { Name = "front", Kind = CameraKind.Csi, Device = "1", Width = 1280, Height = 720, Fps = 30 });
        Assert.Equal(
            "nvarguscamerasrc name=source ! video/x-raw(memory:NVMM),format=NV12,width=1280,height=720,framerate=30/1"
            + " ! nvvidconv ! video/x-raw,format=BGRx ! videorate max-rate=30 ! videoscale ! videoconvert"
            + " ! video/x-raw,format=RGB,width=1280,height=720,pixel-aspect-ratio=1/1"
            + $" ! appsink name=video sync=false {LiveSink}",
            description.Launch);
        Assert.Equal([new ElementProperty("source", "sensor-id", "1")], description.Properties);
        Assert.Equal(
            ["nvarguscamerasrc", "nvvidconv", "videorate", "videoscale", "videoconvert", "appsink"],
            description.Elements);
    }

    [Fact]
    public void A_usb_camera()
    {
        var description = Describe(new() { Name = "front", Kind = CameraKind.V4l2, Mjpeg = true, Width = 1280 });
        Assert.StartsWith("v4l2src name=source ! image/jpeg,width=1280 ! jpegdec ! videoscale", description.Launch,
            StringComparison.Ordinal);
        Assert.Equal([new ElementProperty("source", "device", "/dev/video0")], description.Properties);
    }

    [Fact]
    public void A_sound_card()
    {
        var description = SoundPipeline.For(new() { Name = "left", Channels = 4, Device = "hw:1,0" });
        Assert.Equal(
            "alsasrc name=source provide-clock=false latency-time=10000 buffer-time=200000"
            + " ! capsfilter caps=\"audio/x-raw,channels=4;audio/x-raw\" ! audioconvert"
            + " ! audioresample ! audio/x-raw,format=F32LE,layout=interleaved,rate=16000"
            + $" ! appsink name=audio sync=false max-buffers=200 drop=true "
            + $"{LiveSink[LiveSink.IndexOf("enable", StringComparison.Ordinal)..]}",
            description.Launch);
        Assert.Equal([new ElementProperty("source", "device", "hw:1,0")], description.Properties);
        Assert.Contains("alsasrc", description.Elements);
        Assert.Empty(SoundPipeline.For(new() { Name = "left", Kind = MicrophoneKind.Pulse }).Properties);
    }

    [Fact]
    public void A_network_camera()
    {
        var description = Describe(new()
        {
            Name = "front",
            Kind = CameraKind.Rtsp,
            Url = "rtsp://host/a",
            Transport = RtspTransport.Udp,
            LatencyMs = 50,
        });
        Assert.StartsWith(
            "rtspsrc name=source protocols=udp latency=50 drop-on-latency=true  source. ! application/x-rtp,media=video"
            + " ! decodebin ! videoscale", description.Launch, StringComparison.Ordinal);
        Assert.Equal([new ElementProperty("source", "location", "rtsp://host/a")], description.Properties);
    }

    [Fact]
    public void The_sound_of_a_network_camera()
    {
        var description = SoundPipeline.For(new() { Name = "left", Kind = MicrophoneKind.Rtsp, Url = "rtsp://host/a" });
        Assert.StartsWith(
            "rtspsrc name=source protocols=tcp latency=100 drop-on-latency=true  source. ! "
            + "application/x-rtp,media=audio"
            + " ! decodebin ! audioconvert", description.Launch, StringComparison.Ordinal);
        Assert.Equal([new ElementProperty("source", "location", "rtsp://host/a")], description.Properties);
    }

    [Fact]
    public void A_paced_file_follows_the_clock_and_an_unpaced_one_loses_nothing()
    {
        var settings = new CameraSettings { Name = "front", Kind = CameraKind.File, Path = "/a.avi" };
        Assert.Contains("sync=true max-buffers=4 drop=true", Describe(settings).Launch, StringComparison.Ordinal);
        Assert.Contains("sync=false max-buffers=4 drop=false", Describe(settings with { Paced = false }).Launch,
            StringComparison.Ordinal);
    }

    [Fact]
    public void On_a_jetson_decoded_pictures_are_fetched_from_nvmm_memory()
    {
        var settings = new CameraSettings { Name = "front", Kind = CameraKind.File, Path = "/a.avi" };
        Assert.Contains(
            "decode. ! nvvidconv ! video/x-raw,format=BGRx ! videoconvert ! videoflip video-direction=auto"
            + " ! videoscale",
            PipelineDescription.For(settings, onJetson: true).Launch, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/tmp/a.avi ! filesink location=/etc/passwd")]
    [InlineData("/tmp/\"quoted\" $(x) 'file'.avi")]
    public void No_path_becomes_part_of_the_launch_text(string path)
    {
        var plain = Describe(new() { Name = "front", Kind = CameraKind.File, Path = "/a.avi" });
        var nasty = Describe(new() { Name = "front", Kind = CameraKind.File, Path = path });
        Assert.Equal(plain.Launch, nasty.Launch);
        Assert.Equal([path], nasty.Properties.Select(property => property.Value));
        var sound = SoundPipeline.For(new() { Name = "left", Kind = MicrophoneKind.File, Path = path });
        Assert.Equal(SoundPipeline.For(new() { Name = "left", Kind = MicrophoneKind.File, Path = "/a.wav" }).Launch,
            sound.Launch);
        Assert.Equal([path], sound.Properties.Select(property => property.Value));
    }

    private static PipelineDescription Describe(CameraSettings settings) =>
        PipelineDescription.For(settings, onJetson: false);
}
