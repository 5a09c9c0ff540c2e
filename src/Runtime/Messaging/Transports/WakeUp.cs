using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace EdgePerception.Runtime.Messaging.Transports;

/// <summary>
/// Ends a transport thread's wait on its sockets from any other thread, by a pair of sockets of which one stands in the
/// same poll; an eventfd would do for poll, but not for those who can wait for sockets only.
/// Setting it after it was disposed does nothing.
/// </summary>
internal sealed partial class WakeUp : IDisposable
{
    /// <summary>POLLIN: there is something to read, or the other side has ended.</summary>
    internal const short PollIn = 1;

    /// <summary>POLLOUT: something can be written.</summary>
    internal const short PollOut = 4;

    private const int Unix = 1;
    private const int Stream = 1;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;

    private readonly SafeSocketHandle _receiver;
    private readonly SafeSocketHandle _sender;
    private Socket? _socket;
    private int _set;

    public WakeUp()
    {
        Span<int> ends = stackalloc int[2];
        if (SocketPair(Unix, Stream | NonBlocking | CloseOnExec, 0, ref ends[0]) != 0)
            throw new MessagingException($"no pair of sockets: errno {Marshal.GetLastPInvokeError()}");
        _receiver = new SafeSocketHandle(ends[0], ownsHandle: true);
        _sender = new SafeSocketHandle(ends[1], ownsHandle: true);
    }

    /// <summary>The descriptor to poll for input; for the waiting thread only, which outlives no dispose.</summary>
    public int Descriptor => (int)_receiver.DangerousGetHandle();

    /// <summary>
    /// The same for who can wait for a socket only; nothing is read from it but by <see cref="Reset"/>.
    /// </summary>
    public Socket Socket => _socket ??= new Socket(_receiver);

    /// <summary>Ends the wait that is on, or the next one.</summary>
    public void Set()
    {
        if (Interlocked.Exchange(ref _set, 1) == 1) return;
        var one = (byte)1;
        try
        {
            _ = Write(_sender, ref one, 1);
        }
        catch (ObjectDisposedException)
        {
            // The thread to wake has ended, which is what a waker can want at most.
        }
    }

    /// <summary>Takes the wake-up back; the waiting thread calls it before it looks for work.</summary>
    public void Reset()
    {
        // The byte goes first. A setter between the two lines finds the flag and writes nothing, which is right: the
        // caller looks for work only after this. The other way round, its write would be read here and its flag would
        // stay, and no later setter would ever write again.
        _ = Read(_receiver, out _, 1);
        Interlocked.Exchange(ref _set, 0);
    }

    /// <summary>Waits until it is set, or the time is over; false when it was over first.</summary>
    public bool Wait(int milliseconds)
    {
        var item = new PollItem { Descriptor = Descriptor, Events = PollIn };
        if (Poll(ref item, 1, milliseconds) <= 0) return false;
        Reset();
        return true;
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _receiver.Dispose();
        _sender.Dispose();
    }

    /// <summary>The system's <c>pollfd</c>; one with a descriptor below 0 is passed over.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PollItem
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    private static partial int SocketPair(int family, int type, int protocol, ref int ends);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(SafeSocketHandle descriptor, ref byte value, nuint count);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(SafeSocketHandle descriptor, out byte value, nuint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(ref PollItem items, nuint count, int milliseconds);
}
