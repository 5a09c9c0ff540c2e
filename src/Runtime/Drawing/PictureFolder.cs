using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Files;
using SkiaSharp;

namespace EdgePerception.Runtime.Drawing;

/// <summary>
/// The folder of grounded moments, bounded by number and bytes over restarts: where a picture finds no room, the oldest
/// go. Pictures are <c>NAME.grounded.png</c>; nothing of another name is counted, removed or written over. Not
/// thread-safe.
/// </summary>
internal sealed class PictureFolder
{
    private const string Ending = ".grounded.png";

    private readonly string _path;
    private readonly int _maxPictures;
    private readonly long _maxBytes;

    // Oldest first.
    private readonly List<(string File, long Bytes)> _pictures = [];

    /// <summary>Makes the folder, or takes up what an earlier run left in it.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="maxPictures">Pictures that it may hold.</param>
    /// <param name="maxBytes">Bytes that they may have together.</param>
    /// <exception cref="IOException">It cannot be made or read.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public PictureFolder(string path, int maxPictures, long maxBytes)
    {
        (_path, _maxPictures, _maxBytes) = (path, maxPictures, maxBytes);
        var folder = Directory.CreateDirectory(path);
        OutputFile.RemoveDrafts(path);
        var left = folder.GetFiles($"*{Ending}").Where(file => file.LinkTarget is null);
        foreach (var file in left.OrderBy(file => (file.LastWriteTimeUtc, file.Name))) Remember(file);
    }

    /// <summary>How many pictures there are.</summary>
    public int Count => _pictures.Count;

    /// <summary>How many bytes they have.</summary>
    public long Bytes { get; private set; }

    /// <summary>Writes a picture; one of the same name is replaced.</summary>
    /// <returns>How many others had to go for it.</returns>
    /// <exception cref="IOException">It is larger than all may be, or what should go cannot be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">What should go may not be removed.</exception>
    /// <exception cref="OutputException">It cannot be written.</exception>
    /// <exception cref="UserException">There may not be written.</exception>
    public int Add(string name, SKData picture)
    {
        if (picture.Size > _maxBytes)
            throw new IOException($"it has {picture.Size} bytes, more than all may have together");
        var file = new FileInfo(Path.Combine(_path, name + Ending));
        // The one that is replaced needs no room beside the new one.
        if (_pictures.FindIndex(each => each.File == file.FullName) is >= 0 and var same) Forget(same);
        var removed = MakeRoom(picture.Size);
        try
        {
            OutputFile.At(file.FullName).Write(picture.Span);
        }
        finally
        {
            // What could not be replaced is still there.
            Remember(file);
        }

        return removed;
    }

    private int MakeRoom(long bytes)
    {
        var removed = 0;
        for (; Count > 0 && (Count >= _maxPictures || Bytes + bytes > _maxBytes); removed++)
        {
            File.Delete(_pictures[0].File);
            Forget(0);
        }

        return removed;
    }

    private void Remember(FileInfo file)
    {
        file.Refresh();
        if (!file.Exists) return;
        _pictures.Add((file.FullName, file.Length));
        Bytes += file.Length;
    }

    private void Forget(int index)
    {
        Bytes -= _pictures[index].Bytes;
        _pictures.RemoveAt(index);
    }
}
