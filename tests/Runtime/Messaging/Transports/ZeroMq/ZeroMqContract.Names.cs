using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Tests.Support;
using Microsoft.Extensions.Logging;
using static EdgePerception.Runtime.Messaging.Messages.ControllerDelivery;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.ZeroMq;

/// <summary>To whom a name, a routing id and a place belong, and who is told.</summary>
public abstract partial class ZeroMqContract
{
    [Fact]
    public async Task A_living_controllers_name_is_not_given_to_another()
    {
        var arm = await RegisterAsync("arm");
        var thief = Connect();
        for (var i = 0; i < 3; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            thief.Register("arm");
            var reason = (await thief.NextAsync()).Rejected.Reason;
            Assert.StartsWith(
                "arm is registered by another connection that is alive; try", reason, StringComparison.Ordinal);
        }

        Assert.Equal(3, Actions.Counters.RefusedFor(RefusalReason.NameTaken));
        Assert.Contains("arm is registered by another connection", Actions.Trouble, StringComparison.Ordinal);
        Assert.Equal(3, _log.Count(LogLevel.Warning));
        Actions.DeliverSafety(TestRouter.Level(SafetyLevel.Halt));
        Actions.Deliver(Action("a1", ActionKind.Stop), InTime);
        await arm.NextAsync(BodyOneofCase.Safety);
        Assert.Equal("stop-h1", (await arm.NextAsync(BodyOneofCase.Action)).Action.Id);
        Assert.Equal("a1", (await arm.NextAsync(BodyOneofCase.Action)).Action.Id);
        Assert.Empty(thief.Received());
        Assert.Equal(1, Actions.Controllers);
    }

    [Fact]
    public async Task A_name_asked_for_again_and_again_does_not_fill_its_holders_queue()
    {
        var arm = await RegisterAsync("arm");
        var thief = Connect();
        for (var i = 0; i < 100; i++)
        {
            thief.Register("arm");
            Assert.Equal(BodyOneofCase.Rejected, (await thief.NextAsync()).BodyCase);
        }

        Actions.DeliverSafety(TestRouter.Level(SafetyLevel.Halt));
        // One greeting, since the clock stands, to see whether it lives.
        Assert.Equal(BodyOneofCase.Registered, (await arm.NextAsync()).BodyCase);
        Assert.Equal(BodyOneofCase.Safety, (await arm.NextAsync()).BodyCase);
    }

    [Fact]
    public async Task A_name_is_free_once_its_holder_is_gone()
    {
        var arm = await RegisterAsync("arm");
        arm.Dispose();
        var back = Connect();
        await RegistersAtLastAsync(back, "arm");
        Actions.Deliver(Action("a1"), InTime);
        Assert.Equal("a1", (await back.NextAsync(BodyOneofCase.Action)).Action.Id);
    }

