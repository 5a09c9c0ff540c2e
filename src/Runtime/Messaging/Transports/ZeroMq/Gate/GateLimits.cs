namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq.Gate;

/// <summary>How a ZMTP connection is secured; the greeting names it.</summary>
public enum ZmtpMechanism
{
    /// <summary>Not at all.</summary>
    Null,

    /// <summary>By keys; all frames after the handshake are encrypted.</summary>
    Curve,
}

/// <summary>
/// What one peer may ask of a socket behind a <see cref="ConnectionGate"/>. Each limit is the most that still passes.
/// <para>
/// Under <see cref="ZmtpMechanism.Curve"/> a frame's content is hidden, and with it whether more of the message follows
/// and what it subscribes to. Then <see cref="MessageParts"/>, <see cref="MessageBytes"/> and <see cref="MessageTime"/>
/// hold for what can be seen only, which is single frames, and subscriptions are not counted at all. What is left is
/// the length of a frame, and <see cref="CurveBurstBytes"/> and <see cref="CurveBytesPerSecond"/>, by which an endless
/// message or ever new subscriptions grow slowly, but without end. Only a peer whose key the library accepts gets that
/// far; where the library accepts every key, that is everybody.
/// </para>
/// </summary>
public sealed record GateLimits
{
    /// <summary>The mechanism of the socket behind; a peer that greets with another one is refused.</summary>
    public ZmtpMechanism Mechanism { get; init; }

    /// <summary>
    /// The types of sockets that go with the one behind, as the peer's READY names them (not to be seen under CURVE);
    /// of those that are routed to by an identity, one must be named, be it empty. Where the list is empty all go.
    /// </summary>
    public IReadOnlyList<string> PeerTypes { get; init; } = [];

    /// <summary>
    /// Whether stops go to these peers, so that the gate's thread runs before ordinary ones where the system grants it.
    /// </summary>
    public bool IsUrgent { get; init; }

    /// <summary>From the connection to the end of the peer's last command of the handshake.</summary>
    public TimeSpan HandshakeTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// From the first byte of a message, or of a command, to its last. The time in which the socket behind takes
    /// nothing does not count.
    /// </summary>
    public TimeSpan MessageTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of one frame of a message.</summary>
    public int FrameBytes { get; init; } = 64 * 1024;

    /// <summary>Bytes of one command (READY, PING, SUBSCRIBE). A CURVE handshake has up to 550.</summary>
    public int CommandBytes { get; init; } = 1024;

    /// <summary>Frames of one message.</summary>
    public int MessageParts { get; init; } = 16;

    /// <summary>Bytes of all frames of one message together.</summary>
    public int MessageBytes { get; init; } = 128 * 1024;

    /// <summary>
    /// Subscriptions of one connection that stand at once; null where the socket takes none. libzmq keeps several
    /// kilobytes for each, times <see cref="Connections"/>.
    /// </summary>
    public int? Subscriptions { get; init; }

    /// <summary>Bytes of the topic of one subscription.</summary>
    public int SubscriptionBytes { get; init; } = 256;

    /// <summary>Connections at once.</summary>
    public int Connections { get; init; } = 256;

    /// <summary>
    /// The number from which a connection's descriptor is one too many. The library behind needs one for each
    /// connection, too, and both libraries end the process where they get none.
    /// </summary>
    public int Descriptors { get; init; } = DescriptorLimit.Own;

    /// <summary>Bytes that a peer may send at once under CURVE; what is beyond waits at the peer.</summary>
    public int CurveBurstBytes { get; init; } = 1024 * 1024;

    /// <summary>Bytes a second that a peer may send under CURVE in the long run; what is beyond waits there.</summary>
    public int CurveBytesPerSecond { get; init; } = 64 * 1024;
}

/// <summary>Why a gate ended a connection, or did not take it.</summary>
public enum GateReason
{
    /// <summary>As many as may be are connected.</summary>
    TooManyConnections,

    /// <summary>The process has no descriptor or no memory left for another connection.</summary>
    NoResources,

    /// <summary>The socket behind cannot be reached.</summary>
    NoService,

    /// <summary>It does not greet as ZMTP 2.0 or newer does: another protocol, or libzmq before 3.0.</summary>
    NotZmtp,

    /// <summary>It speaks ZMTP before 3.0, as libzmq before 4.0 does.</summary>
    OldVersion,

    /// <summary>It wants another security mechanism than the socket behind has.</summary>
    OtherMechanism,

    /// <summary>Its socket's type does not go with the socket behind.</summary>
    OtherType,

    /// <summary>Its routing id is that of another connection.</summary>
    IdentityTaken,

    /// <summary>The handshake took too long.</summary>
    SlowHandshake,

    /// <summary>What it sends breaks the framing of ZMTP.</summary>
    Malformed,

    /// <summary>A frame of a message is too long.</summary>
    LongFrame,

    /// <summary>A command is too long.</summary>
    LongCommand,

    /// <summary>A message has too many frames.</summary>
    ManyParts,

    /// <summary>A message has too many bytes.</summary>
    LongMessage,

    /// <summary>A message or a command took too long.</summary>
    SlowMessage,

    /// <summary>Too many subscriptions stand.</summary>
    ManySubscriptions,

    /// <summary>The topic of a subscription is too long.</summary>
    LongSubscription,
}

/// <summary>That a connection was ended, or not taken.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Peer">Who it was: address and port, or process and user.</param>
public readonly record struct GateRefusal(GateReason Reason, string Peer)
{
    /// <summary>The reason in words, with the limit that was exceeded.</summary>
    public string Describe(GateLimits limits) => Reason switch
    {
        GateReason.TooManyConnections => $"{limits.Connections} connections, which is the most, are open",
        GateReason.NoResources => "there are no descriptors or no memory for another connection",
        GateReason.NoService => "the socket behind cannot be reached",
        GateReason.NotZmtp => "what it says is not ZeroMQ's protocol",
        GateReason.OldVersion => "it speaks ZeroMQ's protocol before version 3, as libzmq before 4.0 does",
        GateReason.OtherMechanism =>
            $"it does not ask for {limits.Mechanism.ToString().ToUpperInvariant()}, by which this socket is secured",
        GateReason.OtherType => $"it is no socket of the types {string.Join(", ", limits.PeerTypes)}",
        GateReason.IdentityTaken => "another connection, which is open, has its routing id (ZMQ_ROUTING_ID); set none",
        GateReason.SlowHandshake => $"its greeting took more than {limits.HandshakeTime.TotalSeconds:0} s",
        GateReason.Malformed => "what it sends breaks ZeroMQ's protocol",
        GateReason.LongFrame => $"a frame of more than {limits.FrameBytes} bytes",
        GateReason.LongCommand => $"a command of more than {limits.CommandBytes} bytes",
        GateReason.ManyParts => $"a message of more than {limits.MessageParts} frames",
        GateReason.LongMessage => $"a message of more than {limits.MessageBytes} bytes",
        GateReason.SlowMessage => $"a message took more than {limits.MessageTime.TotalSeconds:0} s",
        GateReason.ManySubscriptions => $"more than {limits.Subscriptions} subscriptions",
        GateReason.LongSubscription => $"a subscription of more than {limits.SubscriptionBytes} bytes",
        _ => Reason.ToString(),
    };
}
