using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision.Preprocessing;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Sensors.Frames;
using EdgePerception.Sensors.Time;
using SkiaSharp;

namespace EdgePerception.Runtime.Drawing;

/// <summary>
/// Reads an image file (JPEG, PNG, WebP, BMP, GIF's first image) as a frame. The file is not trusted: its size, and
/// what its header says of the image's, are bounded before a pixel is decoded.
/// </summary>
public static class ImageFile
{
    /// <summary>The most pixels that are read: those of the largest full-frame cameras.</summary>
    public const int MaxPixels = 64_000_000;

    private const long MaxFileBytes = 256L << 20;

    /// <summary>Reads the image upright (EXIF orientation applied), transparency laid over white.</summary>
    /// <exception cref="UserException">The file is missing, not an image, damaged, or too large.</exception>
    public static Frame Read(string path, FramePool pool, SensorClock clock)
    {
        var file = Load(path);
        using var image = Decode(path, file, out var origin);
        var isTurned = origin >= SKEncodedOrigin.LeftTop;
        var (width, height) = isTurned ? (image.Height, image.Width) : (image.Width, image.Height);
        if (!pool.TryRent(width, height, out var frame))
            throw new InvalidOperationException("every frame of the pool is on lease");
        CopyUpright(image, origin, frame);
        frame.Stamp(FileName.ToText(Path.GetFileName(path)), 1, clock.Now);
        return frame;
    }

    private static byte[] Load(string path)
    {
        try
        {
            return RegularFile.ReadAll(path, MaxFileBytes);
        }
        catch (IOException e)
        {
            throw new UserException($"{path}: {e.Message}", e);
        }
    }

    private static unsafe SKBitmap Decode(string path, byte[] file, out SKEncodedOrigin origin)
    {
        fixed (byte* bytes = file)
        {
            using var data = SKData.Create((nint)bytes, file.Length);
            using var codec = SKCodec.Create(data) ?? throw new UserException(
                $"{path}: not a picture that can be read; JPEG, PNG, WebP, BMP and GIF can");
            var info = codec.Info.WithColorType(SKColorType.Rgba8888).WithAlphaType(SKAlphaType.Premul);
            CheckSize(path, info.Width, info.Height);
            origin = codec.EncodedFormat == SKEncodedImageFormat.Png ? PngOrientation.Of(file) : codec.EncodedOrigin;
            var image = new SKBitmap(info);
            var result = codec.GetPixels(info, image.GetPixels());
            if (result == SKCodecResult.Success) return image;
            if (codec.EncodedFormat == SKEncodedImageFormat.Jpeg && JpegEnd.Lacks(file, image)) return image;
            image.Dispose();
            throw new UserException($"{path}: the picture is damaged ({result})");
        }
    }

    private static void CheckSize(string path, int width, int height)
    {
        if (width > ImageView.LongestSide || height > ImageView.LongestSide)
            throw new UserException(
                $"{path}: {width} x {height} pixels; a side may have {ImageView.LongestSide} at most");
        if ((long)width * height > MaxPixels)
            throw new UserException($"{path}: {width} x {height} is more than {MaxPixels / 1_000_000} million pixels");
    }

    // Turned, mirrored and made RGB in one pass, so that no second bitmap is needed: how far it is in the image from
    // one pixel of the frame to the next one to the right, and to the next one below.
    private static void CopyUpright(SKBitmap image, SKEncodedOrigin origin, Frame frame)
    {
        var (w, h) = (image.Width, image.Height);
        var (first, right, below) = origin switch
        {
            SKEncodedOrigin.TopRight => (w - 1, -1, w),
            SKEncodedOrigin.BottomRight => (w * h - 1, -1, -w),
            SKEncodedOrigin.BottomLeft => (w * (h - 1), 1, -w),
            SKEncodedOrigin.LeftTop => (0, w, 1),
            SKEncodedOrigin.RightTop => (w * (h - 1), -w, 1),
            SKEncodedOrigin.RightBottom => (w * h - 1, -w, -1),
            SKEncodedOrigin.LeftBottom => (w - 1, w, -1),
            _ => (0, 1, w),
        };
        ReadOnlySpan<byte> rgba = image.GetPixelSpan();
        var rgb = frame.Pixels;
        for (int y = 0, to = 0; y < frame.Height; y++)
        {
            for (int x = 0, from = (first + y * below) * 4; x < frame.Width; x++, from += right * 4, to += 3)
            {
                // Colours come multiplied by their opacity; what is left of it is white.
                var white = 255 - rgba[from + 3];
                rgb[to] = (byte)(rgba[from] + white);
                rgb[to + 1] = (byte)(rgba[from + 1] + white);
                rgb[to + 2] = (byte)(rgba[from + 2] + white);
            }
        }
    }
}
