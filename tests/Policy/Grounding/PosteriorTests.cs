using EdgePerception.Policy.Grounding;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Policy.Tests.Grounding;

/// <summary>When what all opinions say is acted on, and what stays possible.</summary>
public sealed class PosteriorTests
{
    private static readonly SceneView Three =
        new(TestScene.Of("a cup 10 10 20 20; b cup 100 10 20 20; c cup 200 10 20 20"), GroundingThresholds.Default);

    [Theory]
    [InlineData(0.05, new[] { 0.9, 0.05, 0.0 }, 0.0, true)]
    [InlineData(0.05, new[] { 0.59, 0.05, 0.05 }, 0.05, false)]
    [InlineData(0.1, new[] { 0.9, 0.0, 0.0 }, 0.0, false)]
    [InlineData(0.0, new[] { 0.9, 0.0, 0.0 }, 0.1, false)]
    [InlineData(0.0, new[] { 0.9, 0.0, 0.1 }, 0.0, false)]
    public void It_acts_on_one_object_that_is_sure_where_nothing_else_is_possible(
        double none, double[] single, double several, bool acts) =>
        Assert.Equal(acts, new Posterior(none, single, several, 0.1, 0.6).Acts);

    [Theory]
    [InlineData(0.6, 0.2, true)]
    [InlineData(0.4, 0.5, false)]
    [InlineData(0.45, 0.45, true)]
    public void Absent_is_what_is_likelier_than_several(double none, double several, bool isAbsent) =>
        Assert.Equal(isAbsent, new Posterior(none, [0.05, 0.05, 0], several, 0.1, 0.6).IsAbsent);

    [Fact]
    public void Nothing_is_absent_as_long_as_an_object_is_possible()
    {
        Assert.False(new Posterior(0.9, [0.1, 0, 0], 0, 0.1, 0.6).IsAbsent);
        Assert.True(new Posterior(0.9, [0.1, 0, 0], 0, 0.11, 0.6).IsAbsent);
    }

    [Fact]
    public void In_an_empty_scene_nothing_is_the_likeliest()
    {
        var empty = new Posterior(1, [], 0, 0.1, 0);
        Assert.Equal((-1, 0.0, false, true), (empty.Top, empty.Best, empty.Acts, empty.IsAbsent));
    }

    [Fact]
    public void Of_equals_the_first_is_the_likeliest() =>
        Assert.Equal(1, new Posterior(0, [0.2, 0.4, 0.4], 0, 0.1, 0.6).Top);

    [Fact]
    public void What_is_possible_is_told_likeliest_object_first_and_words_behind()
    {
        Assert.Equal(["c", "a", "absent", "several"],
            new Posterior(0.3, [0.1, 0.05, 0.2], 0.35, 0.1, 0.6).Plausible(Three));
        Assert.Empty(new Posterior(0.25, [0.25, 0.25, 0], 0.25, 0.3, 0.6).Plausible(Three));
    }

    [Property(Replay = "17,31")]
    public Property What_is_acted_on_is_all_that_is_possible_and_never_absent_at_once() => Prop.ForAll(
        Gen.ArrayOf(Gen.Choose(0, 20), 5).ToArbitrary(), Gen.Choose(1, 99).ToArbitrary(), (parts, least) =>
        {
            var sum = Math.Max(1, parts.Sum());
            var (min, single) = (least / 100.0, parts.Skip(2).Select(part => (double)part / sum).ToArray());
            var posterior = new Posterior((double)parts[0] / sum, single, (double)parts[1] / sum, min, min);
            var possible = posterior.Plausible(Three);
            return posterior.Acts
                ? possible.SequenceEqual([Three.Objects[posterior.Top].Source.Id]) && !posterior.IsAbsent
                : !posterior.IsAbsent || !possible.Intersect(["a", "b", "c"]).Any();
        });
}
