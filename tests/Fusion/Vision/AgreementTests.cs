using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Vision;
using EdgePerception.Tests.Support;

namespace EdgePerception.Fusion.Tests.Vision;

public sealed class AgreementTests
{
    private static readonly BoundingBox Here = new(100, 100, 40, 80);
    private static readonly BoundingBox There = new(400, 100, 40, 80);

    [Fact]
    public void What_both_see_is_surer_than_either_and_lies_between_their_boxes()
    {
        List<Detection> first = [new("person", 0.6f, Here)];
        Agreement.Join(first, [new("person", 0.4f, Here with { X = 110 })]);
        var one = Assert.Single(first);
        Assert.Equal(("person", 1 - 0.4f * 0.6f), (one.Label, one.Score));
        Assert.Equal(104, one.Box.X, 0.01f);
        Assert.Equal(0, one.Near.Count);
    }

    [Fact]
    public void What_one_sees_alone_counts_less_and_stays()
    {
        List<Detection> first = [new("person", 0.3f, Here)];
        Agreement.Join(first, [new("car", 0.9f, There)]);
        Assert.Equal([("car", 0.9f * Agreement.Alone), ("person", 0.3f * Agreement.Alone)],
            first.Select(one => (one.Label, one.Score)));
    }

    [Fact]
    public void Where_they_differ_about_what_it_is_the_surer_names_it_and_the_other_is_near()
    {
        List<Detection> first = [new("bear", 0.5f, Here) { Row = 7, Near = new(new("cow", 0.2f), default, default) }];
        Agreement.Join(first, [new("dog", 0.6f, Here) { Near = new(new("cow", 0.3f), default, default) }]);
        var one = Assert.Single(first);
        Assert.Equal(("dog", 0.6f, 7), (one.Label, one.Score, one.Row));
        Assert.Equal(new NearLabels(new("bear", 0.5f), new("cow", 0.3f), default), one.Near);
    }

    [Fact]
    public void One_of_the_same_label_is_the_partner_though_another_overlaps_more()
    {
        List<Detection> first = [new("person", 0.5f, Here)];
        Agreement.Join(
            first, [new("bicycle", 0.9f, Here), new("person", 0.5f, Here with { Height = 60 })]);
        Assert.Equal([("person", 0.75f), ("bicycle", 0.9f * Agreement.Alone)],
            first.OrderByDescending(one => one.Score).Select(one => (one.Label, one.Score)));
    }

    [Fact]
    public void Each_box_has_one_partner_and_nothing_is_allocated()
    {
        var first = new List<Detection>(16);
        var second = new List<Detection>(16);
        Assert.Equal(0, Allocations.Least(() =>
        {
            first.Clear();
            second.Clear();
            first.Add(new("person", 0.6f, Here));
            first.Add(new("person", 0.5f, Here with { X = 104 }));
            second.Add(new("person", 0.4f, Here));
            Agreement.Join(first, second);
        }));
        Assert.Equal(2, first.Count);
        Assert.Empty(second);
    }
}
