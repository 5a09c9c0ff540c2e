using EdgePerception.Fusion.Vision;
using EdgePerception.Sensors.Frames;
using EdgePerception.Tests.Support;

namespace EdgePerception.Fusion.Tests.Vision;

/// <summary>Real images, as they are and made worse.</summary>
public sealed class ImageQualityMeterTests : IDisposable
{
    private readonly PackagedImages _images = new();
    private readonly FramePool _pool = new(1);

    public static TheoryData<string> Photos =>
    [
        "python3-skimage/astronaut.png", "python3-skimage/coffee.png", "python3-skimage/chelsea.png",
        "python3-skimage/rocket.jpg",
        "python3-skimage/motorcycle_left.png", "python3-skimage/camera.png", "opencv-doc/fruits.jpg",
        "opencv-doc/basketball1.png",
        "opencv-doc/home.jpg", "opencv-doc/building.jpg", "opencv-doc/butterfly.jpg",
    ];

    public void Dispose()
    {
        _images.Dispose();
        _pool.Dispose();
    }

    [Theory]
    [MemberData(nameof(Photos))]
    public void A_photograph_is_good_as_it_is_and_worse_with_every_step_of_blur(string photo)
    {
        using var frame = _images.Load(photo);
        var pixels = frame.Pixels.ToArray();
        var last = ImageQualityMeter.Measure(frame).Value;
        Assert.InRange(last, 0.8f, 1);
        foreach (var sigma in (float[])[1, 2, 3, 6])
        {
            Blur(pixels, frame, sigma * frame.Width / 768);
            var quality = ImageQualityMeter.Measure(frame);
            Assert.True(quality.Value <= last, $"sigma {sigma}: {quality} after {last}");
            if (sigma == 6)
                Assert.True(quality is { Value: < 0.4f, Fault: ImageFault.Blurred or ImageFault.Flat },
                    $"sigma {sigma}: {quality}");
            last = quality.Value;
        }
    }

    [Theory]
    [MemberData(nameof(Photos))]
    public void A_photograph_is_worse_with_every_step_into_the_dark(string photo)
    {
        using var frame = _images.Load(photo);
        var pixels = frame.Pixels.ToArray();
        var brightness = pixels.Average(value => value);
        var last = 1f;
        foreach (var light in (double[])[1, 0.7, 0.5, 0.35, 0.25, 0.18, 0.12, 9.9 / brightness, 0.04, 0])
        {
            for (var i = 0; i < pixels.Length; i++) frame.Pixels[i] = (byte)(pixels[i] * light);
            var quality = ImageQualityMeter.Measure(frame);
            Assert.True(quality.Value <= last, $"light {light}: {quality} after {last}");
            if (brightness * light < 10) Assert.InRange(quality.Value, 0, 0.2f);
            last = quality.Value;
        }

        Assert.Equal(0, last);
    }

    [Theory]
    [MemberData(nameof(Photos))]
    public void Noise_neither_spoils_a_sharp_picture_nor_hides_that_one_is_blurred(string photo)
    {
        using var frame = _images.Load(photo);
        var pixels = frame.Pixels.ToArray();
        AddNoise(frame, 5);
        Assert.InRange(ImageQualityMeter.Measure(frame).Value, 0.8f, 1);
        Blur(pixels, frame, 6f * frame.Width / 768);
        AddNoise(frame, 5);
        Assert.InRange(ImageQualityMeter.Measure(frame).Value, 0, 0.4f);
    }

    [Fact]
    public void Every_picture_of_the_street_is_good()
    {
        foreach (var (number, frame) in _images.LoadClip(Enumerable.Range(0, 40).Select(i => 20 * i).ToHashSet()))
        {
            var quality = ImageQualityMeter.Measure(frame);
            Assert.True(quality.Value >= 0.8f, $"frame {number}: {quality}");
        }
    }

    [Theory]
    [InlineData(0, 0, ImageFault.Dark)]
    [InlineData(90, 0, ImageFault.Flat)]
    [InlineData(90, 3, ImageFault.Flat)]
    [InlineData(255, 0, ImageFault.Clipped)]
    public void A_covered_lens_shows_nothing(byte level, double noise, ImageFault fault)
    {
        using var frame = Plain(768, 576, level);
        AddNoise(frame, noise);
        var quality = ImageQualityMeter.Measure(frame);
        Assert.InRange(quality.Value, 0, 0.1f);
        Assert.Equal(fault, quality.Fault);
    }

    [Theory]
    [InlineData(ImageFault.None, 1, 1, 1, 1)]
    [InlineData(ImageFault.Dark, 0.5f, 0.4f, 0, 0.2f)]
    [InlineData(ImageFault.Dark, 0.7f, 0.9f, 0.8f, 0.7f)]
    [InlineData(ImageFault.Clipped, 0.6f, 0.4f, 0.9f, 1)]
    [InlineData(ImageFault.Flat, 1, 1, 0.9f, 1)]
    [InlineData(ImageFault.Blurred, 1, 1, 0.3f, 0.2f)]
    public void What_ails_it_most_is_named(
        ImageFault fault, float light, float exposure, float contrast, float sharpness)
    {
        var quality = new ImageQuality(light, exposure, contrast, sharpness);
        Assert.Equal(fault, quality.Fault);
        Assert.Equal(light * exposure * contrast * sharpness, quality.Value, 5);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 500)]
    [InlineData(5, 5)]
    [InlineData(3000, 5)]
    public void A_picture_of_any_size_gets_a_measure(int width, int height)
    {
        using var frame = Plain(width, height, 100);
        AddNoise(frame, 60);
        Assert.InRange(ImageQualityMeter.Measure(frame).Value, 0, 1);
    }

    [Fact]
    public void It_allocates_nothing()
    {
        using var frame = Plain(640, 480, 100);
        Assert.Equal(0, Allocations.Least(() => ImageQualityMeter.Measure(frame)));
    }

    private Frame Plain(int width, int height, byte level)
    {
        Assert.True(_pool.TryRent(width, height, out var frame));
        frame.Pixels.Fill(level);
        return frame;
    }

    private static void AddNoise(Frame frame, double deviation)
    {
        var random = new Random(7);
        foreach (ref var value in frame.Pixels)
        {
            var normal =
                Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            value = (byte)Math.Clamp(Math.Round(value + deviation * normal), 0, 255);
        }
    }

    /// <summary>
    /// Writes an image, blurred by a Gaussian of that many pixels, into the frame; the border is repeated.
    /// </summary>
    private static void Blur(byte[] pixels, Frame frame, float sigma)
    {
        var reach = (int)MathF.Ceiling(3 * sigma);
        var weights =
            Enumerable.Range(-reach, 2 * reach + 1).Select(i => MathF.Exp(-i * i / (2 * sigma * sigma))).ToArray();
        var sum = weights.Sum();
        var (width, height) = (frame.Width, frame.Height);
        var across = new float[pixels.Length];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                for (var i = -reach; i <= reach; i++)
                {
                    var from = 3 * (y * width + Math.Clamp(x + i, 0, width - 1));
                    var to = 3 * (y * width + x);
                    for (var c = 0; c < 3; c++) across[to + c] += weights[i + reach] / sum * pixels[from + c];
                }

        var target = frame.Pixels;
        for (var y = 0; y < height; y++)
            for (var at = 0; at < 3 * width; at++)
            {
                var value = 0f;
                for (var i = -reach; i <= reach; i++)
                    value += weights[i + reach] / sum * across[Math.Clamp(y + i, 0, height - 1) * 3 * width + at];
                target[y * 3 * width + at] = (byte)(value + 0.5f);
            }
    }
}
