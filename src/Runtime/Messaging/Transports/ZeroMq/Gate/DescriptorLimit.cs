using System.Runtime.InteropServices;

namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq.Gate;

/// <summary>
/// How far connections may use up the process's descriptors. The kernel gives the lowest that is free, so that a new
/// one's number says how many there are.
/// </summary>
internal static unsafe partial class DescriptorLimit
{
    // For each of the gate's two there is one of the library's, which ends the process where it gets none. A third is
    // enough for that however late the library is, and so is as many as two full gates bring about.
    private const int MaxKept = 640;
    private const int Descriptors = 7;

    /// <summary>The number from which a new descriptor is one too many for another connection.</summary>
    public static int Own { get; } = Of(Limit());

    /// <summary>The same of a process that may have so many.</summary>
    public static int Of(long limit) => (int)Math.Min(int.MaxValue, limit - Math.Min(limit / 3, MaxKept));

    // What cannot be found out does not count: int's own end.
    private static long Limit()
    {
        Span<ulong> softAndHard = stackalloc ulong[2];
        fixed (ulong* values = softAndHard)
            return GetLimit(Descriptors, values) == 0 ? (long)Math.Min(softAndHard[0], int.MaxValue) : int.MaxValue;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, ulong* softAndHard);
}
