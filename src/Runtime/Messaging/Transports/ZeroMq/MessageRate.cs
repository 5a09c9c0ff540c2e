namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq;

/// <summary>Whether somebody says more than a second has room for. One thread's.</summary>
/// <param name="now">The present.</param>
internal sealed class MessageRate(TimeSpan now)
{
    /// <summary>Messages a second; a heartbeat every 5 ms is 200 of them.</summary>
    public const int MostASecond = 500;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private TimeSpan _began = now;
    private int _count;

    /// <summary>Counts a message; false where it is one too many.</summary>
    public bool Take(TimeSpan at)
    {
        if (at - _began >= Second) (_began, _count) = (at, 0);
        return ++_count <= MostASecond;
    }
}
