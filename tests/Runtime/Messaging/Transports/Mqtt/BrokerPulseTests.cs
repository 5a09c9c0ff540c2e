using EdgePerception.Runtime.Messaging.Transports.Mqtt;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.Mqtt;

/// <summary>
/// When a broker is asked whether it lives, and when it counts as frozen; times are given, none passes.
/// </summary>
public sealed class BrokerPulseTests
{
    private static readonly TimeSpan Begin = TimeSpan.FromHours(1);
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(5);

    private readonly BrokerPulse _pulse = new(KeepAlive, Begin);

    [Fact]
    public void It_is_asked_once_in_each_keep_alive_time_whatever_was_heard_meanwhile()
    {
        for (var second = 1; second <= 60; second++)
        {
            var now = Begin + TimeSpan.FromSeconds(second);
            Assert.Equal(second % 5 == 0, _pulse.IsDue(now, heard: now));
            Assert.InRange(_pulse.UntilDue(now), TimeSpan.Zero, KeepAlive);
        }
    }

    [Fact]
    public void One_that_says_nothing_until_the_next_time_hangs_and_one_that_said_anything_lives()
    {
        Assert.True(_pulse.IsDue(Begin + KeepAlive, heard: Begin));
        Assert.True(_pulse.IsDue(Begin + (2 * KeepAlive), heard: Begin + KeepAlive));
        var fault = Assert.Throws<TimeoutException>(
            () => _pulse.IsDue(Begin + (3 * KeepAlive), heard: Begin + KeepAlive));
        Assert.Equal("the broker has not answered for 5 s; it or the network hangs", fault.Message);
    }
}
