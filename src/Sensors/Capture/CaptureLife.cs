using EdgePerception.Sensors.Diagnostics;

namespace EdgePerception.Sensors.Capture;

/// <summary>What the life of a source goes by.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name in logs and metrics.</param>
/// <param name="IsFile">Whether it plays a file, whose end is no failure.</param>
/// <param name="Loops">Whether it begins again at the file's end.</param>
/// <param name="StartTimeoutMs">How long the first frame or sound after opening may take, milliseconds.</param>
/// <param name="WatchdogMs">No frame or sound for this long means frozen, milliseconds.</param>
/// <param name="Redaction">Takes the source's secrets out of what is said about it.</param>
internal sealed record CaptureLife(
    SourceKind Kind, string Name, bool IsFile, bool Loops, int StartTimeoutMs, int WatchdogMs, Redaction Redaction)
{
    /// <summary>
    /// Whether it plays a recording that ends by itself, rather than a live source, whose end is a failure.
    /// </summary>
    public bool IsRecording => IsFile && !Loops;

    /// <summary>What it gives, for sentences.</summary>
    public string Unit => Kind == SourceKind.Camera ? "frame" : "sound";

    /// <summary>The least of it, for sentences.</summary>
    public string Single => Kind == SourceKind.Camera ? "a single frame" : "any sound";
}
