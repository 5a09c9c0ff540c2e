namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq;

/// <summary>
/// One libzmq socket, of a context of its own or of another socket's. Not thread-safe. Never lingers.
/// </summary>
internal sealed unsafe class LibZmqHandle : IDisposable
{
    private const int Again = 11;
    private const int HostUnreachable = 113;
    private const int Interrupted = 4;

    private readonly nint _context;
    private readonly bool _ownsContext;

    /// <summary>An unconnected socket.</summary>
    /// <param name="kind">Its type.</param>
    /// <param name="beside">The socket whose context it shares; that one must end after it.</param>
    public LibZmqHandle(LibZmqKind kind, LibZmqHandle? beside = null)
    {
        _ownsContext = beside is null;
        _context = beside?._context ?? LibZmq.NewContext();
        Socket = LibZmq.NewSocket(_context, (int)kind);
        if (Socket == 0)
            throw new MessagingException($"zeromq: no {kind} socket: {LibZmq.ErrorText(LibZmq.LastError())}");
        Set(ZeroMqOption.Linger, 0);
    }

    /// <summary>For polling.</summary>
    public nint Socket { get; private set; }

    /// <summary>The endpoint that was bound last, with the port that the system chose for port 0.</summary>
    public string LastEndpoint
    {
        get
        {
            var text = stackalloc byte[256];
            nuint length = 256;
            Check(LibZmq.GetOption(Socket, ZeroMqOption.LastEndpoint, text, ref length), "read its endpoint");
            return System.Text.Encoding.UTF8.GetString(text, (int)length - 1);
        }
    }

    /// <summary>Sets an option that is a 32-bit number.</summary>
    public void Set(ZeroMqOption option, int value) =>
        Check(LibZmq.SetOption(Socket, option, (byte*)&value, sizeof(int)), $"set {option}");

    /// <summary>Sets an option that is a 64-bit number.</summary>
    public void Set(ZeroMqOption option, long value) =>
        Check(LibZmq.SetOption(Socket, option, (byte*)&value, sizeof(long)), $"set {option}");

    /// <summary>Sets an option that is bytes.</summary>
    public void Set(ZeroMqOption option, ReadOnlySpan<byte> value)
    {
        fixed (byte* bytes = value)
            Check(LibZmq.SetOption(Socket, option, bytes, (nuint)value.Length), $"set {option}");
    }

    /// <summary>Binds; what went wrong, or none.</summary>
    public string? TryBind(string endpoint) =>
        LibZmq.Bind(Socket, endpoint) == 0 ? null : LibZmq.ErrorText(LibZmq.LastError());

    /// <summary>Connects, now or when the peer appears.</summary>
    public void Connect(string endpoint) => Check(LibZmq.Connect(Socket, endpoint), $"connect to {endpoint}");

    /// <summary>Sends one frame without waiting.</summary>
    public SendOutcome Send(ReadOnlySpan<byte> frame, bool more = false)
    {
        fixed (byte* bytes = frame)
        {
            var flags = LibZmq.DontWait | (more ? LibZmq.SendMore : 0);
            while (LibZmq.Send(Socket, bytes, (nuint)frame.Length, flags) < 0)
            {
                switch (LibZmq.LastError())
                {
                    case Interrupted: continue;
                    case Again: return SendOutcome.WouldBlock;
                    case HostUnreachable: return SendOutcome.Unreachable;
                    case var error: throw new MessagingException($"zeromq: cannot send: {LibZmq.ErrorText(error)}");
                }
            }
        }

        return SendOutcome.Sent;
    }

    /// <summary>Receives one frame without waiting, as <see cref="IZeroMqSocket.Receive"/> does.</summary>
    public int Receive(Span<byte> frame, out bool more)
    {
        more = false;
        int length;
        fixed (byte* bytes = frame)
        {
            while ((length = LibZmq.Receive(Socket, bytes, (nuint)frame.Length, LibZmq.DontWait)) < 0)
            {
                var error = LibZmq.LastError();
                if (error == Again) return -1;
                if (error != Interrupted)
                    throw new MessagingException($"zeromq: cannot receive: {LibZmq.ErrorText(error)}");
            }
        }

        int flag;
        nuint size = sizeof(int);
        Check(LibZmq.GetOption(Socket, ZeroMqOption.ReceiveMore, (byte*)&flag, ref size), "ask for more");
        more = flag != 0;
        return length;
    }

    /// <summary>Closes the socket, and its context where that is its own.</summary>
    public void Dispose()
    {
        if (Socket == 0) return;
        _ = LibZmq.Close(Socket);
        Socket = 0;
        while (_ownsContext && LibZmq.EndContext(_context) != 0 && LibZmq.LastError() == Interrupted)
        {
        }
    }

    private static void Check(int result, string what)
    {
        if (result != 0) throw new MessagingException($"zeromq: cannot {what}: {LibZmq.ErrorText(LibZmq.LastError())}");
    }
}
