namespace EdgePerception.Runtime.Hosting;

/// <summary>
/// Keeps the thread pool from starving the embedded broker, by which stops come where <c>mqtt.embedded</c> is set,
/// and NetMQ, which hears controllers on it. The pool begins with a thread a core and adds one or two a second, so
/// that on a small machine a model that is loaded while another is checked would hold up a stop for seconds. With
/// another broker and libzmq nothing of a stop runs there.
/// </summary>
internal static class PoolThreads
{
    /// <summary>
    /// How many of the pool's threads the service itself holds at most, all at once: what loads and checks at the start
    /// (8), reloads and engine builds (4), timers (3), the host.
    /// </summary>
    public const int MostHeld = 16;

    /// <summary>Lets the pool have as many threads at once, and one a core beside them.</summary>
    public static void KeepEnough()
    {
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, Environment.ProcessorCount + MostHeld), completions);
    }
}
