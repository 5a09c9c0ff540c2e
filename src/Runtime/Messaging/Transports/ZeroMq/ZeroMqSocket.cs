namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq;

/// <summary>The socket types that are used, by libzmq's numbers.</summary>
public enum ZeroMqSocketKind
{
    /// <summary>Receives what it subscribes to.</summary>
    Subscriber = 2,

    /// <summary>Talks to one router.</summary>
    Dealer = 5,

    /// <summary>Talks to many dealers by their identities.</summary>
    Router = 6,

    /// <summary>Publishes, and sees subscriptions.</summary>
    ExtendedPublisher = 9,
}

/// <summary>What became of an attempt to send.</summary>
public enum SendOutcome
{
    /// <summary>Taken.</summary>
    Sent,

    /// <summary>The peer's queue is full (EAGAIN).</summary>
    WouldBlock,

    /// <summary>There is no such peer (EHOSTUNREACH).</summary>
    Unreachable,
}

/// <summary>
/// One libzmq socket with a context of its own, so that it ends without waiting for anybody else's sockets. Not
/// thread-safe; it may change hands between threads when one starts the other. Never lingers.
/// </summary>
public sealed unsafe class ZeroMqSocket : IDisposable
{
    private const int Again = 11;
    private const int HostUnreachable = 113;
    private const int Interrupted = 4;

    private readonly nint _context;
    private nint _socket;

    /// <summary>An unconnected socket.</summary>
    public ZeroMqSocket(ZeroMqSocketKind kind)
    {
        _context = LibZmq.NewContext();
        _socket = LibZmq.NewSocket(_context, (int)kind);
        if (_socket == 0) throw new MessagingException($"zeromq: no {kind} socket: {LibZmq.ErrorText(LibZmq.LastError())}");
        Set(ZeroMqOption.Linger, 0);
    }

    /// <summary>The endpoint that was bound last, with the port that the system chose for port 0.</summary>
    public string LastEndpoint
    {
        get
        {
            var text = stackalloc byte[256];
            nuint length = 256;
            Check(LibZmq.GetOption(_socket, LibZmq.LastEndpoint, text, ref length), "read its endpoint");
            return System.Text.Encoding.UTF8.GetString(text, (int)length - 1);
        }
    }

    /// <summary>Sets an option that is a 32-bit number.</summary>
    public void Set(ZeroMqOption option, int value) =>
        Check(LibZmq.SetOption(_socket, (int)option, (byte*)&value, sizeof(int)), $"set {option}");

    /// <summary>Sets an option that is a 64-bit number.</summary>
    public void Set(ZeroMqOption option, long value) =>
        Check(LibZmq.SetOption(_socket, (int)option, (byte*)&value, sizeof(long)), $"set {option}");

    /// <summary>Sets an option that is bytes (a subscription).</summary>
    public void Set(ZeroMqOption option, ReadOnlySpan<byte> value)
    {
        fixed (byte* bytes = value) Check(LibZmq.SetOption(_socket, (int)option, bytes, (nuint)value.Length), $"set {option}");
    }

    /// <summary>Binds.</summary>
    /// <exception cref="MessagingException">The endpoint is taken or cannot be had; one clear line.</exception>
    public void Bind(string endpoint)
    {
        if (LibZmq.Bind(_socket, endpoint) == 0) return;
        throw new MessagingException(
            $"cannot bind {endpoint}: {LibZmq.ErrorText(LibZmq.LastError())}; another service may hold it, choose another endpoint or end that one");
    }

    /// <summary>Connects, now or when the peer appears.</summary>
    public void Connect(string endpoint) => Check(LibZmq.Connect(_socket, endpoint), $"connect to {endpoint}");

    /// <summary>Sends one frame without waiting.</summary>
    public SendOutcome Send(ReadOnlySpan<byte> frame, bool more = false)
    {
        fixed (byte* bytes = frame)
        {
            while (LibZmq.Send(_socket, bytes, (nuint)frame.Length, LibZmq.DontWait | (more ? LibZmq.SendMore : 0)) < 0)
            {
                switch (LibZmq.LastError())
                {
                    case Interrupted: continue;
                    case Again: return SendOutcome.WouldBlock;
                    case HostUnreachable: return SendOutcome.Unreachable;
                    default: throw new MessagingException($"zeromq: cannot send: {LibZmq.ErrorText(LibZmq.LastError())}");
                }
            }
        }

        return SendOutcome.Sent;
    }

