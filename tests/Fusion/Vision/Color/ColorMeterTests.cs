using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Vision.Color;
using EdgePerception.Sensors.Frames;
using EdgePerception.Tests.Support;
using FsCheck.Xunit;

namespace EdgePerception.Fusion.Tests.Vision.Color;

public sealed class ColorMeterTests : IDisposable
{
    private static readonly (byte, byte, byte) Grass = (60, 120, 40);
    private static readonly (byte, byte, byte) Red = (200, 20, 30);
    private static readonly (byte, byte, byte) White = (250, 250, 250);
    private readonly FramePool _pool = new(2);
    private readonly ColorMeter _meter = new();

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void A_box_of_one_colour_is_that_colour()
    {
        using var frame = Paint(100, 80, Grass, (20, 20, 40, 30, Red));

        var shares = _meter.Measure(frame, new BoundingBox(20, 20, 40, 30));

        Assert.InRange(shares[NamedColor.Red], 0.99f, 1);
    }

    [Fact]
    public void Of_an_upright_person_the_garments_are_measured_each_in_its_place()
    {
        // Hair, jacket and trousers, one below the other.
        using var frame = Paint(
            200, 240, Grass, (80, 20, 40, 26, (30, 30, 30)), (80, 46, 40, 74, Red), (80, 120, 40, 80, (40, 60, 200)));

        var colors = _meter.MeasureParts(frame, "person", new BoundingBox(80, 20, 40, 180), 1);

        Assert.Equal(NamedColor.Red, colors.Own.Dominant);
        Assert.Equal(NamedColor.Blue, colors.Lower.Dominant);
        Assert.Equal(NamedColor.Black, colors.Head.Dominant);
    }

    [Theory]
    [InlineData("cup", 40, 180)]
    [InlineData("person", 180, 180)]
    public void What_is_no_person_or_not_upright_has_no_garments(string label, int width, int height)
    {
        using var frame = Paint(200, 240, Grass, (10, 20, width, height, Red));
        var colors = _meter.MeasureParts(frame, label, new BoundingBox(10, 20, width, height), 1);
        Assert.Equal(0, colors.Lower[colors.Lower.Dominant]);
        Assert.Equal(0, colors.Head[colors.Head.Dominant]);
        Assert.Equal(NamedColor.Red, colors.Own.Dominant);
    }

    [Fact]
    public void Who_is_cut_off_at_the_waist_has_no_trousers_in_sight()
    {
        using var frame = Paint(200, 200, Grass, (50, 20, 100, 180, Red));
        var colors = _meter.MeasureParts(frame, "person", new BoundingBox(50, 20, 100, 180), 1);
        Assert.Equal(0, colors.Lower[colors.Lower.Dominant]);
        Assert.True(colors.Head[colors.Head.Dominant] > 0);
    }

    [Fact]
    public void The_background_in_the_box_is_discounted()
    {
        // The object fills a fifth of its box, as a pencil does.
        using var frame = Paint(200, 200, Grass, (92, 50, 16, 100, Red));

        var shares = _meter.Measure(frame, new BoundingBox(60, 50, 80, 100));

        Assert.Equal(NamedColor.Red, shares.Dominant);
        Assert.InRange(shares[NamedColor.Green], 0, 0.1f);
    }

    [Fact]
    public void An_object_of_the_colour_of_its_surroundings_keeps_its_colour()
    {
        using var frame = Paint(100, 100, White);

        Assert.InRange(_meter.Measure(frame, new BoundingBox(30, 30, 40, 40))[NamedColor.White], 0.99f, 1);
    }

    [Fact]
    public void A_box_larger_than_the_picture_measures_the_picture()
    {
        using var frame = Paint(64, 48, Red);

        Assert.InRange(_meter.Measure(frame, new BoundingBox(-500, -500, 2000, 2000))[NamedColor.Red], 0.99f, 1);
    }

    [Fact]
    public void The_part_in_sight_of_a_box_that_leaves_the_picture_counts()
    {
        using var frame = Paint(100, 100, Grass, (80, 40, 20, 30, Red));

        Assert.Equal(NamedColor.Red, _meter.Measure(frame, new BoundingBox(80, 40, 60, 30)).Dominant);
    }

