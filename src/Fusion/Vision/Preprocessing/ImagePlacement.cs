using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Vision.Preprocessing;

/// <summary>
/// Where an image, or a region of one, lies in a model's input: input = image · scale + offset on each axis, where
/// pixel i of either covers i to i + 1. It holds for the edges of the image under every sampling convention.
/// </summary>
/// <param name="ScaleX">Input pixels for each image pixel, across.</param>
/// <param name="ScaleY">Input pixels for each image pixel, down.</param>
/// <param name="OffsetX">The input's column where the image's column 0 lies, or would lie.</param>
/// <param name="OffsetY">The input's row where the image's row 0 lies, or would lie.</param>
/// <param name="Left">First column of the input that the image fills.</param>
/// <param name="Top">First row of the input that the image fills.</param>
/// <param name="Width">Columns of the input that the image fills; the others are border.</param>
/// <param name="Height">Rows of the input that the image fills; the others are border.</param>
public readonly record struct ImagePlacement(
    float ScaleX, float ScaleY, float OffsetX, float OffsetY, int Left, int Top, int Width, int Height)
{
    /// <summary>Fits a whole image into an input.</summary>
    public static ImagePlacement Fit(ImageFit fit, int width, int height, int inputWidth, int inputHeight) =>
        Fit(fit, 0, 0, width, height, inputWidth, inputHeight);

    /// <summary>Fits a region, in image pixels and not empty, into an input.</summary>
    public static ImagePlacement Fit(
        ImageFit fit,
        float regionX,
        float regionY,
        float regionWidth,
        float regionHeight,
        int inputWidth,
        int inputHeight) =>
        Fit(fit, new ImageArea(regionX, regionY, regionWidth, regionHeight), inputWidth, inputHeight, out _);

    /// <summary>Takes a column of the input back to the image.</summary>
    public float ToImageX(float x) => (x - OffsetX) / ScaleX;

    /// <summary>Takes a row of the input back to the image.</summary>
    public float ToImageY(float y) => (y - OffsetY) / ScaleY;

    /// <summary>Fits a region, and says which part of it is to be seen: all of it, unless the fit crops.</summary>
    internal static ImagePlacement Fit(
        ImageFit fit, ImageArea region, int inputWidth, int inputHeight, out ImageArea seen)
    {
        var (scaleX, scaleY) = (inputWidth / region.Width, inputHeight / region.Height);
        var (left, top, width, height) = (0, 0, inputWidth, inputHeight);
        seen = region;
        if (fit == ImageFit.Crop)
        {
            var scale = Math.Max(scaleX, scaleY);
            var (seenWidth, seenHeight) = (inputWidth / scale, inputHeight / scale);
            seen = new ImageArea(
                region.X + (region.Width - seenWidth) / 2, region.Y + (region.Height - seenHeight) / 2, seenWidth,
                seenHeight);
        }
        else if (fit != ImageFit.Squash)
        {
            var scale = Math.Min(scaleX, scaleY);
            width = Math.Clamp((int)Math.Round(region.Width * scale), 1, inputWidth);
            height = Math.Clamp((int)Math.Round(region.Height * scale), 1, inputHeight);
            if (fit == ImageFit.Letterbox) (left, top) = ((inputWidth - width) / 2, (inputHeight - height) / 2);
        }

        (scaleX, scaleY) = (width / seen.Width, height / seen.Height);
        return new ImagePlacement(
            (float)scaleX, (float)scaleY, (float)(left - seen.X * scaleX), (float)(top - seen.Y * scaleY), left, top,
            width, height);
    }
}

/// <summary>A part of an image in its pixels; double, since positions are derived from it.</summary>
internal readonly record struct ImageArea(double X, double Y, double Width, double Height);
