namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq;

/// <summary>
/// The prefixes that somebody subscribes to at present, as an XPUB socket tells them: of each prefix every beginning,
/// and the end of the last subscription to it. Changed by the thread that owns the socket, read by any.
/// </summary>
internal sealed class SubscriptionTable
{
    /// <summary>Prefixes that are kept at most; once there were more, every topic counts as subscribed to.</summary>
    public const int Capacity = 256;

    // None once there were too many.
    private volatile string[]? _prefixes = [];

    /// <summary>Takes note of a subscription.</summary>
    public void Begin(string prefix)
    {
        if (_prefixes is not { } prefixes || prefixes.Contains(prefix)) return;
        _prefixes = prefixes.Length < Capacity ? [.. prefixes, prefix] : null;
    }

    /// <summary>Takes note that nobody subscribes to the prefix any more.</summary>
    public void End(string prefix)
    {
        if (_prefixes is { } prefixes) _prefixes = [.. prefixes.Where(known => known != prefix)];
    }

    /// <summary>Whether a topic, its levels parted by <c>/</c>, begins with one of the prefixes.</summary>
    public bool Covers(string topic)
    {
        if (_prefixes is not { } prefixes) return true;
        foreach (var prefix in prefixes)
        {
            if (Begins(topic, prefix)) return true;
        }

        return false;
    }

    /// <summary>Whether a topic begins with a prefix, in which points part the levels.</summary>
    public static bool Begins(string topic, string prefix)
    {
        if (prefix.Length > topic.Length) return false;
        for (var i = 0; i < prefix.Length; i++)
        {
            if ((topic[i] == '/' ? '.' : topic[i]) != prefix[i]) return false;
        }

        return true;
    }
}