    [Theory]
    [InlineData(float.NaN, 0, 10, 10)]
    [InlineData(0, float.PositiveInfinity, 10, 10)]
    [InlineData(0, 0, float.PositiveInfinity, 10)]
    [InlineData(0, 0, 10, float.NaN)]
    [InlineData(0, 0, 0, 10)]
    [InlineData(10, 10, -5, 5)]
    [InlineData(100, 0, 10, 10)]
    [InlineData(-20, -20, 10, 10)]
    [InlineData(3e38f, 0, 3e38f, 10)]
    public void A_box_without_a_pixel_has_no_colour(float x, float y, float width, float height)
    {
        using var frame = Paint(100, 100, Red);

        var shares = _meter.Measure(frame, new BoundingBox(x, y, width, height));

        Assert.Equal(0, Sum(shares));
    }

    [Fact]
    public void A_person_is_named_after_the_jacket()
    {
        using var frame = Paint(
            120, 240, White,
            (40, 20, 40, 35, (180, 140, 120)), (40, 55, 40, 65, Red), (40, 120, 40, 100, (20, 30, 120)));
        var box = new BoundingBox(40, 20, 40, 200);

        Assert.Equal(NamedColor.Red, _meter.Measure(frame, box, ColorMeter.FocusOf("person")).Dominant);
        Assert.Equal(ColorFocus.Center, ColorMeter.FocusOf("bottle"));
    }

    [Fact]
    public void A_dim_picture_does_not_turn_orange_into_brown()
    {
        using var frame = Paint(100, 100, (150, 150, 150), (30, 30, 40, 40, (150, 78, 10)));
        using var bright = Paint(100, 100, White, (30, 30, 40, 40, (150, 78, 10)));
        var box = new BoundingBox(30, 30, 40, 40);

        Assert.Equal(NamedColor.Orange, _meter.Measure(frame, box).Dominant);
        Assert.Equal(NamedColor.Brown, _meter.Measure(bright, box).Dominant);
    }

    [Property(MaxTest = 100, Replay = "17,31")]
    public bool Shares_are_from_0_to_1_and_sum_to_0_or_1(int seed)
    {
        var random = new Random(seed);
        using var frame = Noise(random, random.Next(1, 80), random.Next(1, 80));
        var box = new BoundingBox(
            random.Next(-50, 100), random.Next(-50, 100), random.NextSingle() * 120, random.NextSingle() * 120);

        var shares = _meter.Measure(frame, box, (ColorFocus)random.Next(2));

        for (var i = 0; i < ColorShares.Count; i++)
        {
            if (!(shares[i] >= 0 && shares[i] <= 1.0001f)) return false;
        }

        var sum = Sum(shares);
        return sum == 0 || MathF.Abs(sum - 1) < 1e-3f;
    }

    [Fact]
    public void The_same_box_gives_the_same_shares_whatever_was_measured_before()
    {
        using var frame = Noise(new Random(1), 90, 70);
        var box = new BoundingBox(10.3f, 5.7f, 50, 40);
        var first = _meter.Measure(frame, box);

        _meter.Measure(frame, new BoundingBox(0, 0, 90, 70), ColorFocus.UpperBody);
        var second = _meter.Measure(frame, box);

        Assert.True(((ReadOnlySpan<float>)first).SequenceEqual(second));
    }

    [Fact]
    public void Measuring_allocates_nothing()
    {
        using var frame = Noise(new Random(2), 640, 480);
        _meter.Measure(frame, new BoundingBox(100, 100, 200, 300));

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 1000; i++) _meter.Measure(frame, new BoundingBox(i % 100, 100, 200, 300));
        }));
    }

    private static float Sum(ColorShares shares)
    {
        var sum = 0f;
        foreach (var share in shares) sum += share;
        return sum;
    }

    private Frame Noise(Random random, int width, int height)
    {
        Assert.True(_pool.TryRent(width, height, out var frame));
        random.NextBytes(frame.Pixels);
        return frame;
    }

    private Frame Paint(
        int width, int height, (byte R, byte G, byte B) background,
        params (int X, int Y, int Width, int Height, (byte R, byte G, byte B) Color)[] parts)
    {
        Assert.True(_pool.TryRent(width, height, out var frame));
        Fill(frame, 0, 0, width, height, background);
        foreach (var part in parts) Fill(frame, part.X, part.Y, part.Width, part.Height, part.Color);
        return frame;
    }

    private static void Fill(Frame frame, int left, int top, int width, int height, (byte R, byte G, byte B) color)
    {
        for (var y = top; y < top + height; y++)
        {
            for (var x = left; x < left + width; x++)
            {
                var pixel = frame.Pixels.Slice(y * frame.Stride + 3 * x, 3);
                (pixel[0], pixel[1], pixel[2]) = color;
            }
        }
    }
}
