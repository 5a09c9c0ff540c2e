namespace EdgePerception.Sensors.Cameras;

/// <summary>What reading a capture brought.</summary>
public enum CaptureRead
{
    /// <summary>A frame went to the stream.</summary>
    Frame,

    /// <summary>No frame came within the time; sound may have.</summary>
    Nothing,

    /// <summary>A frame came that was left out: its time is not the recording's, or not later than the last one's.</summary>
    Unusable,

    /// <summary>The source has come to its end and will give nothing more.</summary>
    Ended,
}

/// <summary>Opens a source anew; called by its capture thread for the first time and after each failure.</summary>
/// <param name="notBefore">Frames of the new capture are later than this, so that the source keeps its place in time.</param>
/// <exception cref="CaptureException">It cannot be opened; one line says why and what to do.</exception>
public delegate ICapture OpenCapture(TimeSpan notBefore);

/// <summary>
/// One opened source, used by one thread. It hands what it reads to a <see cref="SensorFeed"/>; the buffers behind
/// it stay the driver's, so the stream copies. After an error or the end only disposing is allowed.
/// </summary>
public interface ICapture : IDisposable
{
    /// <summary>Hands over the sound that has arrived and the next frame, waiting for it up to a time or until stopped.</summary>
    /// <exception cref="CaptureException">The source failed; one line says why.</exception>
    CaptureRead Read(SensorFeed feed, TimeSpan timeout, CancellationToken stop);
}
