using System.Runtime.InteropServices;

namespace EdgePerception.Fusion.Vision;

/// <summary>
/// Gives back what a model left behind: its file and its tensors are large objects, which a service that allocates next to
/// nothing would collect much later, and the C library keeps what a session freed. Thread-safe.
/// </summary>
internal static partial class UnusedMemory
{
    /// <summary>Collects and trims, on this thread; the collection stops the others for a moment.</summary>
    public static void Release()
    {
        GC.Collect(2, GCCollectionMode.Forced, blocking: true);
        _ = Trim(0);
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint pad);
}
