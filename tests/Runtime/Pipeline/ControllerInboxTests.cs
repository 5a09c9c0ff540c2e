using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Runtime.Pipeline;
using static EdgePerception.Runtime.Messaging.Messages.ControllerMessage.Types.Progress.Types;

namespace EdgePerception.Runtime.Tests.Pipeline;

public sealed class ControllerInboxTests
{
    private readonly ControllerInbox _inbox = new();

    [Fact]
    public void Events_come_out_in_their_order()
    {
        ControllerEvent[] events =
            [new ControllerRegistered("arm"), new ActionAcknowledged("arm", "a", true, ""), Progress("a", 0)];
        foreach (var happened in events) _inbox.Add(happened);
        Assert.Equal(events, Taken());
        Assert.Empty(Taken());
    }

    [Fact]
    public void Where_it_is_full_the_oldest_report_of_what_runs_goes_and_never_an_end_or_a_loss()
    {
        ControllerEvent[] kept =
        [
            new ControllerRegistered("arm"), new ActionAcknowledged("arm", "a", true, ""),
            new ActionProgressed("arm", "a", State.Succeeded, 1, ""), new ControllerLost("arm", "gone"),
        ];
        foreach (var happened in kept) _inbox.Add(happened);
        for (var i = 0; i < 5 * ControllerInbox.Capacity; i++) _inbox.Add(Progress("b", i));
        var taken = Taken();
        Assert.Equal(ControllerInbox.Capacity, taken.Count);
        Assert.Equal(kept, taken.Take(kept.Length));
        Assert.Equal(Progress("b", 5 * ControllerInbox.Capacity - 1), taken[^1]);
    }

    [Fact]
    public void It_is_bounded_whatever_comes()
    {
        for (var i = 0; i < 2 * ControllerInbox.Capacity; i++) _inbox.Add(new ControllerLost($"c{i}", "gone"));
        Assert.Equal(ControllerInbox.Capacity, Taken().Count);
    }

    private static ActionProgressed Progress(string action, int number) =>
        new("arm", action, State.Running, 0.5, $"{number}");

    private List<ControllerEvent> Taken()
    {
        var taken = new List<ControllerEvent>();
        while (_inbox.TryTake(out var happened)) taken.Add(happened);
        return taken;
    }
}
