using EdgePerception.Runtime.Messaging.Broker;

namespace EdgePerception.Runtime.Tests.Messaging.Broker;

/// <summary>Sessions of clients that are away are kept within bounds.</summary>
public sealed class LastingSessionsTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly LastingSessions _sessions = new();

    [Fact]
    public void One_is_kept_for_as_long_as_was_asked_for_and_not_longer_than_any()
    {
        Assert.Equal(Minute, _sessions.Admit("short", Minute).Life);
        Assert.Equal(BrokerLimits.SessionLife, _sessions.Admit("long", TimeSpan.MaxValue).Life);
        Assert.Equal(TimeSpan.Zero, _sessions.Admit("none", TimeSpan.Zero).Life);
        Assert.True(_sessions.TryLeave("short", default, TimeSpan.Zero));
        Assert.True(_sessions.TryLeave("long", default, TimeSpan.Zero));
        Assert.False(_sessions.TryLeave("none", default, TimeSpan.Zero));
        Assert.Equal(["short"], _sessions.ForgetOver(Minute));
        Assert.Equal(["long"], _sessions.ForgetOver(BrokerLimits.SessionLife));
    }

    [Fact]
    public void There_are_only_so_many_and_one_that_ends_makes_room()
    {
        for (var i = 0; i < BrokerLimits.Sessions; i++) Assert.Equal(Minute, _sessions.Admit($"{i}", Minute).Life);
        Assert.Equal(TimeSpan.Zero, _sessions.Admit("more", Minute).Life);
        Assert.Equal(Minute, _sessions.Admit("0", Minute).Life);
        _sessions.Admit("0", TimeSpan.Zero);
        Assert.Equal(Minute, _sessions.Admit("more", Minute).Life);
    }

    [Fact]
    public void What_waits_is_bounded_in_number_bytes_and_time_and_counts_on()
    {
        _sessions.Admit("a", Minute);
        Assert.False(_sessions.TryHold("a", 1, TimeSpan.Zero));
        _sessions.TryLeave("a", new HeldMessages(BrokerLimits.SessionMessages - 1, 10), TimeSpan.Zero);
        Assert.False(_sessions.TryHold("a", BrokerLimits.SessionBytes, TimeSpan.Zero));
        Assert.False(_sessions.TryHold("a", 1, Minute));
        Assert.True(_sessions.TryHold("a", 1, TimeSpan.Zero));
        Assert.False(_sessions.TryHold("a", 1, TimeSpan.Zero));
        Assert.Equal(new HeldMessages(BrokerLimits.SessionMessages, 11), _sessions.Admit("a", Minute).Waiting);
        Assert.False(_sessions.TryHold("nobody", 1, TimeSpan.Zero));
    }

    [Fact]
    public void Who_leaves_more_behind_than_may_wait_keeps_none()
    {
        _sessions.Admit("a", Minute);
        Assert.False(_sessions.TryLeave("a", new HeldMessages(1, BrokerLimits.SessionBytes + 1), TimeSpan.Zero));
        Assert.False(_sessions.TryHold("a", 1, TimeSpan.Zero));
    }
}
