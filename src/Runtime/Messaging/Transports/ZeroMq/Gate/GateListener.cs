using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq.Gate;

/// <summary>
/// The listening socket of a gate, and the addresses of ZeroMQ's endpoints.
/// </summary>
internal sealed unsafe partial class GateListener : IDisposable
{
    private const int Backlog = 128;
    private const int BufferBytes = 64 * 1024;
    private const int InProgress = 115;
    private const string Ipc = "ipc://";
    private const string Tcp = "tcp://";

    private readonly UnixSocketFile? _file;

    private GateListener(Socket socket, string endpoint, UnixSocketFile? file) =>
        (Socket, Endpoint, _file) = (socket, endpoint, file);

    /// <summary>The socket; it does not block.</summary>
    public Socket Socket { get; }

    /// <summary>Where peers connect, with the port that the system chose for port 0.</summary>
    public string Endpoint { get; }

    /// <summary>Where an endpoint leads: <c>tcp://ADDRESS:PORT</c>, <c>ipc://PATH</c> or <c>ipc://@NAME</c>.</summary>
    /// <exception cref="MessagingException">It is none of these, or its path is too long.</exception>
    public static EndPoint Address(string endpoint)
    {
        try
        {
            if (endpoint.StartsWith(Tcp, StringComparison.Ordinal)) return IPEndPoint.Parse(endpoint[Tcp.Length..]);
            if (endpoint.StartsWith(Ipc + '@', StringComparison.Ordinal))
                return new UnixDomainSocketEndPoint('\0' + endpoint[(Ipc.Length + 1)..]);
            if (endpoint.StartsWith(Ipc + '/', StringComparison.Ordinal))
                return new UnixDomainSocketEndPoint(endpoint[Ipc.Length..]);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            // Said below.
        }

        throw new MessagingException(
            $"'{endpoint}' is not an endpoint: tcp://127.0.0.1:PORT, ipc:///PATH or ipc://@NAME");
    }

    /// <summary>Begins to listen.</summary>
    /// <exception cref="MessagingException">The endpoint is taken or cannot be had; one clear line.</exception>
    public static GateListener Listen(string endpoint)
    {
        if (UnixSocketFile.PathOf(endpoint) is { } path)
        {
            var file = UnixSocketFile.Listen(path);
            var handle = new SafeSocketHandle(file.HandOver(), ownsHandle: true);
            return new GateListener(new Socket(handle) { Blocking = false }, endpoint, file);
        }

        var address = Address(endpoint);
        var socket = NewSocket(address);
        try
        {
            socket.Bind(address);
            socket.Listen(Backlog);
            var isTcp = address is IPEndPoint;
            return new GateListener(socket, isTcp ? Tcp + socket.LocalEndPoint : endpoint, file: null);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new MessagingException(
                $"cannot bind {endpoint}: {new SocketException((int)exception.SocketErrorCode).Message}; "
                + "another service may hold it, choose another endpoint or end that one", exception);
        }
    }

    /// <summary>A socket for an address, which neither blocks nor waits to fill packets.</summary>
    public static Socket NewSocket(EndPoint address)
    {
        var protocol = address.AddressFamily == AddressFamily.Unix ? ProtocolType.Unspecified : ProtocolType.Tcp;
        var socket = new Socket(address.AddressFamily, SocketType.Stream, protocol);
        Prepare(socket);
        return socket;
    }

    /// <summary>Makes a socket that was accepted like one of <see cref="NewSocket"/>.</summary>
    public static void Prepare(Socket socket)
    {
        socket.Blocking = false;

        // What waits for a peer is to wait in the library's queue, which is bounded and counted, and not in the
        // system's.
        (socket.SendBufferSize, socket.ReceiveBufferSize) = (BufferBytes, BufferBytes);
        if (socket.AddressFamily != AddressFamily.Unix) socket.NoDelay = true;
    }

    /// <summary>
    /// Begins to connect; true when that goes on or is done, and then the socket becomes writable. The class's own way
    /// throws each time that a connection is not there at once.
    /// </summary>
    public static bool BeginConnect(Socket socket, SocketAddress address) =>
        TryConnect(socket, address) is 0 or InProgress;

    /// <summary>Ends it, and removes its file.</summary>
    public void Dispose()
    {
        Socket.Dispose();
        _file?.Dispose();
    }

    private static int TryConnect(Socket socket, SocketAddress address)
    {
        fixed (byte* bytes = address.Buffer.Span)
            return Connect(socket.SafeHandle, bytes, (uint)address.Size) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    private static partial int Connect(SafeSocketHandle socket, byte* address, uint length);
}
