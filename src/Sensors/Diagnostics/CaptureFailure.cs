namespace EdgePerception.Sensors.Diagnostics;

/// <summary>Why a source stopped giving frames.</summary>
public enum CaptureFailure
{
    /// <summary>A library, plug-in, file, device or setting is missing or wrong.</summary>
    Configuration,

    /// <summary>The source reported an error.</summary>
    Error,

    /// <summary>A live source came to an end.</summary>
    Ended,

    /// <summary>No frame came for longer than the watchdog allows.</summary>
    Frozen,
}
