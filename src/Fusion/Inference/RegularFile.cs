using System.Runtime.InteropServices;

namespace EdgePerception.Fusion.Inference;

/// <summary>
/// Opens what a stranger may have put in a file's place: a pipe would never answer, a device never end, and a link may
/// lead anywhere. What is there is looked at before it is opened, and it is that very thing which is opened then.
/// Thread-safe.
/// </summary>
public static unsafe partial class RegularFile
{
    private const int PathOnly = 0x20_0000; // O_PATH, the same on x64 and arm64
    private const int CloseOnExec = 0x8_0000;
    private const int EmptyPath = 0x1000;
    private const uint TypeAndSize = 0x201;
    private const int NotFound = 2;
    private const int NoFolder = 20;

    /// <summary>Opens a file for reading, without ever waiting.</summary>
    /// <param name="path">
    /// The file; its name may hold bytes that are no UTF-8, as <see cref="FileName"/> writes them.
    /// </param>
    /// <param name="mostBytes">How large it may be.</param>
    /// <param name="within">
    /// The folder that it must lie in when all links are followed; null if it may lie anywhere.
    /// </param>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="IOException">
    /// It is no regular file, is larger, lies elsewhere or cannot be read; the message says so and is to follow the
    /// path.
    /// </exception>
    public static FileStream Open(string path, long mostBytes, string? within = null)
    {
        using var place = Look(path);
        var (type, size) = Describe(place);
        if (type is not Kind.Regular) throw new IOException($"is {Name(type)}, not a file");
        if (within is not null && !IsWithin(place, within, out var target))
            throw new IOException($"leads out of {within}, to {target}; put the file itself there");
        if (size > mostBytes)
            throw new IOException(
                $"is larger than {(mostBytes + (1 << 20) - 1) >> 20} MiB, the most that is read here");
        try
        {
            return new FileStream(ByDescriptor(place), FileMode.Open, FileAccess.Read);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException("cannot be read: permission denied", e);
        }
    }

    /// <summary>Reads a whole file; the faults are those of <see cref="Open"/>.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="IOException">It cannot be read, as <see cref="Open"/> says.</exception>
    public static byte[] ReadAll(string path, long mostBytes, string? within = null)
    {
        using var file = Open(path, mostBytes, within);
        var bytes = new byte[file.Length];
        try
        {
            file.ReadExactly(bytes);
        }
        catch (EndOfStreamException e)
        {
            throw new IOException("was cut while it was read", e);
        }

        return bytes;
    }

    private static PlaceHandle Look(string path)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
            throw new FileNotFoundException("no such file");
        var place = new PlaceHandle(OpenPath(FileName.ToBytes(path), PathOnly | CloseOnExec));
        if (!place.IsInvalid) return place;
        var error = Marshal.GetLastPInvokeError();
        throw error is NotFound or NoFolder
            ? new FileNotFoundException("no such file")
            : new IOException($"cannot be opened: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    private static (Kind Kind, long Size) Describe(PlaceHandle place)
    {
        StatX status;
        if (StatAt(place, "", EmptyPath, TypeAndSize, &status) != 0)
            throw new IOException(
                $"cannot be looked at: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        return ((Kind)(status.Mode & 0xF000), (long)status.Size);
    }

    private static bool IsWithin(PlaceHandle place, string folder, out string target)
    {
        using var root = Look(folder);
        target = Target(place);
        return target.StartsWith(Target(root).TrimEnd('/') + "/", StringComparison.Ordinal);
    }

    private static string Target(PlaceHandle place) => new FileInfo(ByDescriptor(place)).LinkTarget ?? "";

    private static string ByDescriptor(PlaceHandle place) => $"/proc/self/fd/{place.DangerousGetHandle()}";

    private static string Name(Kind kind) => kind switch
    {
        Kind.Folder => "a folder",
        Kind.Pipe => "a named pipe",
        Kind.UnixSocket => "a socket",
        _ => "a device",
    };

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial int OpenPath(byte[] path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatAt(PlaceHandle folder, string path, int flags, uint mask, StatX* status);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(nint descriptor);

    // The file type's bits of stat's mode.
    private enum Kind
    {
        Pipe = 0x1000,
        Folder = 0x4000,
        Regular = 0x8000,
        UnixSocket = 0xC000,
    }

    // The kernel's struct statx, which has one layout on all machines.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatX
    {
        [FieldOffset(28)]
        public readonly ushort Mode;

        [FieldOffset(40)]
        public readonly ulong Size;
    }

    private sealed class PlaceHandle : SafeHandle
    {
        public PlaceHandle(int descriptor) : base(-1, ownsHandle: true) => SetHandle(descriptor);

        public override bool IsInvalid => handle < 0;

        protected override bool ReleaseHandle() => RegularFile.Close(handle) == 0;
    }
}