    /// <summary>
    /// Receives one frame without waiting. Returns the frame's own length, which is more than the buffer's when it was
    /// cut, or -1 when there is none.
    /// </summary>
    public int Receive(Span<byte> frame, out bool more)
    {
        more = false;
        int length;
        fixed (byte* bytes = frame)
        {
            while ((length = LibZmq.Receive(_socket, bytes, (nuint)frame.Length, LibZmq.DontWait)) < 0)
            {
                var error = LibZmq.LastError();
                if (error == Again) return -1;
                if (error != Interrupted) throw new MessagingException($"zeromq: cannot receive: {LibZmq.ErrorText(error)}");
            }
        }

        int flag;
        nuint size = sizeof(int);
        Check(LibZmq.GetOption(_socket, (int)ZeroMqOption.ReceiveMore, (byte*)&flag, ref size), "ask for more");
        more = flag != 0;
        return length;
    }

    /// <summary>Waits until a frame can be received; false when the time is over. -1 waits for ever.</summary>
    public bool Wait(int milliseconds)
    {
        var item = new LibZmq.PollItem { Socket = _socket, Events = LibZmq.PollIn };
        return LibZmq.Poll(&item, 1, milliseconds) > 0;
    }

    /// <summary>Waits until a frame can be received or the wake-up is set.</summary>
    internal void Wait(WakeUp wakeUp, int milliseconds)
    {
        var items = stackalloc LibZmq.PollItem[2];
        items[0] = new LibZmq.PollItem { Socket = _socket, Events = LibZmq.PollIn };
        items[1] = new LibZmq.PollItem { Descriptor = wakeUp.Descriptor, Events = LibZmq.PollIn };
        if (LibZmq.Poll(items, 2, milliseconds) > 0 && items[1].Returned != 0) wakeUp.Reset();
    }

    /// <summary>Closes the socket and its context.</summary>
    public void Dispose()
    {
        if (_socket == 0) return;
        _ = LibZmq.Close(_socket);
        _socket = 0;
        while (LibZmq.EndContext(_context) != 0 && LibZmq.LastError() == Interrupted)
        {
        }
    }

    private static void Check(int result, string what)
    {
        if (result != 0) throw new MessagingException($"zeromq: cannot {what}: {LibZmq.ErrorText(LibZmq.LastError())}");
    }
}

/// <summary>The socket options that are used, by libzmq's numbers.</summary>
public enum ZeroMqOption
{
    /// <summary>The name that a router knows the socket by.</summary>
    RoutingId = 5,

    /// <summary>Begins a subscription.</summary>
    Subscribe = 6,

    /// <summary>Whether the frame just received is followed by another.</summary>
    ReceiveMore = 13,

    /// <summary>How long closing waits for what is unsent.</summary>
    Linger = 17,

    /// <summary>Longest frame that a peer may send, 64 bits; one that sends a longer one is cut off.</summary>
    MaxMessageSize = 22,

    /// <summary>Messages that wait for one peer at most.</summary>
    SendHighWaterMark = 23,

    /// <summary>Messages that wait to be received from one peer at most.</summary>
    ReceiveHighWaterMark = 24,

    /// <summary>Whether sending to an unknown peer is an error.</summary>
    RouterMandatory = 33,

    /// <summary>Whether every subscription is shown, not only the first of its kind.</summary>
    VerboseSubscriptions = 40,

    /// <summary>Whether a peer that comes back under its name takes over from its dead connection.</summary>
    RouterHandover = 56,

    /// <summary>Whether a full subscriber is an error.</summary>
    PublisherNoDrop = 69,

    /// <summary>How often to ask whether a peer lives, milliseconds.</summary>
    HeartbeatInterval = 75,

    /// <summary>When a silent peer is given up, milliseconds.</summary>
    HeartbeatTimeout = 77,
}
