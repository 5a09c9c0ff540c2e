using EdgePerception.Runtime.CommandLine;
using EdgePerception.Sensors.Frames;
using EdgePerception.Sensors.Synchronization;
using SkiaSharp;

namespace EdgePerception.Runtime.Pictures;

/// <summary>Reads a picture file (JPEG, PNG, WebP, BMP, GIF's first picture) as a frame.</summary>
public static class PictureFile
{
    private const long MaxFileBytes = 256L << 20;
    private const long MaxPixels = 100_000_000;

    /// <summary>Reads the picture upright (EXIF orientation applied), transparency laid over white.</summary>
    /// <exception cref="UserException">The file is missing, not a picture, or too large.</exception>
    public static Frame Read(string path, FramePool pool, SensorClock clock)
    {
        using var bitmap = Decode(path);
        if (!pool.TryRent(bitmap.Width, bitmap.Height, out var frame))
            throw new InvalidOperationException("every frame of the pool is on lease");
        CopyRgb(bitmap.GetPixelSpan(), frame.Pixels);
        frame.Stamp(Path.GetFileName(path), 1, clock.Now);
        return frame;
    }

    private static SKBitmap Decode(string path)
    {
        if (!File.Exists(path)) throw new UserException($"{path}: no such picture");
        if (new FileInfo(path).Length > MaxFileBytes) throw new UserException($"{path}: larger than {MaxFileBytes >> 20} MiB");
        using var codec = SKCodec.Create(path, out var result)
                          ?? throw new UserException($"{path}: not a picture that can be read ({result}); JPEG, PNG, WebP, BMP and GIF can");
        var info = codec.Info.WithColorType(SKColorType.Rgba8888).WithAlphaType(SKAlphaType.Premul);
        if ((long)info.Width * info.Height is > MaxPixels or < 1)
            throw new UserException($"{path}: {info.Width} x {info.Height} is more than {MaxPixels / 1_000_000} million pixels");
        using var decoded = new SKBitmap(info);
        result = codec.GetPixels(info, decoded.GetPixels());
        if (result != SKCodecResult.Success) throw new UserException($"{path}: the picture is damaged ({result})");
        return Upright(decoded, codec.EncodedOrigin);
    }

    private static SKBitmap Upright(SKBitmap picture, SKEncodedOrigin origin)
    {
        var turned = origin >= SKEncodedOrigin.LeftTop;
        var (width, height) = turned ? (picture.Height, picture.Width) : (picture.Width, picture.Height);
        var upright = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Premul);
        using var canvas = new SKCanvas(upright);
        canvas.Clear(SKColors.White);
        canvas.SetMatrix(origin switch
        {
            SKEncodedOrigin.TopRight => new SKMatrix(-1, 0, width, 0, 1, 0, 0, 0, 1),
            SKEncodedOrigin.BottomRight => new SKMatrix(-1, 0, width, 0, -1, height, 0, 0, 1),
            SKEncodedOrigin.BottomLeft => new SKMatrix(1, 0, 0, 0, -1, height, 0, 0, 1),
            SKEncodedOrigin.LeftTop => new SKMatrix(0, 1, 0, 1, 0, 0, 0, 0, 1),
            SKEncodedOrigin.RightTop => new SKMatrix(0, -1, width, 1, 0, 0, 0, 0, 1),
            SKEncodedOrigin.RightBottom => new SKMatrix(0, -1, width, -1, 0, height, 0, 0, 1),
            SKEncodedOrigin.LeftBottom => new SKMatrix(0, 1, 0, -1, 0, height, 0, 0, 1),
            _ => SKMatrix.Identity,
        });
        canvas.DrawBitmap(picture, 0, 0);
        return upright;
    }

    private static void CopyRgb(ReadOnlySpan<byte> rgba, Span<byte> rgb)
    {
        for (int from = 0, to = 0; to < rgb.Length; from += 4, to += 3)
        {
            rgb[to] = rgba[from];
            rgb[to + 1] = rgba[from + 1];
            rgb[to + 2] = rgba[from + 2];
        }
    }
}
