using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Language;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Policy.Tests.Grounding;

/// <summary>Superlatives and ordinals over three cups in a row, whose sizes rise from left to right.</summary>
public sealed class SelectionTests
{
    private static readonly SceneView Row = new(
        TestScene.Of("a cup 50 200 30 30; b cup 300 200 45 45; c cup 550 200 70 70"), GroundingThresholds.Default);

    public static TheoryData<Scale> Scales => [.. Enum.GetValues<Scale>()];

    [Theory]
    [InlineData(Scale.Left, 0, 0)]
    [InlineData(Scale.Left, 1, 1)]
    [InlineData(Scale.Left, 2, 2)]
    [InlineData(Scale.Left, -1, 2)]
    [InlineData(Scale.Left, -2, 1)]
    [InlineData(Scale.Left, -3, 0)]
    [InlineData(Scale.Large, 0, 2)]
    [InlineData(Scale.Large, 1, 1)]
    [InlineData(Scale.Middle, 0, 1)]
    [InlineData(Scale.Medium, 0, 1)]
    public void A_rank_picks_one_of_a_row(Scale scale, int rank, int expected)
    {
        var (none, at) = Selection.Apply(Row, By(scale, rank), [1, 1, 1], 1);
        Assert.Equal(0, none, 1e-9);
        Assert.InRange(at[expected], 0.9, 1);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-4)]
    [InlineData(40)]
    public void There_is_no_fourth_of_three(int rank)
    {
        var (none, at) = Selection.Apply(Row, By(Scale.Left, rank), [1, 1, 1], 1);
        Assert.Equal(1, none, 1e-9);
        Assert.All(at, probability => Assert.Equal(0, probability, 1e-9));
    }

    [Fact]
    public void Two_are_picked_from_an_end_and_three_are_all()
    {
        var two = Selection.Apply(Row, By(Scale.Right, 0), [1, 1, 1], 2).At;
        Assert.InRange(two[2], 0.9, 1);
        Assert.InRange(two[1], 0.9, 1);
        Assert.InRange(two[0], 0, 0.1);
        Assert.All(Selection.Apply(Row, By(Scale.Right, 0), [1, 1, 1], 3).At, p => Assert.InRange(p, 0.9, 1));
    }

    [Fact]
    public void What_does_not_belong_is_not_counted()
    {
        var at = Selection.Apply(Row, By(Scale.Left, 0), [0, 1, 1], 1).At;
        Assert.Equal(0, at[0]);
        Assert.InRange(at[1], 0.9, 1);
    }

    [Fact]
    public void A_denied_end_leaves_the_others()
    {
        var (none, at) = Selection.Apply(Row, By(Scale.Left, 0) with { Negated = true }, [1, 0.5, 1], 1);
        Assert.Equal(0, none);
        Assert.InRange(at[0], 0, 0.05);
        Assert.InRange(at[1], 0.45, 0.5);
        Assert.InRange(at[2], 0.95, 1);
    }

    [Theory]
    [InlineData(Scale.Left, 0, true)]
    [InlineData(Scale.Left, 2, false)]
    [InlineData(Scale.Right, 2, true)]
    [InlineData(Scale.Right, 0, false)]
    [InlineData(Scale.Middle, 1, true)]
    [InlineData(Scale.Middle, 0, false)]
    [InlineData(Scale.Top, 0, true)]
    public void Alone_in_its_set_an_object_is_on_a_side_only_if_it_stands_there(Scale scale, int only, bool isThere)
    {
        var fits = new double[3];
        fits[only] = 1;
        var side = Selection.Apply(Row, By(scale, 0) with { IsRegion = true }, fits, 1).At[only];
        Assert.InRange(side, isThere ? 0.9 : 0.0499, isThere ? 1 : 0.0501);
        Assert.Equal(1, Selection.Apply(Row, By(scale, 0), fits, 1).At[only], 1e-9);
    }

    [Property(Replay = "17,31")]
    public Property All_outcomes_of_a_pick_add_up_to_one() => Prop.ForAll(
        Gen.ArrayOf(Gen.Choose(1, 100).Select(percent => percent / 100.0), 3).ToArbitrary(),
        Gen.Elements(Enum.GetValues<Scale>()).ToArbitrary(), Gen.Choose(-3, 2).ToArbitrary(), (fits, scale, rank) =>
        {
            var (none, at) = Selection.Apply(Row, By(scale, rank), fits, 1);
            return Math.Abs(none + at.Sum() - 1) < 1e-9 && at.Append(none).All(p => p is >= -1e-12 and <= 1 + 1e-12);
        });

    [Theory]
    [InlineData(Scale.Left, Scale.Right)]
    [InlineData(Scale.Top, Scale.Bottom)]
    [InlineData(Scale.Near, Scale.Far)]
    [InlineData(Scale.Large, Scale.Small)]
    [InlineData(Scale.Tall, Scale.Short)]
    [InlineData(Scale.Wide, Scale.Narrow)]
    [InlineData(Scale.Fast, Scale.Slow)]
    [InlineData(Scale.Bright, Scale.Dark)]
    public void Opposite_ends_contradict_each_other_unless_one_is_denied_or_no_end(Scale one, Scale other)
    {
        Assert.True(Selection.Contradicts(By(one, 0), By(other, 0)));
        Assert.True(Selection.Contradicts(By(other, 0), By(one, 0)));
        Assert.False(Selection.Contradicts(By(one, 1), By(other, 0)));
        Assert.False(Selection.Contradicts(By(one, 0), By(other, 1)));
        Assert.False(Selection.Contradicts(By(one, 0) with { Negated = true }, By(other, 0)));
        Assert.False(Selection.Contradicts(By(one, 0), By(other, 0) with { Negated = true }));
    }

    [Theory]
    [MemberData(nameof(Scales))]
    public void A_scale_contradicts_at_most_one_and_never_itself(Scale scale)
    {
        Assert.False(Selection.Contradicts(By(scale, 0), By(scale, 0)));
        var against = Enum.GetValues<Scale>().Count(other => Selection.Contradicts(By(scale, 0), By(other, 0)));
        Assert.Equal(scale is Scale.Middle or Scale.Medium ? 0 : 1, against);
    }

    [Fact]
    public void Two_picks_have_in_common_what_is_in_both()
    {
        var (none, at) = Selection.Both([0.5, 0.5, 0], [0.5, 0, 1]);
        Assert.Equal([0.25, 0, 0], at);
        Assert.Equal(0.75, none);
        // Sets of several add up to more than one, which is no less than nothing.
        Assert.Equal(0, Selection.Both([1, 1], [1, 1]).None);
    }

    private static SelectionModifier By(Scale scale, int rank) => new("", scale, rank, Negated: false, IsRegion: false);
}
