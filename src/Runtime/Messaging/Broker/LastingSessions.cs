namespace EdgePerception.Runtime.Messaging.Broker;

/// <summary>What a client holds of the broker: messages on their way to it and not acknowledged.</summary>
/// <param name="Messages">How many.</param>
/// <param name="Bytes">Their bytes.</param>
internal readonly record struct HeldMessages(int Messages, long Bytes)
{
    /// <summary>Whether that many may wait for a client that is away.</summary>
    public bool CanWait => Messages <= BrokerLimits.SessionMessages && Bytes <= BrokerLimits.SessionBytes;
}

/// <summary>
/// The books on the sessions that MQTTnet's server keeps for clients that are away, so that they stay bounded: in
/// number, in time, and in what waits for each. Safe from any thread.
/// </summary>
internal sealed class LastingSessions
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _kept = new(StringComparer.Ordinal);

    /// <summary>
    /// Takes in a client that is connected. Returns for how long its session is kept once it is gone, not at all where
    /// there is no room, and what has waited for it.
    /// </summary>
    public (TimeSpan Life, HeldMessages Waiting) Admit(string client, TimeSpan wanted)
    {
        lock (_gate)
        {
            _kept.Remove(client, out var entry);
            if (wanted <= TimeSpan.Zero || _kept.Count >= BrokerLimits.Sessions) return default;
            var life = wanted < BrokerLimits.SessionLife ? wanted : BrokerLimits.SessionLife;
            _kept[client] = new Entry(life);
            return (life, entry?.Waiting ?? default);
        }
    }

    /// <summary>
    /// Takes note that a client is gone, with what waits for it; false where its session is to end now.
    /// </summary>
    public bool TryLeave(string client, HeldMessages waiting, TimeSpan now)
    {
        lock (_gate)
        {
            if (!_kept.TryGetValue(client, out var entry)) return false;
            if (!waiting.CanWait) _kept.Remove(client);
            (entry.Waiting, entry.Until) = (waiting, now + entry.Life);
            return waiting.CanWait;
        }
    }

    /// <summary>Takes account of a message for a client that is away; false where it is not kept.</summary>
    public bool TryHold(string client, long bytes, TimeSpan now)
    {
        lock (_gate)
        {
            if (!_kept.TryGetValue(client, out var entry) || entry.Until is not { } until || now >= until) return false;
            var waiting = new HeldMessages(entry.Waiting.Messages + 1, entry.Waiting.Bytes + bytes);
            if (!waiting.CanWait) return false;
            entry.Waiting = waiting;
            return true;
        }
    }

    /// <summary>Forgets those whose time is over, and says which the server is to forget as well.</summary>
    public IReadOnlyList<string> ForgetOver(TimeSpan now)
    {
        lock (_gate)
        {
            string[] over = [.. _kept.Where(each => now >= each.Value.Until).Select(each => each.Key)];
            foreach (var client in over) _kept.Remove(client);
            return over;
        }
    }

    private sealed class Entry(TimeSpan life)
    {
        public TimeSpan Life { get; } = life;

        /// <summary>When it ends; not while the client is connected.</summary>
        public TimeSpan? Until { get; set; }

        public HeldMessages Waiting { get; set; }
    }
}
