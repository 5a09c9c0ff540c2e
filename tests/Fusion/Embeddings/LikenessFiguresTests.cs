using EdgePerception.Fusion.Embeddings;

namespace EdgePerception.Fusion.Tests.Embeddings;

public sealed class LikenessFiguresTests
{
    private static readonly LikenessFigures Figures = new(Scale: 10, None: 0.5, Crowd: 1);

    [Fact]
    public void One_thing_as_like_as_the_midpoint_is_as_likely_as_none() =>
        Assert.Equal(0.5, Figures.Probabilities([0.5])[0], 9);

    [Fact]
    public void More_likeness_is_more_probable() =>
        Assert.True(Figures.Probabilities([0.6])[0] > Figures.Probabilities([0.55])[0]);

    [Fact]
    public void A_rival_takes_from_both_it_and_none()
    {
        var figures = Figures with { Crowd = 0 };
        var (alone, beside) = (figures.Probabilities([0.7]), figures.Probabilities([0.7, 0.69]));
        Assert.True(beside[0] < alone[0]);
        Assert.True(1 - beside.Sum() < 1 - alone[0]);
    }

    [Fact]
    public void Among_many_a_likeness_says_less()
    {
        var among = Figures.Probabilities([0.7, .. Enumerable.Repeat(0.0, 50)]);
        Assert.True(among[0] < Figures.Probabilities([0.7])[0] - 0.1);
    }

    [Theory]
    [InlineData(1e6)]
    [InlineData(-1e6)]
    public void Any_likeness_gives_a_probability(double likeness) =>
        Assert.InRange(Figures.Probabilities([likeness, 0])[0], 0, 1);

    [Fact]
    public void Of_nothing_there_is_nothing() => Assert.Empty(Figures.Probabilities([]));
}
