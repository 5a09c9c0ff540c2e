namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq.Gate;

/// <summary>
/// The routing ids that the peers of one gate named, each of which one connection has. The libraries keep a second one
/// with the same connected and do not hear it, or take what it says for its id. Not thread-safe.
/// </summary>
internal sealed class TakenIdentities
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <summary>Takes one for a connection; the text to give it back by, or null if another one has it.</summary>
    public string? TryTake(ReadOnlySpan<byte> identity)
    {
        var text = System.Text.Encoding.Latin1.GetString(identity);
        return _taken.Add(text) ? text : null;
    }

    /// <summary>Gives one back.</summary>
    public void GiveBack(string identity) => _taken.Remove(identity);
}
