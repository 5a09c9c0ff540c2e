using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Vision.Preprocessing;

namespace EdgePerception.Fusion.Vision.Decoders;

/// <summary>How one image of a batch lies in the model's input, and how large it is.</summary>
/// <param name="Placement">Where the image lies in the input.</param>
/// <param name="Width">Width of the image, pixels.</param>
/// <param name="Height">Height of the image, pixels.</param>
internal readonly record struct ImageInBatch(ImagePlacement Placement, int Width, int Height)
{
    /// <summary>
    /// Takes a box given by two corners in input pixels back to the image, clipped to it; empty when outside.
    /// </summary>
    public BoundingBox ToImage(float x1, float y1, float x2, float y2)
    {
        var left = Math.Clamp(Placement.ToImageX(x1), 0, Width);
        var top = Math.Clamp(Placement.ToImageY(y1), 0, Height);
        var right = Math.Clamp(Placement.ToImageX(x2), 0, Width);
        var bottom = Math.Clamp(Placement.ToImageY(y2), 0, Height);
        return right > left && bottom > top ? new BoundingBox(left, top, right - left, bottom - top) : default;
    }

    /// <summary>Takes a column of the image to the input.</summary>
    public float ToInputX(float x) => x * Placement.ScaleX + Placement.OffsetX;

    /// <summary>Takes a row of the image to the input.</summary>
    public float ToInputY(float y) => y * Placement.ScaleY + Placement.OffsetY;
}
