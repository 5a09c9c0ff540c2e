namespace EdgePerception.Runtime.Messaging.Transports;

/// <summary>How surely a message is carried, by MQTT's numbers.</summary>
public enum QualityOfService
{
    /// <summary>A stream: the next message replaces a lost one. Dropped while the peer is away.</summary>
    AtMostOnce = 0,

    /// <summary>An event: kept while the peer is away, as far as the queue reaches.</summary>
    AtLeastOnce = 1,
}

/// <summary>Number and times of a message, as the ZeroMQ header carries them.</summary>
/// <param name="Sequence">Counts the messages of the topic from 1.</param>
/// <param name="CapturedUnixNs">Capture time, Unix nanoseconds; 0 where nothing was captured.</param>
/// <param name="PublishedUnixNs">Publish time, Unix nanoseconds.</param>
public readonly record struct MessageStamp(ulong Sequence, long CapturedUnixNs, long PublishedUnixNs);

/// <summary>How one message is to be carried.</summary>
public readonly record struct PublishOptions
{
    /// <summary>Stream or event.</summary>
    public QualityOfService Quality { get; init; }

    /// <summary>Whether the newest value is kept for whoever comes later.</summary>
    public bool Retain { get; init; }

    /// <summary>How long the newest value is kept from its sending on; without end where there is none.</summary>
    public TimeSpan? Life { get; init; }

    /// <summary>
    /// Whether the value is told though a newer one of its topic came before it was sent, as a halt that is over; only
    /// another that is told so takes its place.
    /// </summary>
    public bool Outlasts { get; init; }

    /// <summary>
    /// Whether the topic stands by itself (a command's <c>replyTo</c>) and not below the device's prefix.
    /// </summary>
    public bool AbsoluteTopic { get; init; }

    /// <summary>Monotonic instant from which the message must not be sent any more.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>Number and times.</summary>
    public MessageStamp Stamp { get; init; }
}
