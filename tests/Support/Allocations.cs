namespace EdgePerception.Tests.Support;

/// <summary>Counts the managed bytes that a piece of work allocates in its steady state.</summary>
internal static class Allocations
{
    /// <summary>
    /// The least of a few repetitions on this thread: the runtime itself allocates now and then (a method compiled
    /// anew, a static made at its first use), while what the work allocates each time shows in all of them.
    /// </summary>
    public static long Least(Action work)
    {
        var least = long.MaxValue;
        for (var attempt = 0; attempt < 5 && least > 0; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
