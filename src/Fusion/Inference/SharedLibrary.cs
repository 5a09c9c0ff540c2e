using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace EdgePerception.Fusion.Inference;

/// <summary>
/// Looks into a shared library's file (64-bit little-endian ELF) for the libraries that it needs: the loader names only
/// the first that is missing, and whoever installs them one by one meets the next each time.
/// </summary>
internal static class SharedLibrary
{
    private const int MaxEntries = 4096;
    private const int LongestName = 255;

    private enum Segment : uint
    {
        Load = 1,
        Dynamic = 2,
    }

    private enum Tag : long
    {
        End = 0,
        Needed = 1,
        StringTable = 5,
    }

    /// <summary>
    /// All libraries that keep this one from being loaded, by their names; none for a file that is no library.
    /// </summary>
    public static IReadOnlyList<string> MissingFor(string file) =>
        [.. NeededBy(file).Where(name => !NativeLibrary.TryLoad(name, out _))];

    /// <summary>The names of the libraries that this one needs; none for a file that is no library.</summary>
    internal static IReadOnlyList<string> NeededBy(string file)
    {
        try
        {
            using var handle = File.OpenHandle(file);
            return Read(handle);
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or ArgumentException or OverflowException)
        {
            return [];
        }
    }

    private static List<string> Read(SafeFileHandle file)
    {
        const int HeaderLength = 64, SegmentLength = 56, EntryLength = 16;
        var header = At(file, 0, HeaderLength);
        if (!header.AsSpan().StartsWith("\u007fELF\u0002\u0001"u8)) return [];
        var segmentCount = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(56));
        var segments = At(file, Int(header, 32), SegmentLength * segmentCount);
        var loads = new List<(long Address, long Offset, long Length)>();
        var dynamic = (Offset: 0L, Length: 0L);
        foreach (var segment in segments.Chunk(SegmentLength))
        {
            var (offset, address, length) = (Int(segment, 8), Int(segment, 16), Int(segment, 32));
            var kind = (Segment)BinaryPrimitives.ReadUInt32LittleEndian(segment);
            if (kind == Segment.Load) loads.Add((address, offset, length));
            if (kind == Segment.Dynamic) dynamic = (offset, length);
        }

        var entries = At(file, dynamic.Offset, (int)Math.Clamp(dynamic.Length, 0, MaxEntries * EntryLength))
            .Chunk(EntryLength)
            .Select(entry => (Tag: (Tag)Int(entry, 0), Value: Int(entry, 8))).TakeWhile(entry => entry.Tag != Tag.End)
            .ToList();
        var table = entries.Find(entry => entry.Tag == Tag.StringTable).Value;
        var home = loads.Find(load => table >= load.Address && table < load.Address + load.Length);
        var names = checked(table - home.Address + home.Offset);
        return [
            .. entries.Where(entry => entry.Tag == Tag.Needed)
                .Select(entry => Text(file, checked(names + entry.Value)))];

        static long Int(byte[] bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));
    }

    private static string Text(SafeFileHandle file, long offset)
    {
        var bytes = new byte[LongestName + 1];
        var read = RandomAccess.Read(file, bytes, offset);
        var end = bytes.AsSpan(0, read).IndexOf((byte)0);
        return end > 0 ? Encoding.UTF8.GetString(bytes, 0, end) : throw new IOException("a name without an end");
    }

    private static byte[] At(SafeFileHandle file, long offset, int length)
    {
        var bytes = new byte[length];
        return RandomAccess.Read(file, bytes, offset) == length ? bytes : throw new IOException("the file is cut off");
    }
}
