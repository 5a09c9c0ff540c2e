using EdgePerception.Sensors.Capture;

namespace EdgePerception.Sensors.Tests.Capture;

public sealed class BackoffTests
{
    private readonly Backoff _backoff = new();

    [Fact]
    public void Waits_double_from_a_quarter_second_up_to_five_seconds() =>
        Assert.Equal([250, 500, 1000, 2000, 4000, 5000, 5000], Enumerable.Range(0, 7).Select(_ => Fail(0)));

    [Fact]
    public void A_source_that_ran_steadily_starts_again_from_the_shortest_wait()
    {
        Assert.Equal([250, 500, 250, 500], new[] { Fail(0), Fail(9.9), Fail(10), Fail(0) });
        Assert.Equal(2, _backoff.Failures);
    }

    [Fact]
    public void A_thousand_failures_wait_no_longer_than_seven()
    {
        for (var i = 0; i < 2000; i++) Fail(0);
        Assert.Equal(5000, Fail(0));
    }

    private double Fail(double ranForSeconds) => _backoff.Fail(TimeSpan.FromSeconds(ranForSeconds)).TotalMilliseconds;
}
