using EdgePerception.Fusion.Geometry;
using FsCheck.Xunit;

namespace EdgePerception.Fusion.Tests.Geometry;

public class BoundingBoxTests
{
    [Fact]
    public void Edges_centre_and_area_follow_from_corner_and_size()
    {
        var box = new BoundingBox(10, 20, 30, 40);
        Assert.Equal((40f, 60f, 25f, 40f, 1200f), (box.Right, box.Bottom, box.CenterX, box.CenterY, box.Area));
    }

    [Theory]
    [InlineData(0, 0, 10, 10, 1)]
    [InlineData(5, 0, 10, 10, 1f / 3)]
    [InlineData(10, 0, 10, 10, 0)]
    [InlineData(50, 50, 10, 10, 0)]
    [InlineData(2, 2, 5, 5, 0.25f)]
    [InlineData(5, 5, 0, 10, 0)]
    public void Intersection_over_union_is_the_share_of_both_that_both_cover(
        float x, float y, float width, float height, float share) =>
        Assert.Equal(
            share, new BoundingBox(0, 0, 10, 10).IntersectionOverUnion(new BoundingBox(x, y, width, height)), 5);

    [Fact]
    public void Two_empty_boxes_share_nothing() => Assert.Equal(0, default(BoundingBox).IntersectionOverUnion(default));

    [Property(MaxTest = 1000, Replay = "17,31")]
    public void Intersection_over_union_is_symmetric_and_a_share(
        byte x, byte y, byte w, byte h, byte x2, byte y2, byte w2, byte h2)
    {
        var (a, b) = (new BoundingBox(x, y, w, h), new BoundingBox(x2, y2, w2, h2));
        Assert.Equal(a.IntersectionOverUnion(b), b.IntersectionOverUnion(a));
        Assert.InRange(a.IntersectionOverUnion(b), 0, 1);
        Assert.True(a.Intersection(b) <= Math.Min(a.Area, b.Area));
    }
}
