namespace EdgePerception.Sensors.Cameras;

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

/// <summary>A source cannot be opened or stopped working. The message is one line: what, where, what to do.</summary>
public sealed class CaptureException : Exception
{
    /// <summary>Makes the exception.</summary>
    public CaptureException(CaptureFailure failure, string message, Exception? inner = null)
        : base(message, inner) => Failure = failure;

    /// <summary>What kind of failure it is.</summary>
    public CaptureFailure Failure { get; }
}