    [Fact]
    public async Task A_frozen_controller_is_given_up_by_its_silence_and_its_name_is_free()
    {
        _started = Router(Options with { ControllerTimeoutMs = 300 });
        _started.Start();
        using var frozen = PythonPeer.Start("control", Actions.Endpoint, "arm");
        await Eventually.Until(() => Actions.Controllers == 1, frozen.Describe);
        frozen.Freeze();
        var back = Connect();
        await RegistersAtLastAsync(back, "arm");
        const string Lost = "arm is forgotten: its connection is gone";
        Assert.Contains(_log.Lines, line => line.Text.Contains(Lost, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public async Task A_thief_of_a_routing_id_gets_nothing_of_its_owners_and_is_named(ZeroMqLibrary client)
    {
        var owner = Connect(ZeroMqLibrary.Libzmq, new ClientSettings { RoutingId = "base" });
        owner.Register("arm");
        await owner.NextAsync(BodyOneofCase.Registered);
        var thief = Connect(client, new ClientSettings { RoutingId = "base" });

        thief.Register("thief");
        thief.Acknowledge("a0", accepted: true);
        await Eventually.Until(() => Trouble().Contains("has its routing id", StringComparison.Ordinal), Trouble);
        await RegisterAsync("stranger");
        Actions.DeliverSafety(TestRouter.Level(SafetyLevel.Halt));
        Actions.Deliver(Action("a1", ActionKind.Stop), InTime);
        Assert.Equal(Safety.Types.Level.Halt, (await owner.NextAsync()).Safety.Level);
        Assert.Equal("stop-h1", (await owner.NextAsync()).Action.Id);
        Assert.Equal("a1", (await owner.NextAsync()).Action.Id);
        owner.Acknowledge("a1", accepted: true);
        await Eventually.Until(() => _events.Contains(new ActionAcknowledged("arm", "a1", true, "")), Describe);
        Assert.Empty(thief.Received());
        thief.Dispose();

        owner.Dispose();
        await Eventually.Until(
            () => Actions.Deliver(Action("a2"), InTime) && Actions.Controllers == 1, "the owner's end");
        var back = Connect(client, new ClientSettings { RoutingId = "base" });
        await RegistersAtLastAsync(back, "arm");

        string Trouble() => Actions.Trouble ?? "";
    }

    [Fact]
    public async Task One_connection_may_take_sixteen_names_in_its_life()
    {
        var arm = await RegisterAsync("n0");
        for (var i = 1; i < 16; i++)
        {
            arm.Register($"n{i}");
            Assert.Equal($"n{i}", (await arm.NextAsync(BodyOneofCase.Registered)).Registered.Name);
        }

        arm.Register("n16");
        var reason = (await arm.NextAsync(BodyOneofCase.Rejected)).Rejected.Reason;
        Assert.Contains("16 names", reason, StringComparison.Ordinal);
        Assert.Equal(1, Actions.Controllers);
        Actions.Deliver(Action("a1"), InTime);
        Assert.Equal("a1", (await arm.NextAsync(BodyOneofCase.Action)).Action.Id);
    }

    [Fact]
    public async Task A_flood_of_registrations_does_not_keep_a_halt_waiting()
    {
        var arm = await RegisterAsync("arm");
        using var stop = new CancellationTokenSource();
        var flood = Task.Factory.StartNew(
            () => Flood(stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Eventually.Until(() => Actions.Counters.Refused > 1000, "the flood");
        var refused = Actions.Counters.Refused;
        Actions.DeliverSafety(TestRouter.Level(SafetyLevel.Halt));
        Assert.Equal(Safety.Types.Level.Halt, (await arm.NextAsync(BodyOneofCase.Safety)).Safety.Level);

        // Behind two turns of what is received at most, and what a busy machine lets pass until this thread sees it.
        Assert.True(Actions.Counters.Refused - refused < 20_000, "the halt waited for the flood's end");
        await stop.CancelAsync();
        await flood;
    }

    [Fact]
    public async Task A_full_table_is_told_in_the_log_and_in_the_status_for_a_time()
    {
        _started = Router(Options with { MaxControllers = 1 });
        _started.Start();
        await RegisterAsync("arm");
        Assert.Null(Actions.Trouble);
        var late = Connect();
        late.Register("late");
        Assert.Contains("1 controllers", (await late.NextAsync()).Rejected.Reason, StringComparison.Ordinal);
        const string Reason = "late has no place: 1 controllers are registered, which is the most";
        Assert.Equal($"refused: {Reason}", Actions.Trouble);
        Assert.Contains(_log.Lines, line => line == (LogLevel.Warning, $"A controller is refused: {Reason}"));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(Actions.Trouble);
    }

    [Fact]
    public async Task A_controller_that_reads_again_gets_the_newest_safety_level_though_its_queue_was_full()
    {
        // Who does not read does not answer heartbeats either, and would be given up in time.
        _started = Router(Options with { ControllerTimeoutMs = 600_000 });
        _started.Start();
        var slow = Connect(ZeroMqLibrary.Libzmq, new ClientSettings { Queue = 1 });
        slow.Register("slow");
        await slow.NextAsync(BodyOneofCase.Registered);
        Actions.DeliverSafety(TestRouter.Level(SafetyLevel.Act));
        var action = Action("big");
        action.Target = new Track { Label = new string('x', 100_000) };
        for (var sent = 0; Actions.Counters.DroppedFor(DropReason.PeerBehind) == 0; sent++)
        {
            Assert.True(sent < 10_000, "10,000 actions fitted into a controller that does not read");
            Actions.Deliver(action, InTime);
            await Eventually.Until(() => Actions.Counters.Pending == 0, "the action");
        }

        // What the system still took may have made room for a moment, after which it is told anew.
        await Eventually.Until(() => _log.Count(LogLevel.Warning) >= 1, "the warning");
        Assert.StartsWith("Controller slow does not read", _log.Lines[^1].Text, StringComparison.Ordinal);
        Assert.Equal("slow does not read: what is sent to it is dropped", Actions.Trouble);
        Actions.DeliverSafety(TestRouter.Level(SafetyLevel.Halt));
        while ((await slow.NextAsync(BodyOneofCase.Safety)).Safety.Level != Safety.Types.Level.Halt)
        {
        }
    }

    private async Task RegistersAtLastAsync(TestController controller, string name)
    {
        var tries = 0;
        do
        {
            // The holder is looked for once a second of the router's clock; libraries need a moment to notice an end.
            Assert.True(++tries < 100_000, $"{name} stays taken");
            _time.Advance(TimeSpan.FromSeconds(1));
            controller.Register(name);
        }
        while ((await controller.NextAsync()).BodyCase != BodyOneofCase.Registered);
    }

    private void Flood(CancellationToken stop)
    {
        using var socket = new LibZmqClient(Actions.Endpoint, new ClientSettings { Queue = 1 });
        byte[] taken = [0x0a, 0x05, 0x0a, 0x03, (byte)'a', (byte)'r', (byte)'m'];
        while (!stop.IsCancellationRequested)
        {
            if (!socket.Send(taken)) Thread.Yield();
        }
    }

    private TestController Connect(ZeroMqLibrary library, ClientSettings settings)
    {
        var controller = new TestController(Actions.Endpoint, library, settings);
        _controllers.Add(controller);
        return controller;
    }
}
