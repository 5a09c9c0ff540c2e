using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Files;
using SkiaSharp;

namespace EdgePerception.Runtime.Drawing;

/// <summary>
/// The folder of grounded moments, bounded by number and bytes over restarts: where an image finds no room, the oldest
/// go. Images are <c>NAME.grounded.png</c>; nothing of another name is counted, removed or written over. Not
/// thread-safe.
/// </summary>
internal sealed class ImageFolder
{
    private const string Ending = ".grounded.png";

    private readonly string _path;
    private readonly int _maxImages;
    private readonly long _maxBytes;

    // Oldest first.
    private readonly List<(string File, long Bytes)> _images = [];

    /// <summary>Makes the folder, or takes up what an earlier run left in it.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="maxPictures">Images that it may hold.</param>
    /// <param name="maxBytes">Bytes that they may have together.</param>
    /// <exception cref="IOException">It cannot be made or read.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public ImageFolder(string path, int maxPictures, long maxBytes)
    {
        (_path, _maxImages, _maxBytes) = (path, maxPictures, maxBytes);
        var folder = Directory.CreateDirectory(path);
        OutputFile.RemoveDrafts(path);
        var left = folder.GetFiles($"*{Ending}").Where(file => file.LinkTarget is null);
        foreach (var file in left.OrderBy(file => (file.LastWriteTimeUtc, file.Name))) Remember(file);
    }

    /// <summary>How many images there are.</summary>
    public int Count => _images.Count;

    /// <summary>How many bytes they have.</summary>
    public long Bytes { get; private set; }

    /// <summary>Writes an image; one of the same name is replaced.</summary>
    /// <returns>How many others had to go for it.</returns>
    /// <exception cref="IOException">It is larger than all may be, or what should go cannot be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">What should go may not be removed.</exception>
    /// <exception cref="OutputException">It cannot be written.</exception>
    /// <exception cref="UserException">There may not be written.</exception>
    public int Add(string name, SKData image)
    {
        if (image.Size > _maxBytes)
            throw new IOException($"it has {image.Size} bytes, more than all may have together");
        var file = new FileInfo(Path.Combine(_path, name + Ending));
        // The one that is replaced needs no room beside the new one.
        if (_images.FindIndex(each => each.File == file.FullName) is >= 0 and var same) Forget(same);
        var removed = MakeRoom(image.Size);
        try
        {
            OutputFile.At(file.FullName).Write(image.Span);
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
        for (; Count > 0 && (Count >= _maxImages || Bytes + bytes > _maxBytes); removed++)
        {
            File.Delete(_images[0].File);
            Forget(0);
        }

        return removed;
    }

    private void Remember(FileInfo file)
    {
        file.Refresh();
        if (!file.Exists) return;
        _images.Add((file.FullName, file.Length));
        Bytes += file.Length;
    }

    private void Forget(int index)
    {
        Bytes -= _images[index].Bytes;
        _images.RemoveAt(index);
    }
}
