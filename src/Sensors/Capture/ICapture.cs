namespace EdgePerception.Sensors.Capture;

/// <summary>What reading a capture brought.</summary>
public enum CaptureRead
{
    /// <summary>Something went to the feed: a frame, or a block of sound.</summary>
    Arrived,

    /// <summary>Nothing came within the time.</summary>
    Nothing,

    /// <summary>Something was left out: its time is not the recording's, or not later than the last one's.</summary>
    Unusable,

    /// <summary>The source has come to its end and will give nothing more.</summary>
    Ended,
}

/// <summary>Opens a source anew; called by its capture thread for the first time and after each failure.</summary>
/// <param name="notBefore">
/// What the new capture gives is later than this, so that the source keeps its place in time.
/// </param>
/// <exception cref="CaptureException">It cannot be opened; one line says why and what to do.</exception>
public delegate ICapture<TFeed> OpenCapture<in TFeed>(TimeSpan notBefore);

/// <summary>
/// One opened source, used by one thread. It hands what it reads to a feed; the buffers behind it stay the driver's, so
/// the feed copies. After an error or the end only disposing is allowed.
/// </summary>
/// <typeparam name="TFeed">What it feeds: frames or sound.</typeparam>
public interface ICapture<in TFeed> : IDisposable
{
    /// <summary>Hands over the next frame or block of sound, waiting for it up to a time or until stopped.</summary>
    /// <exception cref="CaptureException">The source failed; one line says why.</exception>
    CaptureRead Read(TFeed feed, TimeSpan timeout, CancellationToken stop);
}

/// <summary>Where a source's captures, one after the other, leave what they read.</summary>
public interface ICaptureFeed : IDisposable
{
    /// <summary>When the newest of it was taken, on CLOCK_MONOTONIC; zero before the first.</summary>
    TimeSpan LastTime { get; }

    /// <summary>Whether that is a time of the clock, and not of an unpaced recording.</summary>
    bool IsRealTime { get; }

    /// <summary>What it is like, for the log: <c>640x480</c>.</summary>
    string Shape { get; }

    /// <summary>Says that nothing will come any more.</summary>
    void Finish();

    /// <summary>Lets a capture thread go that waits within the feed.</summary>
    void Close();

    /// <summary>What of it others still hold, for the log; null if nothing.</summary>
    string? DescribeLeases();
}
