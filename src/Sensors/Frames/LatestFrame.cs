namespace EdgePerception.Sensors.Frames;

/// <summary>
/// A mailbox with room for one frame. The newest wins: a frame that nobody took is replaced, its lease ended and
/// counted, so that capture never waits for whoever looks at the images. Safe from any thread; lock-free.
/// </summary>
public sealed class LatestFrame : IDisposable
{
    private Frame? _frame;
    private long _replaced;
    private volatile bool _closed;

    /// <summary>How many frames were replaced before anybody took them.</summary>
    public long Replaced => Interlocked.Read(ref _replaced);

    /// <summary>Whether a frame lies in it.</summary>
    public bool HasFrame => Volatile.Read(ref _frame) is not null;

    /// <summary>
    /// Puts a frame in; its lease belongs to the mailbox from here on. Answers false when an older frame had to go
    /// for it.
    /// </summary>
    public bool Put(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        frame.Claim(this);
        var old = Interlocked.Exchange(ref _frame, frame);
        // Closing looks once; whoever puts after that look must clear up itself.
        if (_closed) Drop(Interlocked.Exchange(ref _frame, null));
        if (old is null) return true;
        Drop(old);
        Interlocked.Increment(ref _replaced);
        return false;
    }

    /// <summary>Takes the frame out, and its lease with it; null if nothing came since the last time.</summary>
    public Frame? Take()
    {
        var frame = Interlocked.Exchange(ref _frame, null);
        frame?.Unclaim(this);
        return frame;
    }

    /// <summary>Ends the lease of the frame in it, and of every frame that is put in later.</summary>
    public void Dispose()
    {
        _closed = true;
        Drop(Interlocked.Exchange(ref _frame, null));
    }

    private void Drop(Frame? frame)
    {
        if (frame is null) return;
        frame.Unclaim(this);
        frame.Dispose();
    }
}
