using System.Text;
using EdgePerception.Runtime.Messaging.Transports.Mqtt;
using EdgePerception.Sensors.Time;
using MQTTnet.Protocol;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.Mqtt;

/// <summary>What is known of the way of a stop by what comes back of it.</summary>
public sealed class StopProbeTests
{
    private const string Topic = "edge/robot/halt";

    private readonly FakeTimeProvider _time = new();
    private readonly SensorClock _clock;
    private readonly StopProbe _probe;

    public StopProbeTests()
    {
        _clock = new SensorClock(_time);
        _probe = new StopProbe(_clock, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void The_link_is_lost_since_the_newest_that_came_back_was_sent_and_before_from_the_start()
    {
        Pass(3);
        Assert.Equal(TimeSpan.MaxValue, _probe.LostFor);
        var (old, newer) = (Next(), Next(after: 1));
        Pass(2);
        Assert.True(_probe.TryTakeBack(newer));
        Assert.Equal(TimeSpan.FromSeconds(2), _probe.LostFor);
        Assert.True(_probe.TryTakeBack(old));
        Assert.Equal(TimeSpan.FromSeconds(2), _probe.LostFor);
    }

    [Fact]
    public void One_is_due_once_a_second_at_least_and_at_once_on_a_new_connection()
    {
        _probe.Begin(_clock.Monotonic);
        Assert.Equal(TimeSpan.Zero, _probe.UntilDue(_clock.Monotonic));
        Next();
        Assert.Equal(StopProbe.LongestPeriod, _probe.UntilDue(_clock.Monotonic));
        _probe.Begin(_clock.Monotonic);
        Assert.Equal(TimeSpan.Zero, _probe.UntilDue(_clock.Monotonic));
    }

    [Fact]
    public void Anybody_elses_is_a_halt_and_so_is_one_that_was_changed_or_comes_from_the_future()
    {
        var own = Encoding.ASCII.GetString(Next());
        Assert.False(_probe.TryTakeBack(new StopProbe(_clock, StopProbe.LongestPeriod).Next(_clock.Monotonic)));
        var future = own.Replace("}", "9}", StringComparison.Ordinal);
        string[] others = ["", "stop", own[..^1], own + " ", future, $" {own}"];
        Assert.All(others, other => Assert.False(_probe.TryTakeBack(Encoding.ASCII.GetBytes(other)), other));
        Assert.True(_probe.TryTakeBack(Encoding.ASCII.GetBytes(own)));
    }

    [Fact]
    public void What_stands_in_its_way_is_told_with_what_to_do()
    {
        _probe.Begin(_clock.Monotonic);
        Assert.Null(_probe.Trouble(Topic, isOld: false));
        Pass(3);
        Says("does not answer", attend: false);
        _probe.Answer(MqttPubAckReasonCode.NotAuthorized);
        Says("refuses our probe of the halt topic (Not authorized)", "'write' on 'edge/robot/halt'");
        _probe.Answer(MqttPubAckReasonCode.Success);
        Says("delivers nothing;", "'read' on 'edge/robot/halt'");
        var old = _probe.Trouble(Topic, isOld: true)!.Reason;
        Assert.Contains("or takes no probe of ours", old, StringComparison.Ordinal);
        Assert.Contains("'readwrite' on 'edge/robot/halt'", old, StringComparison.Ordinal);
        _probe.TryTakeBack(Next());
        Assert.Null(_probe.Trouble(Topic, isOld: false));

        _probe.Begin(_clock.Monotonic);
        _probe.Deny();
        Says("denies the subscription", "'read' on 'edge/robot/halt'");
        Assert.True(_probe.TryTakeBack(Next(after: 1)));
        Assert.Null(_probe.Trouble(Topic, isOld: false));
    }

    [Fact]
    public void To_ask_allocates_nothing()
    {
        _ = _probe.LostFor;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var lost = _probe.LostFor;
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(TimeSpan.MaxValue, lost);
    }

    private void Says(string one, string other = "", bool attend = true)
    {
        var trouble = _probe.Trouble(Topic, isOld: false)!;
        Assert.Contains(one, trouble.Reason, StringComparison.Ordinal);
        Assert.Contains(other, trouble.Reason, StringComparison.Ordinal);
        Assert.Equal(attend, trouble.NeedsAttention);
    }

    private byte[] Next(int after = 0)
    {
        Pass(after);
        return _probe.Next(_clock.Monotonic);
    }

    private void Pass(int seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));
}
