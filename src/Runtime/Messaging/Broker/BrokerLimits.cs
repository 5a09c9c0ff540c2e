namespace EdgePerception.Runtime.Messaging.Broker;

/// <summary>
/// What the embedded broker spends at most. A robot needs a small part of it; whoever goes beyond it errs.
/// </summary>
internal static class BrokerLimits
{
    /// <summary>Longest packet, bytes, without its header: a payload of 1 MiB with topic and properties.</summary>
    public const int PacketBytes = (1 << 20) + (1 << 16);

    /// <summary>
    /// Longest first packet, bytes: names, password and will have 64 KiB at most each, and nobody is known yet.
    /// </summary>
    public const int ConnectBytes = 1 << 18;

    /// <summary>Connections at a time, those that have not said who they are included.</summary>
    public const int Connections = 256;

    /// <summary>How long a connection may take for its TLS handshake, and again until it has said who it is.</summary>
    public static readonly TimeSpan ToConnect = TimeSpan.FromSeconds(10);

    /// <summary>Topic filters of one client.</summary>
    public const int Subscriptions = 256;

    /// <summary>Messages that wait for one client to read; then the oldest goes.</summary>
    public const int QueuedMessages = 1000;

    /// <summary>
    /// Messages on their way to one client, those that it has not acknowledged included; then the new one goes.
    /// </summary>
    public const int HeldMessages = 20_000;

    /// <summary>Bytes on their way to one client, likewise.</summary>
    public const long HeldBytes = 16 << 20;

    /// <summary>Topics with a retained message.</summary>
    public const int RetainedTopics = 1000;

    /// <summary>Bytes of all retained messages together.</summary>
    public const long RetainedBytes = 16 << 20;

    /// <summary>Sessions that outlive their connection.</summary>
    public const int Sessions = 16;

    /// <summary>How long such a session is kept without a connection.</summary>
    public static readonly TimeSpan SessionLife = TimeSpan.FromMinutes(10);

    /// <summary>Messages that are kept for one client that is away; then the new one goes.</summary>
    public const int SessionMessages = 256;

    /// <summary>Bytes that are kept for it, likewise.</summary>
    public const long SessionBytes = 1 << 20;

    /// <summary>Packets of one client that are read each second; what is beyond waits in its connection.</summary>
    public const int PacketsPerSecond = 1000;

    /// <summary>Packets of one client that are read at once after a rest.</summary>
    public const int PacketsAtOnce = 2000;
}
