namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq.Gate;

/// <summary>
/// How many bytes a peer may still send: so many at once, and so many a second in the long run. Full at the start. Not
/// thread-safe.
/// </summary>
internal sealed class ByteBudget(int burstBytes, int bytesPerSecond, TimeSpan now)
{
    // A peer that is read byte by byte, as its budget grows, would keep the thread busy.
    private readonly int _leastWorthReading = Math.Min(4096, burstBytes);
    private double _bytes = burstBytes;
    private TimeSpan _filled = now;

    /// <summary>How many bytes may be read now; 0 until a number is due that is worth it.</summary>
    public int Available(TimeSpan now)
    {
        _bytes = Math.Min(burstBytes, _bytes + (now - _filled).TotalSeconds * bytesPerSecond);
        _filled = now;
        return _bytes < _leastWorthReading ? 0 : (int)_bytes;
    }

    /// <summary>When bytes may be read again, if none may at that time.</summary>
    public TimeSpan NextAt(TimeSpan now) =>
        now + TimeSpan.FromSeconds(Math.Max(0, _leastWorthReading - _bytes) / bytesPerSecond);

    /// <summary>Takes what was read away.</summary>
    public void Spend(int bytes) => _bytes -= bytes;
}
