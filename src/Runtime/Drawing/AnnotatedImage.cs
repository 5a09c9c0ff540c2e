using EdgePerception.Runtime.Diagnostics;
using SkiaSharp;

namespace EdgePerception.Runtime.Drawing;

/// <summary>An image with boxes drawn over it and text below it. Thread-safe.</summary>
public static class AnnotatedImage
{
    // Narrower images are enlarged as far as their height lets them be, since the text below needs room; from the
    // second width on text grows with them, but not without end: an odd image must not cost more than a large one.
    private const int MinWidth = 640;
    private const int EnlargedHeight = 4096;
    private const float GrowingWidth = 900;
    private const float LargestUnit = 10;

    // Of JPEG and WebP; PNG loses nothing.
    private const int Quality = 92;

    /// <summary>Draws what was seen, with a line of heading and further lines below the image.</summary>
    /// <param name="format">What to encode it as.</param>
    /// <param name="rgb">The image's pixels, R G B.</param>
    /// <param name="width">Its width, pixels.</param>
    /// <param name="height">Its height, pixels.</param>
    /// <param name="annotations">The boxes; those with a role are drawn over those without.</param>
    /// <param name="lines">The text below, the first one as heading.</param>
    /// <exception cref="UserException">It has more pixels a side than the format takes.</exception>
    public static SKData Encode(
        SKEncodedImageFormat format, ReadOnlySpan<byte> rgb, int width, int height, IEnumerable<Annotation> annotations,
        IReadOnlyList<string> lines) =>
        Encode(format, rgb, width, height, annotations, panel =>
        {
            for (var i = 0; i < lines.Count; i++)
                panel.Add([new TextRun(lines[i], i == 0 ? Palette.Bright : Palette.Body)]);
        });

    /// <summary>The same with a panel that somebody else fills.</summary>
    internal static SKData Encode(
        SKEncodedImageFormat format, ReadOnlySpan<byte> rgb, int width, int height, IEnumerable<Annotation> annotations,
        Action<TextPanel> fill)
    {
        var scale = Math.Clamp((MinWidth + width - 1) / width, 1, Math.Max(1, EnlargedHeight / height));
        var area = SKRect.Create(0, 0, width * scale, height * scale);
        var across = Math.Max(MinWidth, width * scale);
        var unit = Math.Clamp(area.Width / GrowingWidth, 1, LargestUnit);
        var panel = new TextPanel(across, unit);
        fill(panel);
        var down = height * scale + (int)MathF.Ceiling(panel.Height + 8 * unit);
        using var bitmap = new SKBitmap(across, down, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(Palette.Paper);
            // Large images fill it from edge to edge, and need no copy of their own in between.
            if (across == width) Copy(rgb, bitmap.GetPixelSpan());
            else DrawEnlarged(canvas, rgb, width, height, area);
            new BoxPainter(canvas, area, scale, unit).Draw(annotations);
            panel.Draw(canvas, area.Bottom);
        }

        return bitmap.Encode(format, Quality) ?? throw new UserException(
            $"{across} x {down} pixels cannot be written as {format.ToString().ToUpperInvariant()}; PNG can hold them");
    }

    private static void DrawEnlarged(SKCanvas canvas, ReadOnlySpan<byte> rgb, int width, int height, SKRect area)
    {
        using var picture = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        Copy(rgb, picture.GetPixelSpan());
        using var image = SKImage.FromBitmap(picture);
        canvas.DrawImage(image, area, new SKSamplingOptions(SKFilterMode.Linear));
    }

    private static void Copy(ReadOnlySpan<byte> rgb, Span<byte> rgba)
    {
        for (int from = 0, to = 0; from < rgb.Length; from += 3, to += 4)
            (rgba[to], rgba[to + 1], rgba[to + 2], rgba[to + 3]) = (rgb[from], rgb[from + 1], rgb[from + 2], 255);
    }
}
