using EdgePerception.Sensors.Time;

namespace EdgePerception.Sensors.Capture;

/// <summary>How a source is doing.</summary>
public enum CaptureState
{
    /// <summary>Opened for the first time; nothing came yet.</summary>
    Starting,

    /// <summary>Frames or sound arrive.</summary>
    Live,

    /// <summary>It stopped without a word; it is being rebuilt.</summary>
    Frozen,

    /// <summary>It reported an error or a live source ended; it is being rebuilt unless it is a recording.</summary>
    Failed,

    /// <summary>A recording was played to its end, or the source was stopped.</summary>
    Ended,
}

/// <summary>How a source is doing, since when and why. Immutable.</summary>
/// <param name="Name">The name of the source.</param>
/// <param name="State">How it is doing.</param>
/// <param name="Reason">Why it is frozen or failed, one line; otherwise none.</param>
/// <param name="Since">When it came to be so.</param>
/// <param name="Failures">Failures in a row since it last went steadily; 0 when all is well.</param>
public sealed record CaptureStatus(string Name, CaptureState State, string? Reason, SensorTime Since, int Failures);
