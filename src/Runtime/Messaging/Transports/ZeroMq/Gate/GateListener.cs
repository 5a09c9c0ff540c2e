using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq.Gate;

/// <summary>
/// The listening socket of a gate, and the addresses of ZeroMQ's endpoints. A Unix socket's file is made for this user
/// alone and removed at the end; nothing is ever removed that is no socket or that somebody answers at.
/// </summary>
internal sealed unsafe partial class GateListener : IDisposable
{
    private const int Backlog = 128;
    private const int InProgress = 115;
    private const int WouldBlock = 11;
    private const int Refused = 111;
    private const int NotFound = 2;
    private const string Ipc = "ipc://";
    private const string Tcp = "tcp://";

    private readonly string? _path;

    private GateListener(Socket socket, string endpoint, string? path) =>
        (Socket, Endpoint, _path) = (socket, endpoint, path);

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
        var address = Address(endpoint);
        var path = address is UnixDomainSocketEndPoint && !endpoint.StartsWith(Ipc + '@', StringComparison.Ordinal)
            ? endpoint[Ipc.Length..]
            : null;
        if (path is not null) MakeWay(path, endpoint);
        if (address is UnixDomainSocketEndPoint) return new GateListener(ListenUnix(address, endpoint), endpoint, path);
        var socket = NewSocket(address);
        try
        {
            socket.Bind(address);
            socket.Listen(Backlog);
            return new GateListener(socket, Tcp + socket.LocalEndPoint, path: null);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw Fault(endpoint, exception.Message);
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

        // Whoever took the path over meanwhile answers there.
        if (_path is not null && IsSocket(_path) == true && Ask(_path) == Refused) File.Delete(_path);
    }

    // Not by the class: at the end it would remove the file even if that is somebody else's by then.
    private static Socket ListenUnix(EndPoint address, string endpoint)
    {
        const int StreamNonBlockingCloseOnExec = 0x80801;
        const uint ThisUserOnly = 0x180; // 0600
        var target = address.Serialize();
        var handle = new SafeSocketHandle(OpenSocket(1, StreamNonBlockingCloseOnExec, 0), ownsHandle: true);
        fixed (byte* bytes = target.Buffer.Span)
        {
            // The mode first: then the file never has another one, not even for a moment.
            if (ChangeMode(handle, ThisUserOnly) == 0
                && Bind(handle, bytes, (uint)target.Size) == 0
                && Listen(handle, Backlog) == 0)
            {
                return new Socket(handle) { Blocking = false };
            }
        }

        var error = Marshal.GetLastPInvokeError();
        handle.Dispose();
        throw Fault(endpoint, Marshal.GetPInvokeErrorMessage(error));
    }

    private static int TryConnect(Socket socket, SocketAddress address)
    {
        fixed (byte* bytes = address.Buffer.Span)
            return Connect(socket.SafeHandle, bytes, (uint)address.Size) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    // A service that ended without a word leaves its socket, at which nobody answers; that one may go.
    private static void MakeWay(string path, string endpoint)
    {
        if (IsSocket(path) is not { } socket) return;
        if (!socket)
        {
            throw new MessagingException(
                $"cannot bind {endpoint}: what is there is no socket; choose another endpoint or remove it");
        }

        switch (Ask(path))
        {
            case Refused:
                File.Delete(path);
                return;
            case NotFound:
                return;
            case 0 or WouldBlock:
                throw Fault(endpoint, "Address already in use");
            case var error:
                throw Fault(endpoint, Marshal.GetPInvokeErrorMessage(error));
        }
    }

    private static int Ask(string path)
    {
        var address = new UnixDomainSocketEndPoint(path);
        using var socket = NewSocket(address);
        return TryConnect(socket, address.Serialize());
    }

    private static MessagingException Fault(string endpoint, string reason) => new(
        $"cannot bind {endpoint}: {reason}; another service may hold it, choose another endpoint or end that one");

    /// <summary>Whether there is a socket at the path itself, links not followed; null when nothing is there.</summary>
    private static bool? IsSocket(string path)
    {
        const int CurrentFolder = -100;
        const int NoFollow = 0x100;
        const uint TypeOnly = 1;
        const int ModeAt = 28;
        const int TypeMask = 0xF000;
        const int SocketType = 0xC000;

        // The kernel's struct statx, which has one layout on all machines.
        var status = stackalloc byte[256];
        if (StatAt(CurrentFolder, path, NoFollow, TypeOnly, status) != 0) return null;
        return (*(ushort*)(status + ModeAt) & TypeMask) == SocketType;
    }

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    private static partial int Connect(SafeSocketHandle socket, byte* address, uint length);

    [LibraryImport("libc", EntryPoint = "socket")]
    private static partial int OpenSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int Bind(SafeSocketHandle socket, byte* address, uint length);

    [LibraryImport("libc", EntryPoint = "listen", SetLastError = true)]
    private static partial int Listen(SafeSocketHandle socket, int backlog);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    private static partial int ChangeMode(SafeSocketHandle socket, uint mode);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatAt(int folder, string path, int flags, uint mask, byte* status);
}
