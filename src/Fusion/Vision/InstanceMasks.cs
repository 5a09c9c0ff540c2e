using System.Numerics;
using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision.Decoders;

namespace EdgePerception.Fusion.Vision;

/// <summary>Whole pixels of an image, origin top left.</summary>
/// <param name="X">First column.</param>
/// <param name="Y">First row.</param>
/// <param name="Width">Columns; 0 where there are none.</param>
/// <param name="Height">Rows; 0 where there are none.</param>
public readonly record struct PixelArea(int X, int Y, int Width, int Height)
{
    /// <summary>The pixels whose centres lie in a box.</summary>
    public static PixelArea Of(in BoundingBox box)
    {
        var (x, y) = (FirstFrom(box.X), FirstFrom(box.Y));
        return new PixelArea(x, y, FirstFrom(box.Right) - x, FirstFrom(box.Bottom) - y);

        static int FirstFrom(float edge) => (int)MathF.Ceiling(edge - 0.5f);
    }
}

/// <summary>
/// The masks of the objects that a detector's last run found, made on demand: the prototypes (Bolya et al. 2019,
/// "YOLACT") weighted by the object's coefficients, sampled bilinearly at the image's pixels (half-pixel centres, as
/// Ultralytics' native masks are), through a sigmoid, cropped to the box. Allocates nothing. Used by the detector's
/// thread, before its next run.
/// </summary>
public sealed class InstanceMasks
{
    private readonly OnnxModel _model;
    private readonly ImageInBatch[] _images;
    private readonly MaskCoefficients _coefficients;
    private readonly int _width;
    private readonly int _height;
    private readonly float[] _logits;

    /// <param name="model">A model whose second output holds prototypes.</param>
    /// <param name="coefficients">Where in the first output the coefficients are.</param>
    /// <param name="images">How the last run's images lie in the input; the detector's own.</param>
    internal InstanceMasks(OnnxModel model, MaskCoefficients coefficients, ImageInBatch[] images)
    {
        (_model, _coefficients, _images) = (model, coefficients, images);
        (_height, _width) = (model.Manifest.Outputs[1].Shape[2], model.Manifest.Outputs[1].Shape[3]);
        _logits = new float[_height * _width];
    }

    /// <summary>Writes an object's mask: a byte for each pixel of its box, row by row.</summary>
    /// <param name="index">Which image of the last run.</param>
    /// <param name="detection">One of its detections.</param>
    /// <param name="mask">
    /// Receives the probability that each pixel of <see cref="PixelArea.Of"/> the box is the object's, 0 to 255; from
    /// 128 it is more likely than not.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The mask has too little room, or the detection is not from this detector.
    /// </exception>
    public void Write(int index, in Detection detection, Span<byte> mask)
    {
        if (detection.Row < 0) throw new ArgumentException("a detection without a row has no mask", nameof(detection));
        var area = PixelArea.Of(detection.Box);
        if (mask.Length < area.Width * area.Height)
            throw new ArgumentException(
                $"{area.Width}×{area.Height} pixels need as many bytes, there are {mask.Length}", nameof(mask));
        if (area.Width == 0 || area.Height == 0) return;
        var image = _images[index];
        var (left, _, _) = Column(image, area.X);
        var (_, right, _) = Column(image, area.X + area.Width - 1);
        var (top, _, _) = Row(image, area.Y);
        var (_, bottom, _) = Row(image, area.Y + area.Height - 1);
        Weigh(index, detection.Row, left, right + 1, top, bottom + 1);
        for (var y = 0; y < area.Height; y++)
        {
            var (upper, lower, down) = Row(image, area.Y + y);
            var above = _logits.AsSpan(upper * _width, _width);
            var below = _logits.AsSpan(lower * _width, _width);
            var line = mask.Slice(y * area.Width, area.Width);
            for (var x = 0; x < line.Length; x++)
            {
                var (first, second, across) = Column(image, area.X + x);
                var high = above[first] + (above[second] - above[first]) * across;
                var low = below[first] + (below[second] - below[first]) * across;
                line[x] = (byte)(255 / (1 + MathF.Exp(-(high + (low - high) * down))) + 0.5f);
            }
        }
    }

    // The sum of the prototypes, each times its coefficient, where the box needs it.
    private void Weigh(int index, int row, int left, int right, int top, int bottom)
    {
        var coefficients = _model.Output(0).Floats(index);
        var prototypes = _model.Output(1).Floats(index);
        for (var y = top; y < bottom; y++)
        {
            var sum = _logits.AsSpan(y * _width + left, right - left);
            sum.Clear();
            for (var k = 0; k < _coefficients.Count; k++)
                AddScaled(sum, prototypes.Slice((k * _height + y) * _width + left, sum.Length),
                    coefficients[_coefficients.At(row, k)]);
        }
    }

    private static void AddScaled(Span<float> sum, ReadOnlySpan<float> values, float weight)
    {
        var i = 0;
        for (; i <= sum.Length - Vector<float>.Count; i += Vector<float>.Count)
            (new Vector<float>(sum[i..]) + new Vector<float>(values[i..]) * weight).CopyTo(sum[i..]);
        for (; i < sum.Length; i++) sum[i] += values[i] * weight;
    }

    private (int First, int Second, float Weight) Column(in ImageInBatch image, int x) =>
        Tap(image.ToInputX(x + 0.5f) * _width / _model.Manifest.InputWidth, _width);

    private (int First, int Second, float Weight) Row(in ImageInBatch image, int y) =>
        Tap(image.ToInputY(y + 0.5f) * _height / _model.Manifest.InputHeight, _height);

    // The two samples around a position, where sample i covers i to i + 1, and how much of the second.
    private static (int First, int Second, float Weight) Tap(float position, int length)
    {
        var at = Math.Clamp(position - 0.5f, 0, length - 1);
        var first = (int)at;
        return (first, Math.Min(first + 1, length - 1), at - first);
    }
}
