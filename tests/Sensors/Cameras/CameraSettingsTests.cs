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
        { new() { Name = "front", Audio = true, AudioDevice = "jack:1" }, nameof(CameraSettings.AudioDevice) },
        { new() { Name = "front", Audio = true, AudioChannels = 17 }, nameof(CameraSettings.AudioChannels) },
        { new() { Name = "front", AudioPath = "a.wav" }, nameof(CameraSettings.AudioPath) },
    };

    public static TheoryData<CameraSettings> Right =>
    [
        new() { Name = "front" },
        new() { Name = "front", Kind = CameraKind.File, Path = "a.avi", AudioPath = "a.wav", Loop = true },
        new() { Name = "front", Kind = CameraKind.Rtsp, Url = "rtsp://user:secret@10.0.0.2:554/stream" },
        new() { Name = "front", Kind = CameraKind.V4l2, Audio = true, AudioDevice = "alsa:hw:1,0" },
        new() { Name = "front", Kind = CameraKind.Csi, Device = "1" },
        new() { Name = "front", Kind = CameraKind.Synthetic, Fault = "freeze@100" },
    ];

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_setting_is_named(CameraSettings settings, string property)
    {
        var faults = new List<ValidationResult>();
        Assert.False(Validator.TryValidateObject(settings, new ValidationContext(settings), faults, validateAllProperties: true));
        Assert.Equal([property], Assert.Single(faults).MemberNames);
    }

    [Theory]
    [MemberData(nameof(Right))]
    public void A_right_setting_passes(CameraSettings settings) =>
        Validator.ValidateObject(settings, new ValidationContext(settings), validateAllProperties: true);
}
