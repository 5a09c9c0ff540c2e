namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq.Gate;

/// <summary>
/// The subscriptions of one connection, as the library keeps them: the same one again is one, and to end one that does
/// not stand changes nothing. So they are kept themselves: a mere number could be brought down by ending what never
/// was. Not thread-safe.
/// </summary>
internal sealed class StandingSubscriptions
{
    private readonly int _most;
    private readonly HashSet<byte[]> _topics;
    private readonly HashSet<byte[]>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

    /// <summary>None yet, and never more than so many.</summary>
    public StandingSubscriptions(int most)
    {
        _most = most;
        _topics = new HashSet<byte[]>(new SameBytes());
        _lookup = _topics.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>Begins one; false when it would be one too many.</summary>
    public bool TryBegin(ReadOnlySpan<byte> topic)
    {
        if (_lookup.Contains(topic)) return true;
        return _topics.Count < _most && _lookup.Add(topic);
    }

    /// <summary>Ends one, if it stands.</summary>
    public void End(ReadOnlySpan<byte> topic) => _lookup.Remove(topic);

    private sealed class SameBytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] topic) => GetHashCode(topic.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public int GetHashCode(ReadOnlySpan<byte> topic)
        {
            var hash = new HashCode();
            hash.AddBytes(topic);
            return hash.ToHashCode();
        }
    }
}
