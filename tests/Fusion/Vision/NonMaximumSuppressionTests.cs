using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Vision;
using EdgePerception.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Fusion.Tests.Vision;

public class NonMaximumSuppressionTests
{
    // Few labels, places and scores, so that doubles and equal scores come often.
    private static readonly Arbitrary<List<Detection>> Lists = (
        from label in Gen.Elements("cup", "person")
        from score in Gen.Choose(0, 10)
        from x in Gen.Choose(0, 20)
        from y in Gen.Choose(0, 20)
        from width in Gen.Choose(0, 15)
        from height in Gen.Choose(0, 15)
        select new Detection(label, score / 10f, new BoundingBox(x, y, width, height))).ListOf().Select(l => l.ToList())
        .ToArbitrary();

    private static readonly Arbitrary<float> Overlaps = Gen.Choose(0, 10).Select(tenth => tenth / 10f).ToArbitrary();

    [Fact]
    public void The_lesser_of_two_that_overlap_goes_unless_their_labels_differ()
    {
        var kept =
            Apply(0.4f, D("cup", 0.5f, 0, 0, 10, 10), D("cup", 0.9f, 1, 0, 10, 10), D("person", 0.3f, 0, 0, 10, 10));
        Assert.Equal([D("cup", 0.9f, 1, 0, 10, 10), D("person", 0.3f, 0, 0, 10, 10)], kept);
    }

    [Fact]
    public void Across_labels_the_lesser_goes_by_a_threshold_of_its_own_and_is_what_the_better_may_be_too()
    {
        List<Detection> list =
        [
            D("dog", 0.4f, 0, 0, 10, 10), D("bear", 0.5f, 0, 0, 10, 11), D("cat", 0.3f, 0, 0, 10, 14),
            D("dog", 0.2f, 40, 0, 10, 10),
        ];
        NonMaximumSuppression.Apply(list, 0.4f, 0.8f);
        Assert.Equal(
            [
                D("bear", 0.5f, 0, 0, 10, 11) with { Near = new(new("dog", 0.4f), default, default) },
                D("cat", 0.3f, 0, 0, 10, 14), D("dog", 0.2f, 40, 0, 10, 10),
            ],
            list);
    }

    [Fact]
    public void An_overlap_of_just_the_threshold_stays()
    {
        // Half of each covered: 5 of 15.
        Detection[] pair = [D("cup", 0.9f, 0, 0, 10, 1), D("cup", 0.8f, 5, 0, 10, 1)];
        Assert.Equal(2, Apply(5f / 15, pair).Count);
        Assert.Single(Apply(0.33f, pair));
    }

    [Fact]
    public void One_that_was_removed_removes_no_other()
    {
        // A chain: the second overlaps both its neighbours, which do not touch each other.
        var kept =
            Apply(0.2f, D("cup", 0.9f, 0, 0, 10, 10), D("cup", 0.8f, 6, 0, 10, 10), D("cup", 0.7f, 12, 0, 10, 10));
        Assert.Equal([0.9f, 0.7f], kept.Select(d => d.Score));
    }

    [Fact]
    public void Equal_scores_keep_their_order() =>
        Assert.Equal(
            [0f, 20, 40], Apply(0.4f, D("a", 0.5f, 0, 0, 1, 1), D("a", 0.5f, 20, 0, 1, 1), D("a", 0.5f, 40, 0, 1, 1))
                .Select(d => d.Box.X));

    [Theory]
    [InlineData(500)]
    [InlineData(1500)]
    public void Any_number_is_sorted_stably_and_without_allocation(int count)
    {
        var random = new Random(count);
        // Boxes that do not touch; scores on a coarse grid, below zero and both zeros included.
        Detection[] unsorted = [
            .. Enumerable.Range(0, count)
                .Select(i =>
                    D("a", MathF.Round(random.NextSingle() * 20 - 5) / 10 * (i % 2 == 0 ? 1 : -1), 20 * i, 0, 10, 10))];
        List<Detection> list = new(count);
        Assert.Equal(0, Allocations.Least(() =>
        {
            list.Clear();
            list.AddRange(unsorted);
            NonMaximumSuppression.Apply(list, 0.4f);
        }));
        Assert.Equal(unsorted.OrderByDescending(d => d.Score), list);
    }

    [Fact]
    public void Nothing_in_nothing_out() => Assert.Empty(Apply(0.4f));

    [Property(MaxTest = 1000, Replay = "17,31")]
    public Property What_is_left_is_sorted_and_free_of_doubles() => Prop.ForAll(Lists, Overlaps, (list, overlap) =>
    {
        var kept = Apply(overlap, [.. list]);
        for (var i = 0; i < kept.Count; i++)
        {
            if (i > 0) Assert.True(kept[i - 1].Score >= kept[i].Score);
            for (var j = 0; j < i; j++)
                Assert.True(kept[i].Label != kept[j].Label
                    || kept[i].Box.IntersectionOverUnion(kept[j].Box) <= overlap);
        }
    });

    [Property(MaxTest = 1000, Replay = "17,31")]
    public Property What_is_gone_had_a_better_double_that_is_left() => Prop.ForAll(Lists, Overlaps, (list, overlap) =>
    {
        var kept = Apply(overlap, [.. list]);
        var gone = list.ToList();
        foreach (var detection in kept) Assert.True(gone.Remove(detection));
        Assert.All(
            gone, lost => Assert.Contains(kept, better => better.Label == lost.Label && better.Score >= lost.Score
            && better.Box.IntersectionOverUnion(lost.Box) > overlap));
    });

    [Property(MaxTest = 500, Replay = "17,31")]
    public Property Applying_it_again_changes_nothing() => Prop.ForAll(Lists, Overlaps, (list, overlap) =>
    {
        var once = Apply(overlap, [.. list]);
        Assert.Equal(once, Apply(overlap, [.. once]));
    });

    private static Detection D(string label, float score, float x, float y, float width, float height) =>
        new(label, score, new BoundingBox(x, y, width, height));

    private static List<Detection> Apply(float overlap, params Detection[] detections)
    {
        List<Detection> list = [.. detections];
        NonMaximumSuppression.Apply(list, overlap);
        return list;
    }
}
