using EdgePerception.Sensors.Diagnostics;

namespace EdgePerception.Sensors.Capture;

/// <summary>A source cannot be opened or stopped working. The message is one line: what, where, what to do.</summary>
public sealed class CaptureException : Exception
{
    /// <summary>Makes the exception.</summary>
    public CaptureException(CaptureFailure failure, string message, Exception? inner = null)
        : base(message, inner) => Failure = failure;

    /// <summary>What kind of failure it is.</summary>
    public CaptureFailure Failure { get; }
}
