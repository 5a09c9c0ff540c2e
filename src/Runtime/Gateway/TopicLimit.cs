namespace EdgePerception.Runtime.Gateway;

/// <summary>
/// How many messages of a topic are read: a bucket that fills at a rate and holds twice what comes in a second. It also
/// counts what was not, and says when that is to be told. The thread's that messages arrive on.
/// </summary>
/// <param name="perSecond">Messages a second.</param>
internal sealed class TopicLimit(int perSecond)
{
    private static readonly TimeSpan TellPeriod = TimeSpan.FromSeconds(1);

    private double _left = 2.0 * perSecond;
    private TimeSpan _filled;
    private TimeSpan? _told;
    private long _refused;

    /// <summary>Messages a second that are read.</summary>
    public int PerSecond => perSecond;

    /// <summary>Whether one more may be read.</summary>
    /// <param name="now">The monotonic instant.</param>
    public bool TryTake(TimeSpan now)
    {
        _left = Math.Min(2.0 * perSecond, _left + (now - _filled).TotalSeconds * perSecond);
        _filled = now;
        if (_left < 1) return false;
        _left--;
        return true;
    }

    /// <summary>
    /// Counts one that was not read. Returns how many there were since it was last told, where it is to be told again;
    /// else none.
    /// </summary>
    /// <param name="now">The monotonic instant.</param>
    public long? Refuse(TimeSpan now)
    {
        _refused++;
        if (now - _told < TellPeriod) return null;
        var count = _refused;
        (_refused, _told) = (0, now);
        return count;
    }
}
