using EdgePerception.Sensors.Diagnostics;

namespace EdgePerception.Runtime.Messaging.Transports;

/// <summary>Why an outgoing message did not reach its peer.</summary>
public enum DropReason
{
    /// <summary>The queue of its class was full; the oldest went.</summary>
    QueueFull,

    /// <summary>A newer value of the same retained topic took its place.</summary>
    Coalesced,

    /// <summary>A stream while the peer was away.</summary>
    Disconnected,

    /// <summary>Longer than a message may be.</summary>
    TooLarge,

    /// <summary>The topic cannot be sent to.</summary>
    BadTopic,

    /// <summary>Its deadline had passed at the moment of sending.</summary>
    Expired,

    /// <summary>The broker refused it.</summary>
    BrokerRefused,

    /// <summary>A subscriber's or controller's queue was full.</summary>
    PeerBehind,

    /// <summary>A controller had vanished.</summary>
    PeerGone,

    /// <summary>No controller was registered.</summary>
    NoPeer,

    /// <summary>
    /// A halt overtook an action that had not been sent, the gate permitted no motion, or it was taken back meanwhile.
    /// </summary>
    Halted,

    /// <summary>A motion to a controller that knows no permits.</summary>
    NoPermits,

    /// <summary>The service ended first.</summary>
    Shutdown,
}

/// <summary>Why an arriving message was not taken.</summary>
public enum RefusalReason
{
    /// <summary>Kept by the broker from before, on a topic where only live messages count.</summary>
    Retained,

    /// <summary>Longer than a message may be.</summary>
    TooLarge,

    /// <summary>It cannot be read.</summary>
    Malformed,

    /// <summary>On a topic that nobody asked for.</summary>
    UnknownTopic,

    /// <summary>The handler threw.</summary>
    HandlerFailed,

    /// <summary>A controller's name is not one.</summary>
    BadName,

    /// <summary>As many controllers as fit are registered.</summary>
    TableFull,

    /// <summary>Another connection, which is alive, is registered under the name.</summary>
    NameTaken,

    /// <summary>One connection registered under too many names.</summary>
    TooManyNames,

    /// <summary>From a controller that has not registered.</summary>
    NotRegistered,

    /// <summary>About an action that was not sent to this controller.</summary>
    UnknownAction,

    /// <summary>A field is out of its range.</summary>
    OutOfRange,

    /// <summary>A controller that does not stand in the list of those that may register.</summary>
    NotAllowed,

    /// <summary>A controller says more than anybody could read.</summary>
    Flood,
}

/// <summary>
/// Totals of one transport since its start; safe from any thread. For outgoing messages
/// <see cref="Accepted"/> = <see cref="Delivered"/> + <see cref="Dropped"/> + <see cref="Pending"/>. The same figures
/// are metrics, tagged with the transport and, where there is one, the reason.
/// </summary>
public sealed class TransportCounters(string transport)
{
    private static readonly TotalCounter AcceptedMetric = new(
        "edge_perception.messaging.accepted", "{message}", "Messages given to a transport", "transport");
    private static readonly TotalCounter DeliveredMetric = new(
        "edge_perception.messaging.delivered", "{message}",
        "Messages acknowledged by the broker, or handed to the network", "transport");
    private static readonly TotalCounter BytesMetric = new(
        "edge_perception.messaging.payload", "By", "Payload of the messages delivered", "transport");
    private static readonly TotalCounter DroppedMetric = new(
        "edge_perception.messaging.dropped", "{message}", "Messages that did not reach their peer", "transport",
        "reason");
    private static readonly TotalCounter ReceivedMetric = new(
        "edge_perception.messaging.received", "{message}", "Messages that arrived and were handed on", "transport");
    private static readonly TotalCounter RefusedMetric = new(
        "edge_perception.messaging.refused", "{message}", "Messages that arrived and were not taken", "transport",
        "reason");
    private static readonly TotalCounter ConnectionsMetric = new(
        "edge_perception.messaging.connections", "{connection}", "Connections made", "transport");

    private readonly long[] _dropped = new long[Enum.GetValues<DropReason>().Length];
    private readonly long[] _refused = new long[Enum.GetValues<RefusalReason>().Length];
    private long _accepted;
    private long _delivered;
    private long _received;
    private long _connections;

    /// <summary>Messages given to the transport.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>Messages that the broker acknowledged (QoS 1) or that were handed to the network (otherwise).</summary>
    public long Delivered => Interlocked.Read(ref _delivered);

    /// <summary>Messages dropped, for whatever reason.</summary>
    public long Dropped => Sum(_dropped);

    /// <summary>Messages on their way.</summary>
    public long Pending => Accepted - Delivered - Dropped;

    /// <summary>Messages that arrived and were handed on.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Messages that arrived and were refused, for whatever reason.</summary>
    public long Refused => Sum(_refused);

    /// <summary>Connections made; the first is 1, so one less is the number of reconnections.</summary>
    public long Connections => Interlocked.Read(ref _connections);

    /// <summary>Messages dropped for one reason.</summary>
    public long DroppedFor(DropReason reason) => Interlocked.Read(ref _dropped[(int)reason]);

    /// <summary>Messages refused for one reason.</summary>
    public long RefusedFor(RefusalReason reason) => Interlocked.Read(ref _refused[(int)reason]);

    internal void Accept()
    {
        Interlocked.Increment(ref _accepted);
        AcceptedMetric.Add(1, transport);
    }

    internal void Deliver(int bytes)
    {
        Interlocked.Increment(ref _delivered);
        DeliveredMetric.Add(1, transport);
        BytesMetric.Add(bytes, transport);
    }

    internal void Drop(DropReason reason)
    {
        Interlocked.Increment(ref _dropped[(int)reason]);
        DroppedMetric.Add(1, transport, TagNames.Of(reason));
    }

    internal void Receive()
    {
        Interlocked.Increment(ref _received);
        ReceivedMetric.Add(1, transport);
    }

    internal void Refuse(RefusalReason reason)
    {
        Interlocked.Increment(ref _refused[(int)reason]);
        RefusedMetric.Add(1, transport, TagNames.Of(reason));
    }

    internal void Connect()
    {
        Interlocked.Increment(ref _connections);
        ConnectionsMetric.Add(1, transport);
    }

    private static long Sum(long[] counts)
    {
        var sum = 0L;
        for (var i = 0; i < counts.Length; i++) sum += Interlocked.Read(ref counts[i]);
        return sum;
    }
}
