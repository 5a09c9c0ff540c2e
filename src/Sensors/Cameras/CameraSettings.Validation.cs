using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.Diagnostics;

namespace EdgePerception.Sensors.Cameras;

public sealed partial record CameraSettings : IValidatableObject
{
    private static readonly string[] Patterns =
    [
        "smpte", "snow", "black", "white", "red", "green", "blue", "checkers-1", "checkers-2", "checkers-4",
        "checkers-8", "circular", "blink", "smpte75", "zone-plate", "gamut", "chroma-zone-plate", "solid-color", "ball",
        "smpte100", "bar", "pinwheel", "spokes", "gradient", "colors",
    ];

    /// <summary>
    /// What is wrong with the values in their combination, beside their attributes; devices and files are looked at
    /// when they are opened.
    /// </summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        NameFaults().Concat(KindFaults());

    /// <summary>What its life goes by.</summary>
    internal CaptureLife Life => new(
        SourceKind.Camera, Name, Kind == CameraKind.File, Loop, StartTimeoutMs, WatchdogMs,
        new Redaction(Url, Pipeline, Path, Device));

    private IEnumerable<ValidationResult> NameFaults()
    {
        if (SourceName.Fault(Name) is { } fault) yield return Wrong(nameof(Name), fault);
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
            case CameraKind.Custom when AudioSink().IsMatch(Pipeline):
                yield return Wrong(
                    nameof(Pipeline),
                    "'appsink name=audio' has moved: sound has a list of its own: microphones, kind custom, pipeline");
                break;
            case CameraKind.Synthetic when !SyntheticFaultAt.TryRead(Fault, out _):
                yield return Wrong(
                    nameof(Fault), $"'{Fault}' must be end, error or freeze, @ and a frame, as in freeze@100");
                break;
        }
    }

    // As GStreamer reads it: blanks around the =, quotes and other properties before the name change nothing. Such a
    // sink would fill without end, since nobody takes its samples.
    [GeneratedRegex(
        """\bappsink(\s+[\w-]+\s*=\s*("[^"]*"|[^\s"!]+))*?"""
        + """\s+name\s*=\s*("audio"|audio)(?=\s|!|$)""")]
    private static partial Regex AudioSink();

    private static ValidationResult Wrong(string property, string message) => new(Redaction.Text(message), [property]);
}
