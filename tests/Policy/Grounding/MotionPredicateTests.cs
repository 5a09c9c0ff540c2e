using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Language;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Policy.Tests.Grounding;

/// <summary>What a velocity in an image of 640 pixels is called.</summary>
public sealed class MotionPredicateTests
{
    public static TheoryData<Motion> Motions => [.. Enum.GetValues<Motion>()];

    [Theory]
    [MemberData(nameof(Motions))]
    public void A_velocity_that_is_not_measured_tells_nothing(Motion motion) =>
        Assert.Null(MotionPredicate.Probability(Cup(""), new MotionModifier("", motion, false)));

    [Theory]
    [InlineData("vx=100", Motion.Moving, Motion.Right)]
    [InlineData("vx=-100", Motion.Moving, Motion.Left)]
    [InlineData("vy=100", Motion.Moving, Motion.Approaching)]
    [InlineData("vy=-100", Motion.Moving, Motion.Receding)]
    [InlineData("vx=60 vy=60", Motion.Moving, Motion.Right, Motion.Approaching)]
    [InlineData("vx=-60 vy=-60", Motion.Moving, Motion.Left, Motion.Receding)]
    [InlineData("vx=0", Motion.Still)]
    [InlineData("vx=1 vy=-1", Motion.Still)]
    public void A_direction_holds_and_no_other_does(string velocity, params Motion[] holding)
    {
        foreach (var motion in Enum.GetValues<Motion>())
        {
            var probability = Of(Cup(velocity), motion);
            if (holding.Contains(motion)) Assert.InRange(probability, 0.95, 1);
            else Assert.InRange(probability, 0, 0.15);
        }
    }

    [Fact]
    public void The_slowest_that_moves_is_as_likely_still()
    {
        var item = Cup("vx=7.68");
        Assert.Equal(0.5, Of(item, Motion.Moving), 1e-4);
        Assert.Equal(0.5, Of(item, Motion.Right), 1e-4);
        Assert.Equal(0.5, Of(Cup("vy=3.84"), Motion.Approaching), 1e-4);
    }

    [Property(Replay = "17,31")]
    public Property Moving_and_still_are_all_there_is_and_a_denial_is_the_rest() => Prop.ForAll(
        Gen.Choose(-300, 300).ToArbitrary(), Gen.Choose(-300, 300).ToArbitrary(), (x, y) =>
        {
            var item = Cup($"vx={x} vy={y}");
            return Math.Abs(Of(item, Motion.Moving) + Of(item, Motion.Still) - 1) < 1e-9
                && Enum.GetValues<Motion>().All(motion =>
                    Of(item, motion) is >= 0 and <= 1
                    && Math.Abs(Of(item, motion)
                        + MotionPredicate.Probability(item, new MotionModifier("", motion, true))!.Value - 1) < 1e-9);
        });

    [Property(Replay = "17,31")]
    public Property What_goes_left_in_a_mirror_goes_right() => Prop.ForAll(
        Gen.Choose(-300, 300).ToArbitrary(),
        x => Math.Abs(Of(Cup($"vx={x}"), Motion.Left) - Of(Cup($"vx={-x}"), Motion.Right)) < 1e-9);

    [Theory]
    [InlineData("", "the velocity of cup a is not measured, so this was not checked")]
    [InlineData("vx=-200", "cup a moves 200 px a second, to the left")]
    [InlineData("vx=30 vy=40", "cup a moves 50 px a second, to the right")]
    [InlineData("vx=7 vy=-24", "cup a moves 25 px a second")]
    [InlineData("vx=0", "cup a moves 0 px a second")]
    public void The_speed_is_told_and_a_side_where_it_has_one(string velocity, string expected) =>
        Assert.Equal(expected, MotionPredicate.Evidence(Cup(velocity)));

    private static double Of(ViewedObject item, Motion motion) =>
        MotionPredicate.Probability(item, new MotionModifier("", motion, false))!.Value;

    private static ViewedObject Cup(string velocity) =>
        new SceneView(TestScene.Of($"a cup 10 10 20 20 {velocity}"), GroundingThresholds.Default).Objects[0];
}
