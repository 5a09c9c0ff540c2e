using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Tests.Grounding;

public sealed class ScaleOrderTests
{
    private const string Two =
        "a cup 10 100 40 90 white=0.9 vx=200; b cup 500 300 120 60 black=0.9 vx=10";

    public static TheoryData<Scale> Scales => [.. Enum.GetValues<Scale>()];

    [Theory]
    [InlineData(Scale.Left, 0, "centre at x 30 px")]
    [InlineData(Scale.Right, 1, "centre at x 560 px")]
    [InlineData(Scale.Top, 0, "centre at y 145 px")]
    [InlineData(Scale.Bottom, 1, "centre at y 330 px")]
    [InlineData(Scale.Near, 1, "lower edge at y 360 px")]
    [InlineData(Scale.Far, 0, "lower edge at y 190 px")]
    [InlineData(Scale.Large, 1, "120 × 60 px")]
    [InlineData(Scale.Small, 0, "40 × 90 px")]
    [InlineData(Scale.Tall, 0, "90 px high")]
    [InlineData(Scale.Short, 1, "60 px high")]
    [InlineData(Scale.Wide, 1, "120 px wide")]
    [InlineData(Scale.Narrow, 0, "40 px wide")]
    [InlineData(Scale.Fast, 0, "200 px a second")]
    [InlineData(Scale.Slow, 1, "10 px a second")]
    [InlineData(Scale.Bright, 0, "brightness 0.90")]
    [InlineData(Scale.Dark, 1, "brightness 0.00")]
    [InlineData(Scale.Middle, 1, "centre at x 560 px")]
    public void The_first_on_a_scale_is_told_with_its_measure(Scale scale, int first, string measure)
    {
        var view = View(Two);
        var (one, other) = (view.Objects[first], view.Objects[1 - first]);
        Assert.InRange(ScaleOrder.Before(scale, one, other), 0.9, 1);
        Assert.Equal(measure, ScaleOrder.Measure(scale, one));
    }

    [Theory]
    [MemberData(nameof(Scales))]
    public void The_chances_of_both_orders_add_up_to_one_and_equals_are_even(Scale scale)
    {
        var view = View(Two);
        var (a, b) = (view.Objects[0], view.Objects[1]);
        Assert.Equal(1, ScaleOrder.Before(scale, a, b) + ScaleOrder.Before(scale, b, a), 1e-9);
        Assert.Equal(0.5, ScaleOrder.Before(scale, a, a), 1e-9);
    }

    [Theory]
    [MemberData(nameof(Scales))]
    public void What_is_not_measured_has_no_order(Scale scale)
    {
        var view = View("a cup nan 0 1 1; b cup 500 300 120 60 black=0.9 vx=10");
        var blind = view.Objects[0];
        Assert.Equal(0.5, ScaleOrder.Before(scale, blind, view.Objects[1]));
        Assert.False(ScaleOrder.IsMeasured(scale, blind));
        Assert.Equal("not measured", ScaleOrder.Measure(scale, blind));
    }

    private static SceneView View(string objects) => new(TestScene.Of(objects), GroundingThresholds.Default);
}
