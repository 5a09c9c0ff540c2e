using EdgePerception.Fusion.Preprocessing;

namespace EdgePerception.Fusion.Tests.Preprocessing;

/// <summary>
/// The documented convention in its plainest form, in double precision: scale to fit, centre, bilinear with pixel
/// centres at half and the edge repeated, (pixel − mean) / std, borders of one grey value that goes through the same.
/// </summary>
internal static class ReferencePreprocessor
{
    public static double[] Fill(byte[] pixels, int width, int height, int inputWidth, int inputHeight, PictureManifest manifest)
    {
        // Where the picture lies is LetterboxTests' matter; a rounding that falls on a half may go either way.
        var box = Fusion.Preprocessing.Letterbox.Fit(width, height, inputWidth, inputHeight);
        var tensor = new double[inputWidth * inputHeight * 3];
        for (var i = 0; i < tensor.Length; i++)
        {
            var (x, y, c) = (i / 3 % inputWidth, i / 3 / inputWidth, i % 3);
            var (column, row) = (x - box.Left, y - box.Top);
            var inside = column >= 0 && column < box.Width && row >= 0 && row < box.Height;
            var value = inside
                ? Sample(pixels, width, height, (column + 0.5) * width / box.Width - 0.5, (row + 0.5) * height / box.Height - 0.5, c)
                : manifest.Border;
            var at = manifest.Layout == TensorLayout.Nhwc ? i : (c * inputHeight + y) * inputWidth + x;
            tensor[at] = (value - manifest.Mean[c]) / manifest.Std[c];
        }

        return tensor;
    }

    private static double Sample(byte[] pixels, int width, int height, double x, double y, int c)
    {
        x = Math.Clamp(x, 0, width - 1);
        y = Math.Clamp(y, 0, height - 1);
        var (x0, y0) = ((int)x, (int)y);
        var (x1, y1) = (Math.Min(x0 + 1, width - 1), Math.Min(y0 + 1, height - 1));
        var (u, v) = (x - x0, y - y0);
        return (1 - v) * ((1 - u) * At(x0, y0) + u * At(x1, y0)) + v * ((1 - u) * At(x0, y1) + u * At(x1, y1));

        double At(int column, int row) => pixels[(row * width + column) * 3 + c];
    }
}
