using NetMQ;
using NetMQ.Sockets;

namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq;

/// <summary>
/// A socket of NetMQ, which is managed and needs nothing installed. TCP alone; no list of allowed keys; a subscriber
/// that falls behind misses messages without a word, so that a publisher never answers
/// <see cref="SendOutcome.WouldBlock"/>.
/// NetMQ 4.0.4 believes its peers: one of ZeroMQ's protocol versions 1 and 2 is let in without keys, and a malformed
/// command (a READY whose metadata has a negative length, an empty command) ends the process by an exception on NetMQ's
/// own thread. The gate in front lets neither through; but it cannot see what is encrypted, so that a client whose keys
/// are good can still end the process, and who finds the inner port can go past it. libzmq has none of these faults.
/// NetMQ has two threads for the whole process, which stay, and close a socket a moment after
/// <see cref="Dispose"/>. What is sent goes out on those, however busy the thread pool is, as long as the peer reads.
/// What comes in, connections, registrations and the answers to heartbeats, is handed to them by the pool: while every
/// thread of the pool is blocked nobody is heard, and after the heartbeats' time controllers are given up.
/// </summary>
internal sealed class NetMqSocket : IZeroMqSocket
{
    private readonly NetMQSocket _socket;
    private readonly NetMQSelector _selector = new();
    private readonly NetMQSelector.Item[] _items = new NetMQSelector.Item[2];

    /// <summary>An unbound socket.</summary>
    public NetMqSocket(ZeroMqSocketSettings settings)
    {
        _socket = settings.Kind == ZeroMqSocketKind.Publisher ? new XPublisherSocket() : new RouterSocket();
        _items[0] = new NetMQSelector.Item(_socket, PollEvents.PollIn);
        var options = _socket.Options;
        options.Linger = TimeSpan.Zero;
        options.SendHighWatermark = settings.PeerQueue;
        options.MaxMsgSize = settings.MaxFrameBytes;
        if (settings.Kind == ZeroMqSocketKind.Publisher) options.XPubVerbose = true;
        else options.RouterMandatory = true;
        if (settings.SilenceMs > 0)
        {
            options.HeartbeatInterval = TimeSpan.FromMilliseconds(settings.SilenceMs / 4);
            options.HeartbeatTimeout = TimeSpan.FromMilliseconds(settings.SilenceMs * 3 / 4);
        }

        if (settings.Curve is not { } keys) return;
        options.CurveServer = true;
        options.CurveCertificate = new NetMQCertificate(keys.Secret, keys.Public);
    }

    /// <inheritdoc/>
    public string Endpoint { get; private set; } = "";

    /// <inheritdoc/>
    public void Bind(string endpoint)
    {
        try
        {
            _socket.Bind(endpoint);
            Endpoint = _socket.Options.LastEndpoint ?? endpoint;
        }
        catch (NetMQException e)
        {
            throw new MessagingException($"cannot bind {endpoint}: {e.ErrorCode}: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public SendOutcome Send(ReadOnlySpan<byte> frame, bool more = false)
    {
        // NetMQ's pool is left as it is, which allocates: a pool that reuses frames is one more thing in which a fault
        // of NetMQ's would end the process, or send one frame's bytes as another's.
        var message = default(Msg);
        message.InitPool(frame.Length);
        frame.CopyTo(message.Slice());
        try
        {
            if (_socket.TrySend(ref message, TimeSpan.Zero, more)) return SendOutcome.Sent;
            message.Close();
            return SendOutcome.WouldBlock;
        }
        catch (HostUnreachableException)
        {
            message.Close();
            return SendOutcome.Unreachable;
        }
    }

    /// <inheritdoc/>
    public int Receive(Span<byte> frame, out bool more)
    {
        more = false;
        var message = default(Msg);
        message.InitEmpty();
        if (!_socket.TryReceive(ref message, TimeSpan.Zero)) return -1;
        var length = message.Size;
        message.Slice()[..Math.Min(length, frame.Length)].CopyTo(frame);
        more = message.HasMore;
        message.Close();
        return length;
    }

    /// <inheritdoc/>
    public void Wait(WakeUp wakeUp, int milliseconds)
    {
        _items[1] ??= new NetMQSelector.Item(wakeUp.Socket, PollEvents.PollIn);
        if (_selector.Select(_items, _items.Length, milliseconds) && _items[1].ResultEvent.HasIn()) wakeUp.Reset();
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
