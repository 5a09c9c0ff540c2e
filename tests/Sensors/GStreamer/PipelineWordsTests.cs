using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.GStreamer;
using EdgePerception.Sensors.Microphones;

namespace EdgePerception.Sensors.Tests.GStreamer;

/// <summary>How a source is spoken of where its pipeline fails.</summary>
public sealed class PipelineWordsTests
{
    [Theory]
    [InlineData(CameraKind.File, "'clip.mp4'")]
    [InlineData(CameraKind.Rtsp, "rtsp://camera/live")]
    [InlineData(CameraKind.V4l2, "/dev/video0")]
    [InlineData(CameraKind.Csi, "CSI sensor 0")]
    [InlineData(CameraKind.TestPattern, "TestPattern pipeline")]
    public void A_camera_is_called_by_its_file_address_or_device(CameraKind kind, string where)
    {
        var words = PipelineWords.Of(new CameraSettings
        {
            Name = "front",
            Kind = kind,
            Path = "clip.mp4",
            Url = "rtsp://camera/live",
        });
        Assert.Equal((where, "it has no video stream", kind == CameraKind.File),
            (words.Where, words.Stream, words.IsFile));
        Assert.Empty(words.Foreign);
    }

    [Theory]
    [InlineData(MicrophoneKind.File, "'clip.wav'")]
    [InlineData(MicrophoneKind.Rtsp, "rtsp://camera/live")]
    [InlineData(MicrophoneKind.Alsa, "ALSA device default")]
    [InlineData(MicrophoneKind.Pulse, "PulseAudio source default")]
    public void A_microphone_is_called_likewise_and_wants_no_pictures(MicrophoneKind kind, string where)
    {
        var words = PipelineWords.Of(new MicrophoneSettings
        {
            Name = "left",
            Kind = kind,
            Path = "clip.wav",
            Url = "rtsp://camera/live",
        });
        Assert.Equal((where, "it has no sound", kind == MicrophoneKind.File),
            (words.Where, words.Stream, words.IsFile));
        Assert.Equal(["(image/", "(video/"], words.Foreign);
    }

    [Fact]
    public void A_device_that_was_chosen_is_named()
    {
        var camera = new CameraSettings { Name = "front", Device = "2" };
        Assert.Equal("2", PipelineWords.Of(camera with { Kind = CameraKind.V4l2 }).Where);
        Assert.Equal("CSI sensor 2", PipelineWords.Of(camera with { Kind = CameraKind.Csi }).Where);
        var microphone = new MicrophoneSettings { Name = "left", Device = "hw:1" };
        Assert.Equal("ALSA device hw:1", PipelineWords.Of(microphone with { Kind = MicrophoneKind.Alsa }).Where);
        Assert.Equal("PulseAudio source hw:1", PipelineWords.Of(microphone with { Kind = MicrophoneKind.Pulse }).Where);
    }
}
