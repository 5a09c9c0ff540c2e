using System.ComponentModel.DataAnnotations;
using EdgePerception.Sensors.Microphones;

namespace EdgePerception.Sensors.Tests.Microphones;

public sealed class MicrophoneSettingsTests
{
    public static TheoryData<MicrophoneSettings, string, string> Wrong => new()
    {
        { new() { Name = "" }, nameof(MicrophoneSettings.Name), "'' must be 1 to 32 letters, digits, _ or -" },
        { new() { Name = "left/1" }, nameof(MicrophoneSettings.Name),
            "'left/1' must be 1 to 32 letters, digits, _ or -" },
        { new() { Name = "left", Channels = 0 }, nameof(MicrophoneSettings.Channels), Between("Channels", 1, 16) },
        { new() { Name = "left", Channels = 17 }, nameof(MicrophoneSettings.Channels), Between("Channels", 1, 16) },
        { new() { Name = "left", GainDb = -61 }, nameof(MicrophoneSettings.GainDb), Between("GainDb", -60, 60) },
        { new() { Name = "left", GainDb = double.NaN }, nameof(MicrophoneSettings.GainDb),
            Between("GainDb", -60, 60) },
        { new() { Name = "left", WatchdogMs = 5 }, nameof(MicrophoneSettings.WatchdogMs),
            Between("WatchdogMs", 100, 60000) },
        { new() { Name = "left", StartTimeoutMs = 99 }, nameof(MicrophoneSettings.StartTimeoutMs),
            Between("StartTimeoutMs", 100, 120000) },
        { new() { Name = "left", LatencyMs = -1 }, nameof(MicrophoneSettings.LatencyMs),
            Between("LatencyMs", 0, 10000) },
        { new() { Name = "left", Channels = 2, Positions = [new()] }, nameof(MicrophoneSettings.Positions),
            "must have one for each of the 2 channels, or none; it has 1" },
        { new() { Name = "left", Positions = [new(), new()] }, nameof(MicrophoneSettings.Positions),
            "must have one for each of the 1 channels, or none; it has 2" },
        { new() { Name = "left", Kind = MicrophoneKind.File }, nameof(MicrophoneSettings.Path),
            "a microphone of kind file needs the path of the file" },
        { new() { Name = "left", Kind = MicrophoneKind.Rtsp, Url = "host:554" }, nameof(MicrophoneSettings.Url),
            "must be an address that begins with rtsp:// or rtsps://, such as rtsp://host:554/stream" },
        { new() { Name = "left", Kind = MicrophoneKind.Custom }, nameof(MicrophoneSettings.Pipeline),
            "a microphone of kind custom needs a GStreamer launch description" },
        { new() { Name = "left", Kind = MicrophoneKind.Synthetic, Fault = "burn@1" },
            nameof(MicrophoneSettings.Fault),
            "'burn@1' must be end, error or freeze, @ and a block, as in freeze@100" },
    };

    public static TheoryData<CapsulePosition, string> WrongPositions => new()
    {
        { new() { X = 10.5 }, nameof(CapsulePosition.X) },
        { new() { Y = -10.5 }, nameof(CapsulePosition.Y) },
        { new() { Z = double.PositiveInfinity }, nameof(CapsulePosition.Z) },
        { new() { Z = double.NaN }, nameof(CapsulePosition.Z) },
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
    public void A_wrong_setting_is_named_and_what_is_wrong_with_it(
        MicrophoneSettings settings, string property, string message)
    {
        var fault = FaultOf(settings);
        Assert.Equal([property], fault.MemberNames);
        Assert.Equal(message, fault.ErrorMessage);
    }

    [Theory]
    [MemberData(nameof(WrongPositions))]
    public void A_capsule_that_is_nowhere_on_the_robot_is_refused(CapsulePosition position, string axis)
    {
        var fault = FaultOf(position);
        Assert.Equal([axis], fault.MemberNames);
        Assert.Equal(Between(axis, -10, 10), fault.ErrorMessage);
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

    // What attributes say themselves; the file's reader has words of its own for a range.
    private static string Between(string property, int least, int most) =>
        $"The field {property} must be between {least} and {most}.";

    private static ValidationResult FaultOf(object settings)
    {
        var faults = new List<ValidationResult>();
        var context = new ValidationContext(settings);
        Assert.False(Validator.TryValidateObject(settings, context, faults, validateAllProperties: true));
        return Assert.Single(faults);
    }
}
