using EdgePerception.Policy.Grounding;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Policy.Tests.Grounding;

/// <summary>Which of independent candidates fit, against counting every combination.</summary>
public sealed class SetProbabilityTests
{
    [Theory]
    [InlineData(0.0, 0.5)]
    [InlineData(100.0, 1.0)]
    [InlineData(-100.0, 0.0)]
    [InlineData(double.NaN, 0.5)]
    [InlineData(double.PositiveInfinity, 0.5)]
    public void A_step_is_half_at_its_midpoint_and_where_nothing_is_known(double value, double expected) =>
        Assert.Equal(expected, Logistic.Step(value, 0, 1), 1e-9);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void A_step_without_a_width_tells_nothing(double scale) => Assert.Equal(0.5, Logistic.Step(7, 0, scale));

    [Property]
    public Property A_step_rises() => Prop.ForAll(Shares(2), pair =>
        Logistic.Step(Math.Min(pair[0], pair[1]), 0.5, 0.1) <= Logistic.Step(Math.Max(pair[0], pair[1]), 0.5, 0.1));

    [Property]
    public Property None_and_each_alone_are_what_counting_gives() => Prop.ForAll(Shares(6), fits =>
    {
        var (none, alone) = SetProbability.Exactly(fits);
        return Same(none, Sum(fits, members => members.Count == 0))
            && Enumerable.Range(0, fits.Length)
                .All(i => Same(alone[i], Sum(fits, members => members is [var only] && only == i)));
    });

    [Property]
    public Property The_one_of_a_rank_in_a_known_order_is_what_counting_gives() => Prop.ForAll(
        Shares(6), Gen.Choose(0, 2).ToArbitrary(), (fits, rank) =>
        {
            // In the order of their numbers, for certain.
            var (none, at) = SetProbability.Ranked(fits, rank, (i, j) => i < j ? 1 : 0);
            return Same(none, Sum(fits, members => members.Count <= rank))
                && Enumerable.Range(0, fits.Length)
                    .All(i => Same(at[i], Sum(fits, members => members.Count > rank && members[rank] == i)));
        });

    [Fact]
    public void Nobody_fits_where_there_is_nobody()
    {
        Assert.Equal(1, SetProbability.Exactly([]).None);
        Assert.Equal((1, 0),
            (SetProbability.Ranked([], 0, (_, _) => 1).None, SetProbability.Ranked([], 0, (_, _) => 1).At.Length));
    }

    private static Arbitrary<double[]> Shares(int count) =>
        Gen.ArrayOf(Gen.Choose(0, 100).Select(percent => percent / 100.0), count).ToArbitrary();

    private static bool Same(double a, double b) => Math.Abs(a - b) < 1e-3;

    private static double Sum(double[] fits, Func<List<int>, bool> counts)
    {
        var sum = 0.0;
        for (var set = 0; set < 1 << fits.Length; set++)
        {
            List<int> members = [.. Enumerable.Range(0, fits.Length).Where(i => (set >> i & 1) == 1)];
            if (!counts(members)) continue;
            sum += Enumerable.Range(0, fits.Length)
                .Aggregate(1.0, (product, i) => product * ((set >> i & 1) == 1 ? fits[i] : 1 - fits[i]));
        }

        return sum;
    }
}
