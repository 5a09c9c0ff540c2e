using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Tests.Vision.References;
using EdgePerception.Fusion.Vision.Text;
using EdgePerception.Tests.Support;

namespace EdgePerception.Fusion.Tests.Vision.Text;

public class TextRegionFinderTests
{
    private static readonly ThresholdManifest Thresholds = new() { LowScore = 0.3f, Score = 0.6f };

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Regions_are_those_that_scipy_labels(int index)
    {
        var map = Reference.Read("text_detection").GetProperty("maps")[index];
        var regions = new List<TextRegion>();
        new TextRegionFinder(Thresholds).Find(
            [.. map.Bytes("levels").Select(level => level / 255f)], map.Int("width"), regions);
        var expected =
            map.GetProperty("regions").EnumerateArray()
                .Select(r => r.EnumerateArray().Select(v => v.GetSingle()).ToArray()).ToList();
        Assert.NotEmpty(expected);
        Assert.Equal(expected.Count, regions.Count);
        for (var i = 0; i < regions.Count; i++)
        {
            var (box, score) = regions[i];
            Reference.Near(expected[i], [box.X, box.Y, box.Width, box.Height, score], 1e-3f);
        }
    }

    [Fact]
    public void An_empty_map_has_no_regions_and_a_full_one_has_one()
    {
        var finder = new TextRegionFinder(Thresholds);
        var regions = new List<TextRegion> { new(default, 1) };
        finder.Find(new float[200], 20, regions);
        Assert.Empty(regions);
        var full = new float[200];
        Array.Fill(full, 1);
        finder.Find(full, 20, regions);
        Assert.Equal(new TextRegion(new BoundingBox(-5, -5, 30, 20), 1), Assert.Single(regions));
    }

    [Theory]
    [InlineData(1, 40)]
    [InlineData(40, 1)]
    public void Maps_of_a_single_row_or_column_are_read(int width, int height)
    {
        var map = new float[width * height];
        Array.Fill(map, 1);
        var regions = new List<TextRegion>();
        new TextRegionFinder(Thresholds).Find(map, width, regions);
        Assert.Empty(regions);
    }

    [Fact]
    public void Pixels_that_touch_at_a_corner_are_one_region_and_rows_do_not_wrap_around()
    {
        var map = new float[10 * 12];
        void Fill(int x, int y)
        {
            for (var i = 0; i < 9; i++) map[(y + i / 3) * 10 + x + i % 3] = 0.9f;
        }

        Fill(1, 1);
        Fill(4, 4);
        Fill(7, 8);
        map[11 * 10] = 0.9f;
        var regions = new List<TextRegion>();
        new TextRegionFinder(Thresholds).Find(map, 10, regions);
        Assert.Equal([6f, 3f], regions.Select(r => MathF.Sqrt(r.Box.Width * r.Box.Height) / (1 + 2 * 1.5f / 4)));
    }

    [Fact]
    public void A_chessboard_of_noise_stays_within_a_thousand_regions()
    {
        const int Side = 400;
        var map = new float[Side * Side];
        for (var i = 0; i < map.Length; i++) map[i] = i % Side % 4 < 3 && i / Side % 4 < 3 ? 1 : 0;
        var regions = new List<TextRegion>();
        new TextRegionFinder(Thresholds).Find(map, Side, regions);
        Assert.Equal(1000, regions.Count);
    }

    [Fact]
    public void Lines_come_in_reading_order_though_they_are_a_little_uneven()
    {
        List<TextRegion> regions =
        [
            Region(300, 12, 80, 20), Region(10, 50, 90, 20), Region(10, 14, 90, 20), Region(150, 10, 100, 20),
            Region(120, 47, 40, 20),
        ];
        TextRegionFinder.Order(regions);
        Assert.Equal([10f, 150f, 300f, 10f, 120f], regions.Select(r => r.Box.X));
    }

    [Fact]
    public void Finding_allocates_nothing()
    {
        var map = Reference.Read("text_detection").GetProperty("maps")[0];
        float[] levels = [.. map.Bytes("levels").Select(level => level / 255f)];
        var (finder, regions) = (new TextRegionFinder(Thresholds), new List<TextRegion>());
        void Work()
        {
            finder.Find(levels, 80, regions);
            TextRegionFinder.Order(regions);
        }

        Work();
        Assert.Equal(0, Allocations.Least(Work));
    }

    private static TextRegion Region(float x, float y, float width, float height) =>
        new(new BoundingBox(x, y, width, height), 1);
}
