using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EdgePerception.Runtime.Messaging.Transports;

/// <summary>
/// Ends a transport thread's wait on its sockets from any other thread, by an eventfd that stands in the same poll.
/// Setting it after it was disposed does nothing.
/// </summary>
internal sealed partial class WakeUp : IDisposable
{
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const short PollIn = 1;

    private readonly SafeFileHandle _event;
    private int _set;

    public WakeUp()
    {
        var descriptor = EventFd(0, NonBlocking | CloseOnExec);
        if (descriptor < 0) throw new MessagingException($"no eventfd: errno {Marshal.GetLastPInvokeError()}");
        _event = new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>The descriptor to poll for input; for the waiting thread only, which outlives no dispose.</summary>
    public int Descriptor => (int)_event.DangerousGetHandle();

    /// <summary>Ends the wait that is on, or the next one.</summary>
    public void Set()
    {
        if (Interlocked.Exchange(ref _set, 1) == 1) return;
        var one = 1UL;
        try
        {
            _ = Write(_event, ref one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // The thread to wake has ended, which is what a waker can want at most.
        }
    }

    /// <summary>Takes the wake-up back; the waiting thread calls it before it looks for work.</summary>
    public void Reset()
    {
        // The eventfd goes first. A setter between the two lines finds the flag and writes nothing, which is right: the
        // caller looks for work only after this. The other way round, its write would be read here and its flag would
        // stay, and no later setter would ever write again.
        _ = Read(_event, out _, sizeof(ulong));
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

    /// <summary>Waits for this and one more descriptor; returns what happened on that one.</summary>
    public short Wait(int descriptor, short events, int milliseconds)
    {
        Span<PollItem> items =
        [
            new PollItem { Descriptor = Descriptor, Events = PollIn },
            new PollItem { Descriptor = descriptor, Events = events },
        ];
        if (Poll(ref items[0], 2, milliseconds) <= 0) return 0;
        if (items[0].Returned != 0) Reset();
        return items[1].Returned;
    }

    public void Dispose() => _event.Dispose();

    [StructLayout(LayoutKind.Sequential)]
    private struct PollItem
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EventFd(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(SafeFileHandle descriptor, ref ulong value, nuint count);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(SafeFileHandle descriptor, out ulong value, nuint count);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref PollItem items, nuint count, int milliseconds);
}
