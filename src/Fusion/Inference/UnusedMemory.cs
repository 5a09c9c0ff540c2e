using System.Runtime.InteropServices;

namespace EdgePerception.Fusion.Inference;

/// <summary>
/// Gives back what a model left behind: its file and its tensors are large objects, which a service that allocates next
/// to nothing would collect much later, and the C library keeps what a session freed. Thread-safe.
/// </summary>
internal static partial class UnusedMemory
{
    /// <summary>Collects and trims, on this thread; the collection stops the others for a moment.</summary>
    public static void Release()
    {
        GC.Collect(2, GCCollectionMode.Forced, blocking: true);
        _ = Trim(0);
    }

    /// <summary>
    /// The same, and gives to the system what the collector would keep for later: 66 MB after a sentence encoder. It
    /// stops the others for longer, so it is for the start.
    /// </summary>
    public static void ReleaseToSystem()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _ = Trim(0);
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint pad);
}
