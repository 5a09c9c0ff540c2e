using System.Diagnostics;
using EdgePerception.Sensors.Frames;
using SkiaSharp;

namespace EdgePerception.Fusion.Tests.Vision;

/// <summary>
/// Images that Debian packages ship, decoded at run time; none is committed. One that is missing fails the test with
/// the command that brings it.
/// </summary>
internal sealed class PackagedImages : IDisposable
{
    private const string Clip = "opencv-doc/vtest.avi";
    private const int ClipWidth = 768;
    private const int ClipHeight = 576;
    private static readonly Dictionary<string, string> Folders = new()
    {
        ["opencv-doc"] = "/usr/share/doc/opencv-doc/examples/data",
        ["python3-skimage"] = "/usr/lib/python3/dist-packages/skimage/data",
    };

    private readonly FramePool _pool = new(1);

    /// <summary>The path of an image named by package and file, such as <c>opencv-doc/fruits.jpg</c>.</summary>
    public static string PathOf(string source)
    {
        var slash = source.IndexOf('/');
        var package = source[..slash];
        var path = Path.Combine(Folders[package], source[(slash + 1)..]);
        Assert.True(File.Exists(path), $"{path} is missing: install the package {package} (apt-get install {package})");
        return path;
    }

    /// <summary>Decodes an image; the caller disposes the frame before the next.</summary>
    public Frame Load(string source)
    {
        var path = PathOf(source);
        using var decoded = SKBitmap.Decode(path);
        Assert.True(decoded is not null, $"{path} cannot be decoded");
        using var bitmap = new SKBitmap(decoded.Width, decoded.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        Assert.True(decoded.CopyTo(bitmap, SKColorType.Rgba8888));
        Assert.True(_pool.TryRent(bitmap.Width, bitmap.Height, out var frame));
        var from = bitmap.GetPixelSpan();
        var to = frame.Pixels;
        for (int i = 0, o = 0; o < to.Length; i += 4, o += 3) from.Slice(i, 3).CopyTo(to[o..]);
        return frame;
    }

    /// <summary>Decodes the clip of pedestrians and gives out the frames asked for, in order.</summary>
    public IEnumerable<(int Number, Frame Frame)> LoadClip(IReadOnlySet<int> numbers)
    {
        using var process = Process.Start(new ProcessStartInfo("gst-launch-1.0")
        {
            ArgumentList =
            {
                "-q", "filesrc", $"location={PathOf(Clip)}", "!", "decodebin", "!", "videoconvert", "!",
                "video/x-raw,format=RGB", "!", "fdsink",
            },
            RedirectStandardOutput = true,
        })!;
        try
        {
            var buffer = new byte[ClipWidth * ClipHeight * 3];
            var last = numbers.Max();
            for (var number = 0; number <= last; number++)
            {
                var read =
                    process.StandardOutput.BaseStream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
                Assert.True(
                    read == buffer.Length, $"{Clip}: gst-launch-1.0 gave no frame {number}; is a decoder missing?");
                if (!numbers.Contains(number)) continue;
                Assert.True(_pool.TryRent(ClipWidth, ClipHeight, out var frame));
                buffer.CopyTo(frame.Pixels);
                using (frame) yield return (number, frame);
            }
        }
        finally
        {
            if (!process.HasExited) process.Kill();
            process.WaitForExit();
        }
    }

    public void Dispose() => _pool.Dispose();
}
