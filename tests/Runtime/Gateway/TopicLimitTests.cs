using EdgePerception.Runtime.Gateway;

namespace EdgePerception.Runtime.Tests.Gateway;

/// <summary>How many messages of a topic are read, and when it is told that more came.</summary>
public sealed class TopicLimitTests
{
    private readonly TopicLimit _limit = new(10);

    [Fact]
    public void Twice_the_rate_may_come_at_once_and_then_the_rate()
    {
        Assert.Equal(20, Taken(100, TimeSpan.Zero));
        Assert.Equal(5, Taken(100, TimeSpan.FromSeconds(0.5)));
        Assert.Equal(20, Taken(100, TimeSpan.FromSeconds(60)));
        Assert.Equal(0, Taken(1, TimeSpan.FromSeconds(59)));
    }

    [Fact]
    public void What_was_refused_is_told_at_once_and_then_once_a_second_with_its_number()
    {
        Assert.Equal(1, _limit.Refuse(TimeSpan.FromSeconds(5)));
        for (var i = 0; i < 99; i++) Assert.Null(_limit.Refuse(TimeSpan.FromSeconds(5.9)));
        Assert.Equal(100, _limit.Refuse(TimeSpan.FromSeconds(6)));
        Assert.Null(_limit.Refuse(TimeSpan.FromSeconds(6.5)));
    }

    private int Taken(int tries, TimeSpan now) => Enumerable.Range(0, tries).Count(_ => _limit.TryTake(now));
}
