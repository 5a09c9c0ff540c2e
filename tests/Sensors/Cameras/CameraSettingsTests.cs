using System.ComponentModel.DataAnnotations;
using EdgePerception.Sensors.Cameras;

namespace EdgePerception.Sensors.Tests.Cameras;

public sealed class CameraSettingsTests
{
    public static TheoryData<CameraSettings, string> Wrong => new()
    {
        { new() { Name = "" }, nameof(CameraSettings.Name) },
        { new() { Name = "front/left" }, nameof(CameraSettings.Name) },
        { new() { Name = "front", Width = 8 }, nameof(CameraSettings.Width) },
        { new() { Name = "front", Fps = 0 }, nameof(CameraSettings.Fps) },
        { new() { Name = "front", PoolFrames = 2 }, nameof(CameraSettings.PoolFrames) },
        { new() { Name = "front", WatchdogMs = 5 }, nameof(CameraSettings.WatchdogMs) },
        { new() { Name = "front", Kind = CameraKind.File }, nameof(CameraSettings.Path) },
        { new() { Name = "front", Kind = CameraKind.Rtsp, Url = "http://host/" }, nameof(CameraSettings.Url) },
        { new() { Name = "front", Kind = CameraKind.Rtsp, Url = "host:554" }, nameof(CameraSettings.Url) },
        { new() { Name = "front", Kind = CameraKind.Csi, Device = "0 ! filesink" }, nameof(CameraSettings.Device) },
        { new() { Name = "front", Kind = CameraKind.V4l2, Device = "video0" }, nameof(CameraSettings.Device) },
        { new() { Name = "front", Pattern = "ball name=x ! filesink" }, nameof(CameraSettings.Pattern) },
        { new() { Name = "front", Kind = CameraKind.Custom }, nameof(CameraSettings.Pipeline) },
        { new() { Name = "front", Kind = CameraKind.Synthetic, Fault = "freeze@" }, nameof(CameraSettings.Fault) },
        { new() { Name = "front", Kind = CameraKind.Synthetic, Fault = "1@1" }, nameof(CameraSettings.Fault) },
    };

    public static TheoryData<CameraSettings> Right =>
    [
        new() { Name = "front" },
        new() { Name = "front", Kind = CameraKind.File, Path = "a.avi", Loop = true },
        new() { Name = "front", Kind = CameraKind.Rtsp, Url = "rtsp://user:secret@10.0.0.2:554/stream" },
        new() { Name = "front", Kind = CameraKind.V4l2, Device = "/dev/video1" },
        new() { Name = "front", Kind = CameraKind.Csi, Device = "1" },
        new() { Name = "front", Kind = CameraKind.Synthetic, Fault = "freeze@100" },
    ];

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_setting_is_named(CameraSettings settings, string property)
    {
        var faults = new List<ValidationResult>();
        Assert.False(
            Validator.TryValidateObject(
                settings, new ValidationContext(settings), faults, validateAllProperties: true));
        Assert.Equal([property], Assert.Single(faults).MemberNames);
    }

    [Theory]
    [InlineData("rtsp://u:Geheim12@host:99999/x", "port")]
    [InlineData("rtsp://u:Geheim12@:554/x", "host")]
    [InlineData("rtsp://u:Geheim12@ho st/x", "%20")]
    [InlineData("rtsp://admin:x@Geheim12#!@127.0.0.1:5999/s", "%40")]
    [InlineData("rtsp://admin:p#Geheim12@127.0.0.1:5999/s", "%23")]
    [InlineData("rtsp://admin:p/Geheim12@127.0.0.1:5999/s", "%2F")]
    [InlineData("rtsp://admin:5/Geheim12@127.0.0.1:5999/s", "%2F")]
    [InlineData("rtsp://admin:p?Geheim12@127.0.0.1:5999/s", "%3F")]
    [InlineData("rtsp://admin:p%Geheim12@127.0.0.1:5999/s", "%25")]
    [InlineData("rtsp://admin:Geheim12%4@127.0.0.1:5999/s", "%25")]
    [InlineData("rtsp://Geheim12@127.0.0.1:5999/s", "needs a : and a password")]
    [InlineData("rtsp://admin:Geheim12", "port")]
    [InlineData("http://admin:Geheim12@host/", "rtsp://")]
    [InlineData("admin:Geheim12@host:554", "rtsp://")]
    [InlineData("Geheim12", "rtsp://")]
    public void An_address_that_would_be_misread_is_refused_without_quoting_its_password(string url, string advice)
    {
        var settings = new CameraSettings { Name = "front", Kind = CameraKind.Rtsp, Url = url };
        var fault = Assert.Single(settings.Validate(new ValidationContext(settings))).ErrorMessage!;
        Assert.Contains(advice, fault, StringComparison.Ordinal);
        Assert.DoesNotContain("Geheim", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("eim12", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rtsp://host")]
    [InlineData("RTSP://host:554/")]
    [InlineData("rtsps://10.0.0.2/live?channel=1&subtype=0")]
    [InlineData("rtsp://admin:x%40Sommer2024%23!@127.0.0.1:5999/s")]
    [InlineData("rtsp://admin:;+&=$,~*'()!@host/s")]
    [InlineData("rtsp://admin:@[fe80::1]:554/user=a&password=b&channel=1")]
    public void An_address_as_cameras_have_them_passes(string url)
    {
        var settings = new CameraSettings { Name = "front", Kind = CameraKind.Rtsp, Url = url };
        Assert.Empty(settings.Validate(new ValidationContext(settings)));
    }

    [Theory]
    [InlineData("appsink name=audio")]
    [InlineData("appsink sync=false name=audio drop=true")]
    [InlineData("appsink caps=\"audio/x-raw, rate=16000\" name=\"audio\"")]
    [InlineData("appsink name = audio ! fakesink")]
    public void A_pipeline_that_brings_sound_along_is_told_where_sound_has_moved(string sink)
    {
        var fault = Assert.Single(FaultsOf($"x ! appsink name=video  y ! {sink}"));
        Assert.Equal(
            "'appsink name=audio' has moved: sound has a list of its own: microphones, kind custom, pipeline", fault);
    }

    [Theory]
    [InlineData("demux name=audio ! appsink name=video")]
    [InlineData("tee name=audiovideo ! appsink name=video")]
    [InlineData("appsink name=video  audiotestsrc name=audio ! fakesink")]
    [InlineData("appsink name=audio-free  x ! appsink name=video")]
    [InlineData("v4l2src extra-name=audio ! appsink name=video")]
    public void A_pipeline_in_which_something_else_is_called_so_passes(string pipeline) =>
        Assert.Empty(FaultsOf(pipeline));

    [Theory]
    [MemberData(nameof(Right))]
    public void A_right_setting_passes(CameraSettings settings) =>
        Validator.ValidateObject(settings, new ValidationContext(settings), validateAllProperties: true);

    private static IEnumerable<string?> FaultsOf(string pipeline)
    {
        var settings = new CameraSettings { Name = "front", Kind = CameraKind.Custom, Pipeline = pipeline };
        return settings.Validate(new ValidationContext(settings)).Select(fault => fault.ErrorMessage);
    }
}
