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
            Assert.Equal(second % 5 == 0, _pulse.IsDue(now, heard: now, null));
            Assert.InRange(_pulse.UntilDue(now), TimeSpan.Zero, KeepAlive);
        }
    }

    [Fact]
    public void One_that_says_nothing_until_the_next_time_hangs_and_one_that_said_anything_lives()
    {
        Assert.True(_pulse.IsDue(Begin + KeepAlive, heard: Begin, null));
        Assert.True(_pulse.IsDue(Begin + (2 * KeepAlive), heard: Begin + KeepAlive, null));
        var fault = Assert.Throws<TimeoutException>(
            () => _pulse.IsDue(Begin + (3 * KeepAlive), heard: Begin + KeepAlive, null));
        Assert.Equal("the broker has not answered for 5 s; it or the network hangs", fault.Message);
    }

    [Fact]
    public void One_that_answers_and_leaves_a_message_without_acknowledgement_has_lost_it()
    {
        var sent = Begin + TimeSpan.FromSeconds(1);
        Assert.True(_pulse.IsDue(Begin + KeepAlive, heard: Begin, sent));
        var fault = Assert.Throws<TimeoutException>(
            () => _pulse.IsDue(Begin + (2 * KeepAlive), heard: Begin + (1.5 * KeepAlive), sent));
        Assert.Equal(
            "the broker answers, and has left a message without acknowledgement for 5 s; it is overloaded",
            fault.Message);
        Assert.True(_pulse.IsDue(
            Begin + (2 * KeepAlive), heard: Begin + (1.5 * KeepAlive), Begin + KeepAlive + TimeSpan.FromSeconds(1)));
    }
}
