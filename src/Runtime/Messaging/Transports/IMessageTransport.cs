namespace EdgePerception.Runtime.Messaging.Transports;

/// <summary>How far a transport is from its peer.</summary>
public enum TransportState
{
    /// <summary>Not started, or ended.</summary>
    Stopped,

    /// <summary>Started, without its peer: it keeps trying, and streams are dropped meanwhile.</summary>
    Disconnected,

    /// <summary>Messages flow.</summary>
    Connected,
}

/// <summary>What is wrong with a transport's connection.</summary>
/// <param name="Reason">Why, and what to do about it where somebody must.</param>
/// <param name="NeedsAttention">Whether somebody must, since waiting does not mend it.</param>
public sealed record TransportTrouble(string Reason, bool NeedsAttention);

/// <summary>Takes a message that arrived. Called on the transport's thread, so it hands on and returns.</summary>
/// <param name="topic">The topic below the device's prefix (<c>command</c>).</param>
/// <param name="payload">The bytes, valid during the call only, never more than the transport's inbound limit.</param>
/// <param name="retained">Whether the broker had kept the message from before the subscription.</param>
public delegate void InboundHandler(string topic, ReadOnlySpan<byte> payload, bool retained);

/// <summary>
/// One way for messages out of and into the service. Each transport owns one thread, which alone touches its sockets,
/// and a bounded queue in front of it: events (QoS 1) and streams (QoS 0) drop their oldest when full, retained topics
/// keep only their newest value. Nothing is dropped without being counted by reason. A peer that is absent at start or
/// dies later is announced once an outage, and looked for until it is back.
/// Every member is safe from any thread.
/// </summary>
public interface IMessageTransport : IAsyncDisposable
{
    /// <summary>The transport's name in logs and metrics (<c>mqtt</c>).</summary>
    string Name { get; }

    /// <summary>The present state.</summary>
    TransportState State { get; }

    /// <summary>
    /// What is wrong with the connection: why there is none, or that another client takes it away again and again,
    /// which may be so in a moment in which it stands. Null if all is well.
    /// </summary>
    TransportTrouble? Trouble { get; }

    /// <summary>What was accepted, delivered, dropped, received and refused since the start.</summary>
    TransportCounters Counters { get; }

    /// <summary>Raised on the transport's thread after each change of <see cref="State"/>.</summary>
    event Action<TransportState>? StateChanged;

    /// <summary>
    /// Takes arriving messages; set it before <see cref="Start"/>. What it throws is logged and counted.
    /// </summary>
    InboundHandler? Inbound { get; set; }

    /// <summary>Starts the thread; returns without waiting for a peer.</summary>
    /// <exception cref="MessagingException">
    /// The transport can never work as configured: a port that is taken, a certificate that cannot be read.
    /// </exception>
    void Start();

    /// <summary>
    /// Whether a message of that topic would be sent to anybody now, so far as the transport knows. One that would not
    /// need not be made, unless it is retained for whoever comes later.
    /// </summary>
    bool IsWanted(string topic);

    /// <summary>
    /// Copies a message into the queue. Never blocks and never throws for a peer's state. Returns false when the
    /// message was not taken; the reason is counted.
    /// </summary>
    /// <param name="topic">Below the device's prefix, levels parted by <c>/</c>.</param>
    /// <param name="payload">The encoded message, at most <see cref="Outbox.MaxPayloadBytes"/>.</param>
    /// <param name="options">How it is to be carried.</param>
    bool Publish(string topic, ReadOnlySpan<byte> payload, in PublishOptions options);
}

/// <summary>A fault of the configuration or the machine that a transport cannot work around; one clear line.</summary>
public sealed class MessagingException : Exception
{
    /// <summary>A fault without words; the analyzers ask for it.</summary>
    public MessagingException()
    {
    }

    /// <summary>A fault that says what, where and what to do.</summary>
    public MessagingException(string message)
        : base(message)
    {
    }

    /// <summary>A fault with what caused it.</summary>
    public MessagingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
