using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Vision.Preprocessing;

/// <summary>
/// Where a picture, or a region of one, lies in a model's input: input = picture · scale + offset on each axis, where
/// pixel i of either covers i to i + 1. It holds for the edges of the picture under every sampling convention.
/// </summary>
/// <param name="ScaleX">Input pixels for each picture pixel, across.</param>
/// <param name="ScaleY">Input pixels for each picture pixel, down.</param>
/// <param name="OffsetX">The input's column where the picture's column 0 lies, or would lie.</param>
/// <param name="OffsetY">The input's row where the picture's row 0 lies, or would lie.</param>
/// <param name="Left">First column of the input that the picture fills.</param>
/// <param name="Top">First row of the input that the picture fills.</param>
/// <param name="Width">Columns of the input that the picture fills; the others are border.</param>
/// <param name="Height">Rows of the input that the picture fills; the others are border.</param>
public readonly record struct PicturePlacement(
    float ScaleX, float ScaleY, float OffsetX, float OffsetY, int Left, int Top, int Width, int Height)
{
    /// <summary>Fits a whole picture into an input.</summary>
    public static PicturePlacement Fit(PictureFit fit, int width, int height, int inputWidth, int inputHeight) =>
        Fit(fit, 0, 0, width, height, inputWidth, inputHeight);

    /// <summary>Fits a region, in picture pixels and not empty, into an input.</summary>
    public static PicturePlacement Fit(
        PictureFit fit,
        float regionX,
        float regionY,
        float regionWidth,
        float regionHeight,
        int inputWidth,
        int inputHeight) =>
        Fit(fit, new PictureArea(regionX, regionY, regionWidth, regionHeight), inputWidth, inputHeight, out _);

    /// <summary>Takes a column of the input back to the picture.</summary>
    public float ToPictureX(float x) => (x - OffsetX) / ScaleX;

    /// <summary>Takes a row of the input back to the picture.</summary>
    public float ToPictureY(float y) => (y - OffsetY) / ScaleY;

    /// <summary>Fits a region, and says which part of it is to be seen: all of it, unless the fit crops.</summary>
    internal static PicturePlacement Fit(PictureFit fit, PictureArea region, int inputWidth, int inputHeight, out PictureArea seen)
    {
        var (scaleX, scaleY) = (inputWidth / region.Width, inputHeight / region.Height);
        var (left, top, width, height) = (0, 0, inputWidth, inputHeight);
        seen = region;
        if (fit == PictureFit.Crop)
        {
            var scale = Math.Max(scaleX, scaleY);
            var (seenWidth, seenHeight) = (inputWidth / scale, inputHeight / scale);
            seen = new PictureArea(
                region.X + (region.Width - seenWidth) / 2, region.Y + (region.Height - seenHeight) / 2, seenWidth, seenHeight);
        }
        else if (fit != PictureFit.Squash)
        {
            var scale = Math.Min(scaleX, scaleY);
            width = Math.Clamp((int)Math.Round(region.Width * scale), 1, inputWidth);
            height = Math.Clamp((int)Math.Round(region.Height * scale), 1, inputHeight);
            if (fit == PictureFit.Letterbox) (left, top) = ((inputWidth - width) / 2, (inputHeight - height) / 2);
        }

        (scaleX, scaleY) = (width / seen.Width, height / seen.Height);
        return new PicturePlacement(
            (float)scaleX, (float)scaleY, (float)(left - seen.X * scaleX), (float)(top - seen.Y * scaleY), left, top, width, height);
    }
}

/// <summary>A part of a picture in its pixels; double, since positions are derived from it.</summary>
internal readonly record struct PictureArea(double X, double Y, double Width, double Height);
