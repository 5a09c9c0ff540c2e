using System.ComponentModel.DataAnnotations;
using System.Globalization;
using EdgePerception.Sensors.Cameras.Synthetic;
using EdgePerception.Sensors.Diagnostics;

namespace EdgePerception.Sensors.Cameras;

public sealed partial record CameraSettings : IValidatableObject
{
    private static readonly string[] Patterns =
    [
        "smpte", "snow", "black", "white", "red", "green", "blue", "checkers-1", "checkers-2", "checkers-4", "checkers-8",
        "circular", "blink", "smpte75", "zone-plate", "gamut", "chroma-zone-plate", "solid-color", "ball", "smpte100",
        "bar", "pinwheel", "spokes", "gradient", "colors",
    ];

    /// <summary>
    /// What is wrong with the values in their combination, beside their attributes; devices and files are looked at when
    /// they are opened.
    /// </summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        NameFaults().Concat(KindFaults()).Concat(AudioFaults());

    /// <summary>Reads <see cref="Fault"/>; false when it cannot be read, none when there is none.</summary>
    internal bool TryReadFault(out (SyntheticFault Kind, long Frame)? fault)
    {
        fault = null;
        if (Fault is null) return true;
        if (Fault.Split('@') is not [var name, var number]
            || name is not ("end" or "error" or "freeze")
            || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var frame)) return false;
        fault = (Enum.Parse<SyntheticFault>(name, ignoreCase: true), frame);
        return true;
    }

    /// <summary>Takes the source's secrets out of what is said about it.</summary>
    internal Redaction ToRedaction() => new(Url, Pipeline, Path, AudioPath, Device, AudioDevice);

    private IEnumerable<ValidationResult> NameFaults()
    {
        if (Name.Length is 0 or > 32 || !Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
            yield return Wrong(nameof(Name), $"'{Name}' must be 1 to 32 letters, digits, _ or -");
    }

    private IEnumerable<ValidationResult> KindFaults()
    {
        switch (Kind)
        {
            case CameraKind.File when string.IsNullOrWhiteSpace(Path):
                yield return Wrong(nameof(Path), "a camera of kind file needs the path of the file");
                break;
            case CameraKind.Rtsp when RtspAddress.Fault(Url) is { } fault:
                yield return Wrong(nameof(Url), fault);
                break;
            case CameraKind.Csi when Device is not null && !(Device.Length is 1 or 2 && Device.All(char.IsAsciiDigit)):
                yield return Wrong(nameof(Device), $"'{Device}' must be the number of the sensor, 0 to 99");
                break;
            case CameraKind.V4l2 when Device is not null && !Device.StartsWith("/dev/", StringComparison.Ordinal):
                yield return Wrong(nameof(Device), $"'{Device}' must be a device such as /dev/video0");
                break;
            case CameraKind.TestPattern when !Patterns.Contains(Pattern):
                yield return Wrong(nameof(Pattern), $"'{Pattern}' must be one of {string.Join(", ", Patterns)}");
                break;
            case CameraKind.Custom when string.IsNullOrWhiteSpace(Pipeline):
                yield return Wrong(nameof(Pipeline), "a camera of kind custom needs a GStreamer launch description");
                break;
            case CameraKind.Synthetic when !TryReadFault(out _):
                yield return Wrong(nameof(Fault), $"'{Fault}' must be end, error or freeze, @ and a frame, as in freeze@100");
                break;
        }
    }

    private IEnumerable<ValidationResult> AudioFaults()
    {
        if (AudioDevice is not null && AudioDevice.Split(':')[0] is not ("alsa" or "pulse"))
            yield return Wrong(nameof(AudioDevice), $"'{AudioDevice}' must be alsa, alsa:DEVICE, pulse or pulse:DEVICE");
        if (AudioPath is not null && Kind != CameraKind.File)
            yield return Wrong(nameof(AudioPath), "only a camera of kind file plays another file's sound");
    }

    private static ValidationResult Wrong(string property, string message) => new(Redaction.Text(message), [property]);
}
