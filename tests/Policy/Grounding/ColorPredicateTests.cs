using EdgePerception.Fusion.Vision.Color;
using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Language;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Policy.Tests.Grounding;

/// <summary>When people would call an object by a colour.</summary>
public sealed class ColorPredicateTests
{
    private static readonly ColorTerm Red = new("red", [(NamedColor.Red, 1)]);
    private static readonly ColorTerm White = new("white", [(NamedColor.White, 1)]);
    private static readonly ColorTerm LightBlue = new("light blue", [(NamedColor.Blue, 1), (NamedColor.Cyan, 0.8)]);
    private static readonly ColorTerm DarkBlue = new("dark blue", [(NamedColor.Blue, 1), (NamedColor.Cyan, 0.2)]);

    [Fact]
    public void Colours_that_are_not_measured_tell_nothing()
    {
        var item = Cup("");
        Assert.Null(ColorPredicate.Probability(item, Is(Red)));
        Assert.Equal("the colours of cup a are not measured, so this was not checked",
            ColorPredicate.Evidence(item, Is(Red)));
    }

    [Theory]
    [InlineData("red=0.7 grey=0.3", 0.98, 1)]
    [InlineData("red=0.5 grey=0.5", 0.9, 1)]
    [InlineData("red=0.25 grey=0.75", 0.05, 0.3)]
    [InlineData("red=0.05 grey=0.95", 0, 0.02)]
    [InlineData("green=1", 0, 0.01)]
    public void An_object_is_red_by_the_share_of_red(string shares, double least, double most) =>
        Assert.InRange(ColorPredicate.Probability(Cup(shares), Is(Red))!.Value, least, most);

    [Property(Replay = "17,31")]
    public Property More_of_a_colour_never_makes_it_less_likely() => Prop.ForAll(
        Gen.Choose(1, 99).ToArbitrary(), Gen.Choose(1, 99).ToArbitrary(), (one, other) =>
        {
            var (less, more) = (Math.Min(one, other), Math.Max(one, other));
            var (p, q) = (RedOf(less), RedOf(more));
            return p is >= 0 and <= 1 && q is >= 0 and <= 1 && p <= q + 1e-9;
        });

    [Fact]
    public void A_neighbour_of_a_colour_counts_a_little_and_a_stranger_not_at_all()
    {
        var orange = ColorPredicate.Probability(Cup("orange=0.9 grey=0.1"), Is(Red))!.Value;
        var green = ColorPredicate.Probability(Cup("green=0.9 grey=0.1"), Is(Red))!.Value;
        Assert.InRange(orange, 4 * green, 0.1);
    }

    [Fact]
    public void Of_two_colours_both_must_show_unless_one_is_enough()
    {
        var (mixed, red) = (Cup("red=0.5 white=0.5"), Cup("red=0.9 grey=0.1"));
        var both = Is(Red, White);
        Assert.InRange(ColorPredicate.Probability(mixed, both)!.Value, 0.95, 1);
        Assert.InRange(ColorPredicate.Probability(red, both)!.Value, 0, 0.05);
        Assert.InRange(ColorPredicate.Probability(red, both with { AnyOf = true })!.Value, 0.99, 1);
        Assert.InRange(ColorPredicate.Probability(Cup("green=1"), both with { AnyOf = true })!.Value, 0, 0.02);
    }

    [Theory]
    [InlineData("red=0.9 grey=0.1")]
    [InlineData("red=0.37 grey=0.63")]
    [InlineData("black=1")]
    public void What_is_denied_is_what_is_left_of_one(string shares)
    {
        var fits = ColorPredicate.Probability(Cup(shares), Is(Red))!.Value;
        Assert.Equal(1 - fits, ColorPredicate.Probability(Cup(shares), Is(Red) with { Negated = true })!.Value, 1e-12);
    }

    [Fact]
    public void Clothing_covers_only_a_part_of_its_wearer()
    {
        var item = Cup("red=0.25 grey=0.75");
        Assert.True(ColorPredicate.Probability(item, Is(Red)) < 0.3);
        Assert.True(ColorPredicate.Probability(item, Is(Red) with { Worn = true }) > 0.5);
    }

