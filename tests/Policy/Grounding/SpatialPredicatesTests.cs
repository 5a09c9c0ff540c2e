using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Language;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Policy.Tests.Grounding;

/// <summary>How two boxes lie to each other, and what is said of it.</summary>
public sealed class SpatialPredicatesTests
{
    private static readonly (SpatialRelation One, SpatialRelation Other)[] Opposites =
    [
        (SpatialRelation.LeftOf, SpatialRelation.RightOf), (SpatialRelation.Above, SpatialRelation.Below),
        (SpatialRelation.Behind, SpatialRelation.InFrontOf), (SpatialRelation.LargerThan, SpatialRelation.SmallerThan),
        (SpatialRelation.TallerThan, SpatialRelation.ShorterThan),
    ];

    public static TheoryData<SpatialRelation> Relations => [.. Enum.GetValues<SpatialRelation>()];

    [Theory]
    [InlineData("10 100 40 50", "200 100 40 50", SpatialRelation.LeftOf, true)]
    [InlineData("200 100 40 50", "10 100 40 50", SpatialRelation.LeftOf, false)]
    [InlineData("200 10 40 50", "200 200 40 50", SpatialRelation.Above, true)]
    [InlineData("200 200 40 50", "200 10 40 50", SpatialRelation.Under, true)]
    [InlineData("500 200 40 50", "20 10 40 50", SpatialRelation.Under, false)]
    [InlineData("200 150 40 52", "150 200 200 100", SpatialRelation.On, true)]
    [InlineData("200 20 40 50", "150 200 200 100", SpatialRelation.On, false)]
    [InlineData("420 150 40 52", "150 200 200 100", SpatialRelation.On, false)]
    [InlineData("200 220 40 40", "150 200 200 100", SpatialRelation.In, true)]
    [InlineData("150 200 200 100", "200 220 40 40", SpatialRelation.In, false)]
    [InlineData("200 100 40 50", "245 100 40 50", SpatialRelation.NextTo, true)]
    [InlineData("10 100 40 50", "500 100 40 50", SpatialRelation.NextTo, false)]
    [InlineData("200 100 40 50", "300 200 40 50", SpatialRelation.Behind, true)]
    [InlineData("200 300 40 50", "300 200 40 50", SpatialRelation.InFrontOf, true)]
    [InlineData("200 100 80 90", "300 100 40 50", SpatialRelation.LargerThan, true)]
    [InlineData("200 100 20 90", "300 100 90 50", SpatialRelation.TallerThan, true)]
    public void A_relation_holds_or_not(string item, string anchor, SpatialRelation relation, bool holds)
    {
        var (a, b) = Pair(item, anchor);
        var probability = SpatialPredicates.Probability(a, b, relation)!.Value;
        Assert.True(holds ? probability > 0.85 : probability < 0.35, $"{probability}");
    }

    [Theory]
    [MemberData(nameof(Relations))]
    public void Nothing_has_a_relation_to_itself_and_none_is_known_without_a_box(SpatialRelation relation)
    {
        var (a, b) = Pair("10 100 40 50", "200 100 40 50");
        Assert.Equal(0, SpatialPredicates.Probability(a, a, relation));
        var blind = new SceneView(TestScene.Of("a cup nan 0 1 1; b cup 200 100 40 50"), GroundingThresholds.Default);
        Assert.Null(SpatialPredicates.Probability(blind.Objects[0], blind.Objects[1], relation));
        Assert.Null(SpatialPredicates.Distance(blind.Objects[0], b));
    }

    [Property(MaxTest = 300)]
    public Property Opposites_add_up_to_one_and_everything_is_a_probability() =>
        Prop.ForAll(Boxes(), Boxes(), (first, second) =>
        {
            var (a, b) = Pair(first, second);
            var isSound = Enum.GetValues<SpatialRelation>()
                .All(relation => SpatialPredicates.Probability(a, b, relation) is >= 0 and <= 1);
            return isSound && Opposites.All(pair => Math.Abs(
                SpatialPredicates.Probability(a, b, pair.One)!.Value
                + SpatialPredicates.Probability(a, b, pair.Other)!.Value - 1) < 1e-6);
        });

    [Property(MaxTest = 300)]
    public Property What_one_is_left_of_is_right_of_it() => Prop.ForAll(Boxes(), Boxes(), (first, second) =>
    {
        var (a, b) = Pair(first, second);
        return Opposites.All(pair => Math.Abs(
            SpatialPredicates.Probability(a, b, pair.One)!.Value
            - SpatialPredicates.Probability(b, a, pair.Other)!.Value) < 1e-6)
            && SpatialPredicates.Distance(a, b) == SpatialPredicates.Distance(b, a);
    });

    [Theory]
    [InlineData("200 100 40 50", 0.9, 1)]
    [InlineData("102 100 40 50", 0, 0.2)]
    [InlineData("500 100 40 50", 0, 0.1)]
    [InlineData("200 420 40 50", 0, 0.2)]
    public void Between_is_on_the_way_from_one_to_the_other(string middle, double least, double most)
    {
        var view = new SceneView(
            TestScene.Of($"m cup {middle}; a cup 100 100 40 50; b cup 300 100 40 50"), GroundingThresholds.Default);
        var (m, a, b) = (Named("m"), Named("a"), Named("b"));
        Assert.InRange(SpatialPredicates.Between(m, a, b)!.Value, least, most);
        Assert.Equal(SpatialPredicates.Between(m, a, b)!.Value, SpatialPredicates.Between(m, b, a)!.Value, 1e-6);
        Assert.Equal(0, SpatialPredicates.Between(a, a, b));
        Assert.Equal(0, SpatialPredicates.Between(m, a, a));

        ViewedObject Named(string id) => view.Objects.Single(item => item.Source.Id == id);
    }

    [Theory]
    [InlineData(SpatialRelation.LeftOf, "centre 190 px left of cup b's")]
    [InlineData(SpatialRelation.Above, "centre 20 px above cup b's")]
    [InlineData(SpatialRelation.Behind, "lower edge 20 px above cup b's, so it stands farther off")]
    [InlineData(SpatialRelation.LargerThan, "area 1.00 of cup b's")]
    [InlineData(SpatialRelation.TallerThan, "height 1.00 of cup b's")]
    [InlineData(SpatialRelation.In, "0.00 of cup a lies within cup b's box, lower edge 30 px below its top")]
    [InlineData(SpatialRelation.NextTo, "centres 191 px apart, 150 px between the edges of cup a and cup b")]
    public void What_was_measured_is_said_in_pixels_and_shares(SpatialRelation relation, string expected)
    {
        var (a, b) = Pair("10 100 40 50", "200 120 40 50");
        Assert.Equal(expected, SpatialPredicates.Evidence(a, b, relation));
    }

    private static Arbitrary<string> Boxes() => (
        from x in Gen.Choose(0, 600)
        from y in Gen.Choose(0, 440)
        from width in Gen.Choose(1, 300)
        from height in Gen.Choose(1, 300)
        select $"{x} {y} {width} {height}").ToArbitrary();

    private static (ViewedObject, ViewedObject) Pair(string item, string anchor)
    {
        var view = new SceneView(TestScene.Of($"a cup {item}; b cup {anchor}"), GroundingThresholds.Default);
        return (view.Objects[0], view.Objects[1]);
    }
}
