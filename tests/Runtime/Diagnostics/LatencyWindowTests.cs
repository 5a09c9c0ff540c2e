using EdgePerception.Runtime.Diagnostics;

namespace EdgePerception.Runtime.Tests.Diagnostics;

public sealed class LatencyWindowTests
{
    [Fact]
    public void Before_the_first_measurement_there_are_zeros()
    {
        var window = LatencyWindow.OfImages();
        Assert.Equal((0L, (0.0, 0.0, 0.0)), (window.Count, window.Percentiles()));
    }

    [Fact]
    public void One_measurement_is_every_percentile() => Assert.Equal((7.0, 7.0, 7.0), Filled(10, 7).Percentiles());

    [Fact]
    public void Percentiles_are_the_nearest_rank_whatever_the_order() =>
        Assert.Equal(
            (50.0, 99.0, 100.0),
            Filled(1000, [.. Enumerable.Range(1, 100).Reverse().Select(i => (double)i)]).Percentiles());

    [Fact]
    public void A_full_window_follows_the_present_and_goes_on_counting()
    {
        var window = Filled(4, 1000, 1000, 1000, 1000, 1, 2, 3, 4);
        Assert.Equal(8, window.Count);
        Assert.Equal((2.0, 4.0, 4.0), window.Percentiles());
    }

    [Fact]
    public void What_was_measured_long_ago_is_forgotten_one_by_one() =>
        Assert.Equal((1.0, 9.0, 9.0), Filled(3, 9, 9, 1, 1).Percentiles());

    [Fact]
    public void Nothing_is_lost_when_several_threads_measure()
    {
        var window = LatencyWindow.OfImages(16);
        Parallel.For(0, 4, _ =>
        {
            for (var i = 0; i < 1000; i++)
            {
                window.Record(TimeSpan.FromMilliseconds(5));
                Assert.Equal(5, window.Percentiles().P50);
            }
        });
        Assert.Equal(4000, window.Count);
    }

    private static LatencyWindow Filled(int capacity, params double[] milliseconds)
    {
        var window = LatencyWindow.OfImages(capacity);
        foreach (var value in milliseconds) window.Record(TimeSpan.FromMilliseconds(value));
        return window;
    }
}