    [Theory]
    [InlineData("go to the man in the red jacket", "act:b")]
    [InlineData("go to the man in red trousers", "act:a")]
    [InlineData("go to the person with the red hat", "act:c")]
    [InlineData("go to the person in the blue jacket and red trousers", "act:a")]
    [InlineData("go to the person in the red jacket and red trousers", "absent")]
    [InlineData("go to the person in green jeans", "absent")]
    [InlineData("go to the brunette woman", "act:a")]
    [InlineData("go to the dark-haired person in the red jacket", "act:b")]
    [InlineData("follow the blonde woman", "clarify")]
    public void A_garments_colour_is_looked_for_where_it_is_worn(string command, string expected) =>
        Assert.Equal(
            expected,
            TestScene.Of("""
                a person 40 100 60 200 blue=0.9 grey=0.1 lower:red=0.8 lower:black=0.2 head:brown=0.6 head:pink=0.4
                b person 240 100 60 200 red=0.9 grey=0.1 lower:blue=0.9 lower:grey=0.1 head:black=0.6 head:pink=0.4
                c person 440 100 60 200 grey=1 lower:black=1 head:red=0.5 head:pink=0.5
                """).Ground(command).Brief());

    [Fact]
    public void Where_a_garment_was_not_measured_the_persons_own_colours_stand_for_it()
    {
        var view = new SceneView(TestScene.Of("a person 40 100 60 200 red=0.5 grey=0.5"), new()).Objects[0];
        Assert.Equal(
            ColorPredicate.Probability(view, Is(Red) with { Worn = true }),
            ColorPredicate.Probability(view, Is(Red) with { Worn = true, Part = BodyPart.Lower }));
    }

    [Fact]
    public void The_evidence_says_where_it_looked() => Assert.Contains(
        "of person a's pixels below the waist",
        ColorPredicate.Evidence(
            new SceneView(TestScene.Of("a person 40 100 60 200 grey=1 lower:red=0.9"), new()).Objects[0],
            Is(Red) with { Worn = true, Part = BodyPart.Lower }),
        StringComparison.Ordinal);

    [Fact]
    public void A_light_shade_shows_white_and_a_dark_one_black()
    {
        var (pale, navy) = (Cup("blue=0.6 white=0.4"), Cup("blue=0.6 black=0.4"));
        Assert.InRange(ColorPredicate.Probability(pale, Is(LightBlue))!.Value, 0.95, 1);
        Assert.InRange(ColorPredicate.Probability(navy, Is(LightBlue))!.Value, 0.05, 0.12);
        Assert.InRange(ColorPredicate.Probability(navy, Is(DarkBlue))!.Value, 0.95, 1);
        Assert.InRange(ColorPredicate.Probability(pale, Is(DarkBlue))!.Value, 0.05, 0.12);
    }

    [Fact]
    public void Black_trousers_do_not_make_a_light_jacket_dark()
    {
        var item = Cup("blue=0.5 white=0.15 black=0.35");
        Assert.True(ColorPredicate.Probability(item, Is(LightBlue)) < 0.15);
        Assert.True(ColorPredicate.Probability(item, Is(LightBlue) with { Worn = true }) > 0.5);
    }

    [Fact]
    public void The_shares_that_were_asked_for_are_told_once_each_with_the_largest() => Assert.Equal(
        "blue 0.30, cyan 0.10, red 0.00 of cup a's pixels; most of it is grey (0.60)",
        ColorPredicate.Evidence(Cup("blue=0.3 cyan=0.1 grey=0.6"), Is(LightBlue, DarkBlue, Red)));

    private static double RedOf(int percent) => ColorPredicate.Probability(
        Cup(FormattableString.Invariant($"red={percent / 100.0} grey={1 - percent / 100.0}")), Is(Red))!.Value;

    private static ColorModifier Is(params ColorTerm[] colors) => new("", colors, false, false, false);

    private static ViewedObject Cup(string shares) =>
        new SceneView(TestScene.Of($"a cup 10 10 20 20 {shares}"), GroundingThresholds.Default).Objects[0];
}
