using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq.Gate;

/// <summary>
/// The file of a listening <c>ipc://</c> socket. Whatever lies at the path that is not a dead socket stays untouched
/// and is refused; two services cannot have one path, because each holds a lock on <c>PATH.lock</c>, which the kernel
/// lifts when its holder dies. The lock's file stays, empty. Only this user may connect (mode 0600).
/// </summary>
internal sealed unsafe partial class UnixSocketFile : IDisposable
{
    private const int Unix = 1;
    private const int Stream = 1;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int Backlog = 100;
    private const int HeaderBytes = 2;
    private const int MaxPathBytes = 107;

    private readonly string _path;
    private readonly FileStream _lock;
    private FileIdentity? _own;
    private int _descriptor = -1;

    private UnixSocketFile(string path, FileStream held) => (_path, _lock) = (path, held);

    /// <summary>The path of an <c>ipc://</c> endpoint that is a file; none of others.</summary>
    public static string? PathOf(string endpoint) =>
        endpoint.StartsWith("ipc:///", StringComparison.Ordinal) ? endpoint["ipc://".Length..] : null;

    /// <summary>Listens at the path.</summary>
    /// <exception cref="MessagingException">
    /// Something lies there, somebody listens there, or nothing can be made there; one clear line.
    /// </exception>
    public static UnixSocketFile Listen(string path)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(path) > MaxPathBytes)
            throw Fault(path, $"the path has more than {MaxPathBytes} bytes, the most that a socket's may have");
        var socket = new UnixSocketFile(path, Lock(path));
        try
        {
            socket.TakeAwayDead();
            socket.Open();
            return socket;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or MessagingException)
        {
            socket.Dispose();
            throw e as MessagingException ?? Fault(path, e.Message);
        }
    }

    /// <summary>The listening descriptor, which is the caller's to close from now on.</summary>
    public int HandOver()
    {
        var descriptor = _descriptor;
        _descriptor = -1;
        return descriptor;
    }

    /// <summary>Takes the file away, if it is still the own one, and lifts the lock.</summary>
    public void Dispose()
    {
        if (_descriptor >= 0) _ = Close(_descriptor);
        if (_own is { } own && own == Look(_path)) File.Delete(_path);
        (_descriptor, _own) = (-1, null);
        _lock.Dispose();
    }

#pragma warning disable CA1416 // ZeroMQ over files, as the whole service, is for Linux.
    private static FileStream Lock(string path)
    {
        var file = $"{path}.lock";
        if (!Directory.Exists(Path.GetDirectoryName(path)))
            throw Fault(path, $"there is no folder {Path.GetDirectoryName(path)}; make it, or choose another path");
        if (Look(file) is { Kind: not FileIdentity.Regular })
            throw Fault(path, $"{file}, which is to hold its lock, is not a file; move it away, or take another path");
        try
        {
            // FileShare.None is an flock; a second one of this process fails as well.
            return new FileStream(file, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                BufferSize = 0,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
        catch (UnauthorizedAccessException)
        {
            throw Fault(path, $"{file} cannot be made or written; let this user write there, or choose another path");
        }
        catch (IOException) when (Look(file) is not null)
        {
            throw Fault(path, "another service holds it; choose another endpoint or end that one");
        }
        catch (IOException e)
        {
            throw Fault(path, e.Message);
        }
    }

    private void TakeAwayDead()
    {
        if (Look(_path) is not { } there) return;
        if (there.Kind != FileIdentity.UnixSocket)
            throw Fault(_path, $"{there.Name} lies there, which stays untouched; move it away, or choose another path");
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        probe.Blocking = false;
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(_path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            // Nobody has listened since its service was killed.
            if (Look(_path) == there) File.Delete(_path);
            return;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
        {
            // Its queue is full, so that somebody listens.
        }
        catch (SocketException e)
        {
            throw Fault(_path, $"the socket there may be in use, which cannot be found out: {e.Message}");
        }

        throw Fault(_path, "another program listens there; choose another endpoint or end that one");
    }

    private void Open()
    {
        _descriptor = NewSocket(Unix, Stream | NonBlocking | CloseOnExec, 0);
        if (_descriptor < 0) throw Refused("no socket");
        Span<byte> address = stackalloc byte[HeaderBytes + MaxPathBytes + 1];
        address.Clear();
        MemoryMarshal.Write(address, (ushort)Unix);
        var length = HeaderBytes + System.Text.Encoding.UTF8.GetBytes(_path, address[HeaderBytes..]) + 1;
        fixed (byte* bytes = address)
        {
            // The kernel makes the file, and fails where one is: nothing can be taken over between the look and this.
            if (BindTo(_descriptor, bytes, length) != 0) throw Refused("cannot bind");
        }

        _own = Look(_path);

        // Before it listens nobody can connect, so that the mode of the moment before lets nobody in.
        File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (ListenOn(_descriptor, Backlog) != 0) throw Refused("cannot listen");
    }

#pragma warning restore CA1416

    private MessagingException Refused(string what) =>
        Fault(_path, $"{what}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    private static MessagingException Fault(string path, string why) => new($"cannot bind ipc://{path}: {why}");

    private static FileIdentity? Look(string path)
    {
        const int Here = -100, NotTheTarget = 0x100;
        const uint TypeAndInode = 0x101;
        StatX status;
        return StatAt(Here, path, NotTheTarget, TypeAndInode, &status) == 0
            ? new FileIdentity(status.Mode & 0xF000, status.Inode, status.DeviceMajor, status.DeviceMinor)
            : null;
    }

    private readonly record struct FileIdentity(int Kind, ulong Inode, uint DeviceMajor, uint DeviceMinor)
    {
        public const int Regular = 0x8000;
        public const int UnixSocket = 0xC000;

        public string Name => Kind switch
        {
            Regular => "a file",
            0x4000 => "a folder",
            0xA000 => "a link",
            0x1000 => "a named pipe",
            _ => "a device",
        };
    }

    // The kernel's struct statx, which has one layout on all machines.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatX
    {
        [FieldOffset(28)]
        public readonly ushort Mode;

        [FieldOffset(32)]
        public readonly ulong Inode;

        [FieldOffset(136)]
        public readonly uint DeviceMajor;

        [FieldOffset(140)]
        public readonly uint DeviceMinor;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatAt(int folder, string path, int flags, uint mask, StatX* status);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int NewSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int BindTo(int descriptor, byte* address, int length);

    [LibraryImport("libc", EntryPoint = "listen", SetLastError = true)]
    private static partial int ListenOn(int descriptor, int backlog);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
