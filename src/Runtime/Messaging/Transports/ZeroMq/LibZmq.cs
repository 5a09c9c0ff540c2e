using System.Runtime.InteropServices;

namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq;

/// <summary>
/// The functions of libzmq 4.3 (zmq.h) that are used. Loaded with the first call, so only where it is asked for.
/// </summary>
internal static unsafe partial class LibZmq
{
    public const string File = "libzmq.so.5";
    public const string Remedy = "sudo apt install libzmq5";
    public const int DontWait = 1;
    public const int SendMore = 2;
    public const short PollIn = 1;

    /// <summary><c>zmq_pollitem_t</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollItem
    {
        public nint Socket;
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    /// <summary>Loads the library.</summary>
    /// <exception cref="MessagingException">It is not installed, or its version cannot encrypt.</exception>
    public static void Load()
    {
        if (!NativeLibrary.TryLoad(File, out _))
            throw new MessagingException($"zeromq.library: libzmq is not installed: {Remedy}, or take netmq");
    }

    public static string ErrorText(int error) => Marshal.PtrToStringUTF8((nint)Describe(error)) ?? $"errno {error}";

    [LibraryImport(File, EntryPoint = "zmq_strerror")]
    private static partial byte* Describe(int error);

    [LibraryImport(File, EntryPoint = "zmq_errno")]
    public static partial int LastError();

    [LibraryImport(File, EntryPoint = "zmq_ctx_new")]
    public static partial nint NewContext();

    [LibraryImport(File, EntryPoint = "zmq_ctx_term")]
    public static partial int EndContext(nint context);

    [LibraryImport(File, EntryPoint = "zmq_socket")]
    public static partial nint NewSocket(nint context, int kind);

    [LibraryImport(File, EntryPoint = "zmq_close")]
    public static partial int Close(nint socket);

    [LibraryImport(File, EntryPoint = "zmq_setsockopt")]
    public static partial int SetOption(nint socket, ZeroMqOption option, byte* value, nuint length);

    [LibraryImport(File, EntryPoint = "zmq_getsockopt")]
    public static partial int GetOption(nint socket, ZeroMqOption option, byte* value, ref nuint length);

    [LibraryImport(File, EntryPoint = "zmq_bind", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Bind(nint socket, string endpoint);

    [LibraryImport(File, EntryPoint = "zmq_connect", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Connect(nint socket, string endpoint);

    [LibraryImport(File, EntryPoint = "zmq_send")]
    public static partial int Send(nint socket, byte* bytes, nuint length, int flags);

    [LibraryImport(File, EntryPoint = "zmq_recv")]
    public static partial int Receive(nint socket, byte* bytes, nuint length, int flags);

    [LibraryImport(File, EntryPoint = "zmq_poll")]
    public static partial int Poll(PollItem* items, int count, nint milliseconds);
}

/// <summary>The socket types that are used, by libzmq's numbers.</summary>
internal enum LibZmqKind
{
    /// <summary>Receives what it subscribes to.</summary>
    Subscriber = 2,

    /// <summary>Answers one request after the other.</summary>
    Replier = 4,

    /// <summary>Talks to one router.</summary>
    Dealer = 5,

    /// <summary>Talks to many dealers by their identities.</summary>
    Router = 6,

    /// <summary>Publishes, and sees subscriptions.</summary>
    ExtendedPublisher = 9,
}

/// <summary>The socket options that are used, by libzmq's numbers.</summary>
internal enum ZeroMqOption
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

    /// <summary>The endpoint that was bound last.</summary>
    LastEndpoint = 32,

    /// <summary>Whether sending to an unknown peer is an error.</summary>
    RouterMandatory = 33,

    /// <summary>Whether every subscription is shown, not only the first of its kind.</summary>
    VerboseSubscriptions = 40,

    /// <summary>Whether the socket is the server of an encrypted connection.</summary>
    CurveServer = 47,

    /// <summary>A client's own public key.</summary>
    CurvePublicKey = 48,

    /// <summary>The own secret key.</summary>
    CurveSecretKey = 49,

    /// <summary>The server's public key, at a client.</summary>
    CurveServerKey = 50,

    /// <summary>What a handler of access requests is told the socket by.</summary>
    AccessDomain = 55,

    /// <summary>Whether a full subscriber is an error.</summary>
    PublisherNoDrop = 69,

    /// <summary>The one process that may connect over a Unix socket.</summary>
    IpcFilterProcess = 58,

    /// <summary>How often to ask whether a peer lives, milliseconds.</summary>
    HeartbeatInterval = 75,

    /// <summary>When a silent peer is given up, milliseconds.</summary>
    HeartbeatTimeout = 77,

}
