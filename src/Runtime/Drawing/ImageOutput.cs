using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Files;
using SkiaSharp;

namespace EdgePerception.Runtime.Drawing;

/// <summary>The image that a verb draws, in the format that its name ends with: PNG, JPEG or WebP.</summary>
public sealed class ImageOutput
{
    /// <summary>What <c>--out</c> takes, in the words of the command line.</summary>
    internal const string Formats = "as PNG, JPEG or WebP by the name's ending (.png, .jpg, .jpeg, .webp)";

    private readonly OutputFile _file;

    private ImageOutput(OutputFile file, SKEncodedImageFormat format) => (_file, Format) = (file, format);

    /// <summary>What is to be written.</summary>
    public SKEncodedImageFormat Format { get; }

    /// <summary>Looks at name and place, before there is anything to draw; null if no path is given.</summary>
    /// <exception cref="UserException">The ending is another one, or nothing can be written there.</exception>
    /// <exception cref="OutputException">Nothing can be written there now.</exception>
    public static ImageOutput? At(string? path) => path is null ? null : new(OutputFile.At(path), FormatOf(path));

    /// <summary>Writes the image.</summary>
    /// <exception cref="OutputException">It cannot be written; what was there before stays.</exception>
    public void Write(SKData image) => _file.Write(image.Span);

    private static SKEncodedImageFormat FormatOf(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".png" => SKEncodedImageFormat.Png,
        ".jpg" or ".jpeg" => SKEncodedImageFormat.Jpeg,
        ".webp" => SKEncodedImageFormat.Webp,
        _ => throw new UserException($"{path}: a picture is written {Formats}"),
    };
}
