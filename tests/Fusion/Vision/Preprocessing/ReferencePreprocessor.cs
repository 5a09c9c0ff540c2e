using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision.Preprocessing;

namespace EdgePerception.Fusion.Tests.Vision.Preprocessing;

/// <summary>
/// The documented conventions in their plainest form, in double precision and one sample at a time: fit, bilinear
/// sampling with the edge repeated, the standards' matrices by their published coefficients, (pixel − mean) / std,
/// borders of one grey value that goes through the same.
/// </summary>
internal static class ReferencePreprocessor
{
    public static double[] Fill(
        TestImage image, BoundingBox? region, int inputWidth, int inputHeight, ImageManifest manifest)
    {
        var (left, top, width, height) = Clip(image, region);
        // What is filled is PicturePlacementTests' matter; a rounding that falls on a half may go either way.
        var box = ImagePlacement.Fit(
            manifest.Fit, (float)left, (float)top, (float)width, (float)height, inputWidth, inputHeight);
        if (manifest.Fit == ImageFit.Crop)
        {
            var scale = Math.Max(inputWidth / width, inputHeight / height);
            (left, top) = (left + (width - inputWidth / scale) / 2, top + (height - inputHeight / scale) / 2);
            (width, height) = (inputWidth / scale, inputHeight / scale);
        }

        var tensor = new double[inputWidth * inputHeight * 3];
        for (var i = 0; i < tensor.Length; i++)
        {
            var (x, y, c) = (i / 3 % inputWidth, i / 3 / inputWidth, i % 3);
            var (column, row) = (x - box.Left, y - box.Top);
            var inside = column >= 0 && column < box.Width && row >= 0 && row < box.Height;
            var value = inside
                ? Color(
                    image,
                    Position(manifest.Sampling, left, width, box.Width, column),
                    Position(manifest.Sampling, top, height, box.Height, row),
                    manifest.Channels == ChannelOrder.Rgb ? c : 2 - c)
                : manifest.Border;
            var at = manifest.Layout == TensorLayout.Nhwc ? i : (c * inputHeight + y) * inputWidth + x;
            tensor[at] = (value - manifest.Mean[c]) / manifest.Std[c];
        }

        return tensor;
    }

    private static (double Left, double Top, double Width, double Height) Clip(TestImage image, BoundingBox? region)
    {
        if (region is not { } box) return (0, 0, image.Width, image.Height);
        var left = Math.Clamp(box.X, 0, image.Width - 1);
        var top = Math.Clamp(box.Y, 0, image.Height - 1);
        return (
            left, top, Math.Clamp(box.Right, left + 1, image.Width) - left,
            Math.Clamp(box.Bottom, top + 1, image.Height) - top);
    }

    private static double Position(SamplingConvention convention, double start, double length, int outputs, int i) =>
        convention switch
        {
            SamplingConvention.HalfPixel => start + (i + 0.5) * (length / outputs) - 0.5,
            SamplingConvention.Asymmetric => start + i * (length / outputs),
            // A crop may see less than a pixel of a very narrow image; there is nothing to walk along then.
            _ => outputs == 1 ? start : start + i * (Math.Max(length - 1, 0) / (outputs - 1)),
        };

    private static double Color(TestImage image, double x, double y, int color)
    {
        x = Math.Clamp(x, 0, image.Width - 1);
        y = Math.Clamp(y, 0, image.Height - 1);
        if (!image.IsYuv)
            return Sample((column, row) => image.Packed(column, row, color), image.Width, image.Height, x, y);

        var (halfWidth, halfHeight) = ((image.Width + 1) / 2, (image.Height + 1) / 2);
        var luma = Sample(image.Luma, image.Width, image.Height, x, y);
        var u = Sample(image.U, halfWidth, halfHeight, (x + 0.5) / 2 - 0.5, (y + 0.5) / 2 - 0.5) - 128;
        var v = Sample(image.V, halfWidth, halfHeight, (x + 0.5) / 2 - 0.5, (y + 0.5) / 2 - 0.5) - 128;
        var rgb = image.Encoding switch
        {
            YuvEncoding.Bt601 => color switch
            {
                0 => 1.164384 * (luma - 16) + 1.596027 * v,
                1 => 1.164384 * (luma - 16) - 0.391762 * u - 0.812968 * v,
                _ => 1.164384 * (luma - 16) + 2.017232 * u,
            },
            YuvEncoding.Bt709 => color switch
            {
                0 => 1.164384 * (luma - 16) + 1.792741 * v,
                1 => 1.164384 * (luma - 16) - 0.213249 * u - 0.532909 * v,
                _ => 1.164384 * (luma - 16) + 2.112402 * u,
            },
            YuvEncoding.Bt601Full => color switch
            {
                0 => luma + 1.402 * v,
                1 => luma - 0.344136 * u - 0.714136 * v,
                _ => luma + 1.772 * u,
            },
            _ => color switch
            {
                0 => luma + 1.5748 * v,
                1 => luma - 0.187324 * u - 0.468124 * v,
                _ => luma + 1.8556 * u,
            },
        };
        return Math.Clamp(rgb, 0, 255);
    }

    private static double Sample(Func<int, int, byte> at, int width, int height, double x, double y)
    {
        x = Math.Clamp(x, 0, width - 1);
        y = Math.Clamp(y, 0, height - 1);
        var (x0, y0) = ((int)x, (int)y);
        var (x1, y1) = (Math.Min(x0 + 1, width - 1), Math.Min(y0 + 1, height - 1));
        var (u, v) = (x - x0, y - y0);
        return (1 - v) * ((1 - u) * at(x0, y0) + u * at(x1, y0)) + v * ((1 - u) * at(x0, y1) + u * at(x1, y1));
    }
}
