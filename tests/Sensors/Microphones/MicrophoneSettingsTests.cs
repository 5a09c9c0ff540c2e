using System.ComponentModel.DataAnnotations;
using EdgePerception.Sensors.Microphones;

namespace EdgePerception.Sensors.Tests.Microphones;

public sealed class MicrophoneSettingsTests
{
    public static TheoryData<MicrophoneSettings, string> Wrong => new()
    {
        { new() { Name = "" }, nameof(MicrophoneSettings.Name) },
        { new() { Name = "left/1" }, nameof(MicrophoneSettings.Name) },
        { new() { Name = "left", Channels = 17 }, nameof(MicrophoneSettings.Channels) },
        { new() { Name = "left", GainDb = -61 }, nameof(MicrophoneSettings.GainDb) },
        { new() { Name = "left", WatchdogMs = 5 }, nameof(MicrophoneSettings.WatchdogMs) },
        { new() { Name = "left", Channels = 2, Positions = [new()] }, nameof(MicrophoneSettings.Positions) },
        { new() { Name = "left", Kind = MicrophoneKind.File }, nameof(MicrophoneSettings.Path) },
        { new() { Name = "left", Kind = MicrophoneKind.Rtsp, Url = "host:554" }, nameof(MicrophoneSettings.Url) },
        { new() { Name = "left", Kind = MicrophoneKind.Custom }, nameof(MicrophoneSettings.Pipeline) },
        { new() { Name = "left", Kind = MicrophoneKind.Synthetic, Fault = "burn@1" },
            nameof(MicrophoneSettings.Fault) },
    };

    public static TheoryData<MicrophoneSettings> Right =>
    [
        new() { Name = "left" },
        new() { Name = "left", Kind = MicrophoneKind.File, Path = "a.wav", Loop = true },
        new()
        {
            Name = "left", Kind = MicrophoneKind.Alsa, Device = "hw:1,0", Channels = 2, Positions = [new(), new()],
        },
        new() { Name = "left", Kind = MicrophoneKind.Rtsp, Url = "rtsp://user:secret@10.0.0.2:554/stream" },
        new() { Name = "left", Kind = MicrophoneKind.Synthetic, Fault = "freeze@100" },
    ];

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_setting_is_named(MicrophoneSettings settings, string property)
    {
        var faults = new List<ValidationResult>();
        var context = new ValidationContext(settings);
        Assert.False(Validator.TryValidateObject(settings, context, faults, validateAllProperties: true));
        Assert.Equal([property], Assert.Single(faults).MemberNames);
    }

    [Theory]
    [MemberData(nameof(Right))]
    public void A_right_setting_passes(MicrophoneSettings settings) =>
        Validator.ValidateObject(settings, new ValidationContext(settings), validateAllProperties: true);

    [Fact]
    public void A_password_is_not_quoted()
    {
        var settings = new MicrophoneSettings
        {
            Name = "left",
            Kind = MicrophoneKind.Rtsp,
            Url = "rtsp://admin:p/Geheim12@127.0.0.1:5999/s",
        };
        var fault = Assert.Single(settings.Validate(new ValidationContext(settings))).ErrorMessage!;
        Assert.DoesNotContain("Geheim", fault, StringComparison.Ordinal);
        Assert.Equal("microphone 'left' of kind Rtsp", settings.ToString());
    }
}
