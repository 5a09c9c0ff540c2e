using EdgePerception.Sensors.Frames;

namespace EdgePerception.Fusion.Vision;

/// <summary>
/// Measures how well objects can be seen in an image, on a grid of some three thousand points. Stateless, safe from any
/// thread; allocates nothing; below a tenth of a millisecond.
/// </summary>
/// <remarks>
/// Each measure goes in a straight line from 0 to 1 between two figures that were set on photographs and a street
/// scene, as they are and blurred, darkened and noisy:
/// <list type="bullet">
/// <item>light: mean brightness 6 to 30 of 255;</item>
/// <item>exposure: a share of 0.98 down to 0.6 of the points within 4 of black or white;</item>
/// <item>contrast: 3 to 10 as the root mean square of the differences over the far distance, width/96;</item>
/// <item>sharpness: 0.06 to 0.13 as the ratio of the squared differences over the near distance, width/384, to those
/// over the far one. It does not depend on contrast: an ideal edge gives 1/4, one that is blurred over more than the
/// far distance 1/16. A blur of 0.1% of the width passes as sharp, one of 0.8% as all but lost.</item>
/// </list>
/// Noise would pass for sharpness, so that its share is taken off both differences: it is told by the flattest quarter
/// of the points, where second differences are noise and nothing else.
/// </remarks>
public static class ImageQualityMeter
{
    private const int Columns = 80;
    private const int Rows = 40;
    private const int MinWidth = 160;
    private const int NearParts = 384;
    private const int FarFactor = 4;
    private const int PureMargin = 4;
    private const float FlatPart = 0.25f;

    // The 25th percentile of the size of a second difference of noise with standard deviation 1: 0.3186 · √6.
    private const float FlatPartOfNoise = 0.78f;

    // More is texture that fills the image, such as fur or grass.
    private const float MaxNoise = 8;

    /// <summary>
    /// Measures an image; one of less than 160 pixels across is too small to judge and taken as it is.
    /// </summary>
    public static ImageQuality Measure(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (frame.Width < MinWidth) return ImageQuality.Full;
        var near = Math.Max(1, (frame.Width + NearParts / 2) / NearParts);
        var far = FarFactor * near;
        // An image with no room for two points shows nothing.
        return frame.Height <= far ? default : Judge(Sample(frame, near, far));
    }

    private static ImageQuality Judge(in Sums sums)
    {
        var noise = 2 * sums.Noise * sums.Noise;
        var near = MathF.Max(sums.Near - noise, 0);
        var far = MathF.Max(sums.Far - noise, 0);
        return new ImageQuality(
            Rise(sums.Brightness, 6, 30), 1 - Rise(sums.Pure, 0.6f, 0.98f), Rise(MathF.Sqrt(far), 3, 10),
            far > 0 ? Rise(near / far, 0.06f, 0.13f) : 0);
    }

    private static float Rise(float value, float from, float to) => Math.Clamp((value - from) / (to - from), 0, 1);

    private static Sums Sample(Frame frame, int near, int far)
    {
        Span<int> offsets = stackalloc int[Columns];
        for (var column = 0; column < Columns; column++)
            offsets[column] = 3 * ((2 * column + 1) * (frame.Width - far) / (2 * Columns));
        Span<int> curvatures = stackalloc int[64];
        curvatures.Clear();
        var (brightness, pure) = (0, 0);
        var (nearSum, farSum) = (0L, 0L);
        var pixels = frame.Pixels;
        for (var row = 0; row < Rows; row++)
        {
            var y = (2 * row + 1) * (frame.Height - far) / (2 * Rows);
            var line = pixels.Slice(y * frame.Stride, frame.Stride);
            var nearLine = pixels.Slice((y + near) * frame.Stride, frame.Stride);
            var farLine = pixels.Slice((y + far) * frame.Stride, frame.Stride);
            foreach (var at in offsets)
            {
                var here = Luma(line, at);
                brightness += here;
                if (here is <= PureMargin or >= 255 - PureMargin) pure++;
                nearSum += Square(Luma(line, at + 3 * near) - here) + Square(Luma(nearLine, at) - here);
                farSum += Square(Luma(line, at + 3 * far) - here) + Square(Luma(farLine, at) - here);
                curvatures[Math.Min(
                    Math.Abs(here - 2 * Luma(line, at + 3) + Luma(line, at + 6)), curvatures.Length - 1)]++;
            }
        }

        const float Points = Columns * Rows;
        return new Sums(
            brightness / Points, pure / Points, nearSum / (2 * Points), farSum / (2 * Points), NoiseIn(curvatures));
    }

    private static float NoiseIn(ReadOnlySpan<int> curvatures)
    {
        const float Wanted = FlatPart * Columns * Rows;
        var (bin, below) = (0, 0f);
        while (below + curvatures[bin] < Wanted) below += curvatures[bin++];
        // Within a bin the points count as evenly spread.
        var percentile = bin - 0.5f + (Wanted - below) / curvatures[bin];
        return Math.Clamp(percentile / FlatPartOfNoise, 0, MaxNoise);
    }

    private static int Luma(ReadOnlySpan<byte> line, int at) => (line[at] + 2 * line[at + 1] + line[at + 2]) >> 2;

    private static int Square(int value) => value * value;

    /// <summary>
    /// Means over the grid: brightness, share of pure points, squared differences; and the noise's standard deviation.
    /// </summary>
    private readonly record struct Sums(float Brightness, float Pure, float Near, float Far, float Noise);
}
