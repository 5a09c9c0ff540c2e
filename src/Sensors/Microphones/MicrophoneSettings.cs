using System.ComponentModel.DataAnnotations;
using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.Diagnostics;

namespace EdgePerception.Sensors.Microphones;

/// <summary>Where sound comes from.</summary>
public enum MicrophoneKind
{
    /// <summary>A tone, made by GStreamer.</summary>
    TestTone,

    /// <summary>The sound of a recorded file, of a video too, played in real time.</summary>
    File,

    /// <summary>A sound card by ALSA.</summary>
    Alsa,

    /// <summary>A sound card by PulseAudio or PipeWire.</summary>
    Pulse,

    /// <summary>The sound of a network camera, over a connection of its own.</summary>
    Rtsp,

    /// <summary>A GStreamer launch description of the user's own.</summary>
    Custom,

    /// <summary>
    /// A soft tone with a click a second, made by this program: needs neither GStreamer nor hardware.
    /// </summary>
    Synthetic,
}

/// <summary>Where a channel's capsule sits, in the robot's frame, metres: x ahead, y to the left, z up.</summary>
public sealed record CapsulePosition
{
    /// <summary>Ahead of the robot's origin, metres, −10 to 10.</summary>
    [Range(-10.0, 10.0)]
    public double X { get; init; }

    /// <summary>To the left of it, metres, −10 to 10.</summary>
    [Range(-10.0, 10.0)]
    public double Y { get; init; }

    /// <summary>Above it, metres, −10 to 10.</summary>
    [Range(-10.0, 10.0)]
    public double Z { get; init; }
}

/// <summary>
/// One microphone, or an array of them on one clock. Plain values that a configuration file binds to; keys that a kind
/// does not use are ignored by it.
/// </summary>
public sealed record MicrophoneSettings : IValidatableObject
{
    /// <summary>
    /// The name of the microphone in health and metrics: letters, digits, <c>_</c> and <c>-</c>, at most 32.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>Where sound comes from.</summary>
    public MicrophoneKind Kind { get; init; } = MicrophoneKind.Alsa;

    /// <summary>File: the file to play; its pictures, where it has any, are left out.</summary>
    public string? Path { get; init; }

    /// <summary>
    /// RTSP: the address, <c>rtsp://</c> or <c>rtsps://</c>, with user and password if the camera asks for them; in
    /// these <c>@ / ? # %</c> are percent-encoded (<c>%40 %2F %3F %23 %25</c>).
    /// </summary>
    public string? Url { get; init; }

    /// <summary>RTSP: how the stream travels.</summary>
    public RtspTransport Transport { get; init; } = RtspTransport.Tcp;

    /// <summary>RTSP: how long packets wait for late ones, in milliseconds, 0 to 10,000.</summary>
    [Range(0, 10000)]
    public int LatencyMs { get; init; } = 100;

    /// <summary>
    /// ALSA: the device, such as <c>hw:1,0</c>. PulseAudio: the source's name. The system's own when not given.
    /// </summary>
    public string? Device { get; init; }

    /// <summary>
    /// Custom: a GStreamer launch description that ends in <c>appsink name=audio</c> with F32LE samples at 16 kHz. It
    /// may read and write whatever GStreamer can: trust it as you trust a shell script.
    /// </summary>
    public string? Pipeline { get; init; }

    /// <summary>
    /// Channels of sound to deliver, 1 to 16. The source's own are averaged in turn where it has more (1: all; 2: those
    /// with odd numbers, those with even ones), and repeated in turn where it has fewer.
    /// </summary>
    [Range(1, 16)]
    public int Channels { get; init; } = 1;

    /// <summary>What samples are amplified by, in decibels, −60 to 60; what becomes too loud is clipped.</summary>
    [Range(-60.0, 60.0)]
    public double GainDb { get; init; }

    /// <summary>
    /// Where each channel's capsule sits, in the order of the channels; none where that is not known.
    /// </summary>
    public IReadOnlyList<CapsulePosition> Positions { get; init; } = [];

    /// <summary>File: begin again at the end, over and over, as a live microphone would go on.</summary>
    public bool Loop { get; init; }

    /// <summary>
    /// No sound for this long means frozen, in milliseconds, 100 to 60,000; the source is then rebuilt.
    /// </summary>
    [Range(100, 60000)]
    public int WatchdogMs { get; init; } = 2_000;

    /// <summary>How long the first sound after opening may take, in milliseconds, 100 to 120,000.</summary>
    [Range(100, 120000)]
    public int StartTimeoutMs { get; init; } = 10_000;

    /// <summary>
    /// Synthetic: what goes wrong and at which block of 10 ms of each opening, for tests and drills, such as
    /// <c>freeze@100</c>, <c>error@50</c>, <c>end@20</c>.
    /// </summary>
    public string? Fault { get; init; }

    /// <summary>What its life goes by.</summary>
    internal CaptureLife Life => new(
        SourceKind.Microphone, Name, Kind == MicrophoneKind.File, Loop, StartTimeoutMs, WatchdogMs,
        new Redaction(Url, Pipeline, Path, Device));

    /// <summary>
    /// What is wrong with the values in their combination, beside their attributes; devices and files are looked at
    /// when they are opened.
    /// </summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (SourceName.Fault(Name) is { } name) yield return Wrong(nameof(Name), name);
        if (Positions.Count > 0 && Positions.Count != Channels)
        {
            yield return Wrong(
                nameof(Positions),
                $"must have one for each of the {Channels} channels, or none; it has {Positions.Count}");
        }

        switch (Kind)
        {
            case MicrophoneKind.File when string.IsNullOrWhiteSpace(Path):
                yield return Wrong(nameof(Path), "a microphone of kind file needs the path of the file");
                break;
            case MicrophoneKind.Rtsp when RtspAddress.Fault(Url) is { } fault:
                yield return Wrong(nameof(Url), fault);
                break;
            case MicrophoneKind.Custom when string.IsNullOrWhiteSpace(Pipeline):
                yield return Wrong(
                    nameof(Pipeline), "a microphone of kind custom needs a GStreamer launch description");
                break;
            case MicrophoneKind.Synthetic when !SyntheticFaultAt.TryRead(Fault, out _):
                yield return Wrong(
                    nameof(Fault), $"'{Fault}' must be end, error or freeze, @ and a block, as in freeze@100");
                break;
        }
    }

    /// <summary>The name and kind: an address may hold a password, which has no place in a log.</summary>
    public override string ToString() => $"microphone '{Name}' of kind {Kind}";

    private static ValidationResult Wrong(string property, string message) => new(Redaction.Text(message), [property]);
}
