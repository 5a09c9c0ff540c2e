using System.Runtime.InteropServices;

namespace EdgePerception.Runtime.Diagnostics;

/// <summary>
/// Puts threads of the way to a stop before all ordinary ones, as far as the system grants it. What they do is short: a
/// thread that computes would keep the others from their cores.
/// </summary>
public static partial class ThreadUrgency
{
    /// <summary>What the unit, or a shell, must say for the best of it.</summary>
    public const string Remedy =
        "better: LimitRTPRIO=10 and LimitNICE=-10 in the unit, without RestrictRealtime=; in a shell ulimit -r 10";

    /// <summary>What <see cref="Raise"/> says of a thread that stays like all others.</summary>
    public const string NotGranted = "an ordinary priority";

    // Above all that is not real-time and below the kernel's own threads, which begin at 50.
    private const int FirstPriority = 10;
    private const int OtherPriority = 9;
    private const int Nice = -10;

    private const int FirstInFirstOut = 1; // SCHED_FIFO
    private const int ResetOnFork = 0x4000_0000; // threads that it starts, and their programs, begin as ordinary ones
    private const int ThisThread = 0; // to both calls: Linux keeps policy and nice value for each thread
    private const int OfProcess = 0; // PRIO_PROCESS

    /// <summary>
    /// Raises the calling thread: to SCHED_FIFO where that is granted (RLIMIT_RTPRIO or CAP_SYS_NICE), otherwise to
    /// nice −10, otherwise not at all. Never throws; call it once at the thread's start.
    /// </summary>
    /// <param name="isFirst">Whether it goes before other urgent ones, too: the thread that decides does.</param>
    /// <returns>What it came to, such as <c>SCHED_FIFO 10</c>.</returns>
    public static string Raise(bool isFirst = false)
    {
        if (!OperatingSystem.IsLinux()) return NotGranted;
        var priority = new SchedulingParameter { Priority = isFirst ? FirstPriority : OtherPriority };
        if (SetScheduler(ThisThread, FirstInFirstOut | ResetOnFork, priority) == 0)
            return RealTime(priority.Priority);
        return SetPriority(OfProcess, ThisThread, Nice) == 0 ? $"nice {Nice}" : NotGranted;
    }

    /// <summary>What a thread of this process would be granted; asked by one that ends at once.</summary>
    public static string Granted()
    {
        var granted = NotGranted;
        var thread = new Thread(() => granted = Raise(isFirst: true)) { IsBackground = true };
        thread.Start();
        thread.Join();
        return granted;
    }

    /// <summary>Whether there is nothing more urgent than what was granted.</summary>
    public static bool IsBest(string granted) => granted == RealTime(FirstPriority);

    private static string RealTime(int priority) => $"SCHED_FIFO {priority}";

    [StructLayout(LayoutKind.Sequential)]
    private struct SchedulingParameter
    {
        public int Priority;
    }

    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    private static partial int SetScheduler(int thread, int policy, in SchedulingParameter parameter);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int nice);
}
