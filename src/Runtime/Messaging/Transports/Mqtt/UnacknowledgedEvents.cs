namespace EdgePerception.Runtime.Messaging.Transports.Mqtt;

/// <summary>
/// The events (QoS 1) that the broker has not acknowledged yet, in the order of their first sending, each with its
/// bytes: what was on its way when a connection broke is sent again over the next one. Safe from two threads, the one
/// that sends and the one that receives.
/// </summary>
internal sealed class UnacknowledgedEvents
{
    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];
    private ushort _last;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _entries.Count;
        }
    }

    /// <summary>When the oldest of them was sent, on the monotonic clock; none where there is none.</summary>
    public TimeSpan? Oldest
    {
        get
        {
            lock (_lock) return _entries.Count > 0 ? _entries[0].At : null;
        }
    }

    /// <summary>Takes an event that is about to be sent; returns its number on this connection.</summary>
    /// <param name="message">The event, whose bytes belong to this from now on.</param>
    /// <param name="now">The monotonic instant.</param>
    public ushort Add(in OutboundMessage message, TimeSpan now)
    {
        lock (_lock)
        {
            var id = NextId();
            _entries.Add(new Entry(id, message, now));
            return id;
        }
    }

    /// <summary>Gives an acknowledged event out; false where none has the number.</summary>
    public bool TryTake(ushort id, out OutboundMessage message)
    {
        lock (_lock)
        {
            var index = IndexOf(id);
            message = index < 0 ? default : _entries[index].Message;
            if (index >= 0) _entries.RemoveAt(index);
            return index >= 0;
        }
    }

    /// <summary>Gives all out, the oldest first, to be sent again or dropped.</summary>
    public IReadOnlyList<OutboundMessage> TakeAll()
    {
        lock (_lock)
        {
            var all = _entries.ConvertAll(entry => entry.Message);
            _entries.Clear();
            return all;
        }
    }

    /// <summary>A number that no packet on its way has.</summary>
    public ushort NextId()
    {
        lock (_lock)
        {
            do _last = _last == ushort.MaxValue ? (ushort)1 : (ushort)(_last + 1);
            while (IndexOf(_last) >= 0);
            return _last;
        }
    }

    private int IndexOf(ushort id)
    {
        for (var i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].Id == id) return i;
        }

        return -1;
    }

    private readonly record struct Entry(ushort Id, OutboundMessage Message, TimeSpan At);
}
