using SkiaSharp;

namespace EdgePerception.Runtime.Drawing;

/// <summary>The typeface of all images.</summary>
internal static class Typeface
{
    private static readonly SKTypeface Face = Find();

    /// <summary>The typeface in a size, in pixels.</summary>
    public static SKFont Font(float size) => new(Face, size) { Edging = SKFontEdging.Antialias };

    // The Skia build without fontconfig knows no font of the system by name.
    private static SKTypeface Find()
    {
        string[] files =
        [
            "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
            "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
            "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
        ];
        return files.Where(File.Exists).Select(file => SKTypeface.FromFile(file))
            .FirstOrDefault(font => font is not null)
               ?? SKTypeface.Default;
    }
}
