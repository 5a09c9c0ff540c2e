using System.Collections.Concurrent;
using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using Microsoft.Extensions.Logging;
using static EdgePerception.Runtime.Messaging.Messages.ControllerDelivery;
using Progress = EdgePerception.Runtime.Messaging.Messages.ControllerMessage.Types.Progress;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.ZeroMq;

/// <summary>The dialogue with robot controllers; the clock is moved by hand.</summary>
public abstract partial class ZeroMqContract
{
    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentQueue<ControllerEvent> _events = new();
    private readonly ListLogger<ActionRouter> _log = new();
    private readonly List<TestController> _controllers = [];
    private ActionRouter? _started;

    private SensorClock FakeClock => field ??= new SensorClock(_time);

    /// <summary>The router under test, started.</summary>
    protected ActionRouter Actions
    {
        get
        {
            if (_started is not null) return _started;
            _started = Router(Options);
            _started.Handler = Keep;
            _started.Start();
            return _started;
        }
    }

    [Fact]
    public async Task A_controller_registers_gets_an_action_acknowledges_and_reports_progress()
    {
        var arm = await RegisterAsync("arm");
        Assert.True(Actions.Deliver(Action("a1"), InTime));
        var action = (await arm.NextAsync(BodyOneofCase.Action)).Action;
        Assert.Equal("a1", action.Id);
        Assert.Equal(5000u, action.RemainingMs);
        Assert.Equal(FakeClock.Now.Utc, action.Header.PublishedAt.ToDateTimeOffset());

        arm.Acknowledge("a1", accepted: true);
        arm.Report("a1", Progress.Types.State.Running, 0.5, "half way");
        arm.Report("a1", Progress.Types.State.Succeeded, 1, "");
        await Eventually.Until(() => _events.Count == 4, Describe);
        Assert.Equal(
            [
                new ControllerRegistered("arm"),
                new ActionAcknowledged("arm", "a1", true, ""),
                new ActionProgressed("arm", "a1", Progress.Types.State.Running, 0.5, "half way"),
                new ActionProgressed("arm", "a1", Progress.Types.State.Succeeded, 1, ""),
            ],
            _events);
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public async Task Either_librarys_controller_is_served(ZeroMqLibrary client)
    {
        using var arm = new TestController(Actions.Endpoint, client);
        arm.Register("arm");
        Assert.Equal("arm", (await arm.NextAsync()).Registered.Name);
        var big = Action("big");
        big.Target = new Track { Label = new string('x', 500_000) };
        Actions.Deliver(big, InTime);
        Assert.Equal(big.Target.Label, (await arm.NextAsync(BodyOneofCase.Action)).Action.Target.Label);
        arm.Acknowledge("big", accepted: true);
        await Eventually.Until(() => _events.Contains(new ActionAcknowledged("arm", "big", true, "")), Describe);
    }

    [Fact]
    public async Task Every_registered_controller_gets_the_action()
    {
        var (arm, drive) = (await RegisterAsync("arm"), await RegisterAsync("drive"));
        Actions.Deliver(Action("a1"), InTime);
        Assert.Equal("a1", (await arm.NextAsync(BodyOneofCase.Action)).Action.Id);
        Assert.Equal("a1", (await drive.NextAsync(BodyOneofCase.Action)).Action.Id);
    }

    [Fact]
    public async Task An_action_that_has_expired_is_never_sent()
    {
        var arm = await RegisterAsync("arm");
        Assert.False(Actions.Deliver(Action("late"), FakeClock.Monotonic));
        Assert.True(Actions.Deliver(Action("in time"), InTime));
        Assert.Equal("in time", (await arm.NextAsync(BodyOneofCase.Action)).Action.Id);
        Assert.Equal(1, Actions.Counters.DroppedFor(DropReason.Expired));
    }

    [Fact]
    public async Task An_action_that_expires_while_it_waits_is_never_sent()
    {
        var arm = await RegisterAsync("arm");
        var tried = false;
        Actions.Handler = happened =>
        {
            // The router's thread is here, so what is delivered now waits; then its time passes.
            Actions.Deliver(Action("waited too long", ActionKind.Resume), InTime);
            _time.Advance(TimeSpan.FromSeconds(5));
            Actions.Deliver(Action("fresh"), InTime);
            tried = true;
            return null;
        };
        await RegisterAsync("drive");
        Assert.Equal("fresh", (await arm.NextAsync(BodyOneofCase.Action)).Action.Id);
        Assert.True(tried);
        Assert.Equal(2, Actions.Counters.DroppedFor(DropReason.Expired));
    }

    [Fact]
    public async Task A_halt_overtakes_what_waits_and_only_a_stop_is_still_sent()
    {
        var arm = await RegisterAsync("arm");
        Actions.Handler = happened =>
        {
            if (happened is not ControllerRegistered { Controller: "drive" }) return null;
            Actions.Deliver(Action("move", ActionKind.GoTo), InTime);
            Actions.Deliver(Action("stop", ActionKind.Stop), InTime);
            Actions.DeliverSafety(TestRouter.Level(SafetyLevel.Halt));
            return null;
        };
        await RegisterAsync("drive");
        Assert.Equal(Safety.Types.Level.Halt, (await arm.NextAsync()).Safety.Level);
        Assert.Equal("stop-h1", (await arm.NextAsync()).Action.Id);
        Assert.Equal("stop", (await arm.NextAsync()).Action.Id);
        Assert.Equal(1, Actions.Counters.DroppedFor(DropReason.Halted));
    }

    [Fact]
    public async Task Who_registers_learns_the_safety_level_before_any_action()
    {
        Actions.DeliverSafety(TestRouter.Level(SafetyLevel.Halt));
        await RegisterAsync("first");
        var arm = Connect();
        arm.Register("arm");
        Assert.Equal("arm", (await arm.NextAsync()).Registered.Name);
        Assert.Equal(Safety.Types.Level.Halt, (await arm.NextAsync()).Safety.Level);
    }

    [Fact]
    public async Task Without_controllers_an_action_is_dropped_and_counted()
    {
        Actions.Deliver(Action("a1"), InTime);
        await Eventually.Until(() => Actions.Counters.DroppedFor(DropReason.NoPeer) == 1, "the drop");
    }

    [Fact]
    public async Task A_vanished_controller_is_forgotten_counted_and_said_once()
    {
        var arm = await RegisterAsync("arm");
        var drive = await RegisterAsync("drive");
        drive.Dispose();
        for (var i = 0; Actions.Controllers == 2; i++)
        {
            Actions.Deliver(Action($"a{i}"), InTime);
            await arm.NextAsync(BodyOneofCase.Action);
        }

        Assert.Equal(1, Actions.Counters.DroppedFor(DropReason.PeerGone));
        var lost = new ControllerLost("drive", "its connection is gone");
        await Eventually.Until(() => _events.Contains(lost), "the loss to be told");
        Assert.Equal(1, _log.Count(LogLevel.Warning));
        Actions.Deliver(Action("after"), InTime);
        Assert.Equal("after", (await arm.NextAsync(BodyOneofCase.Action)).Action.Id);
        Assert.Equal(1, Actions.Counters.DroppedFor(DropReason.PeerGone));
    }

    [Fact]
    public async Task Registering_again_under_the_same_name_changes_nothing()
    {
        var arm = await RegisterAsync("arm");
        arm.Register("arm");
        Assert.Equal("arm", (await arm.NextAsync()).Registered.Name);
        Assert.Single(_events);
        Assert.Equal(1, Actions.Controllers);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("ä")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task A_bad_name_is_rejected_with_what_would_be_right(string name)
    {
        var arm = Connect();
        arm.Register(name);
        Assert.Contains("1 to 64", (await arm.NextAsync()).Rejected.Reason, StringComparison.Ordinal);
        Assert.Equal(1, Actions.Counters.RefusedFor(RefusalReason.BadName));
        Assert.Equal(0, Actions.Controllers);
    }

    [Fact]
    public async Task A_flood_of_registrations_is_bounded_and_the_dead_make_room()
    {
        for (var i = 0; i < 64; i++) await RegisterAsync($"c{i}");
        var late = Connect();
        late.Register("late");
        Assert.Contains("64 controllers", (await late.NextAsync()).Rejected.Reason, StringComparison.Ordinal);
        Assert.Equal(64, Actions.Controllers);
        Assert.Equal(1, Actions.Counters.RefusedFor(RefusalReason.TableFull));

        _controllers[0].Dispose();
        var tries = 1;
        while (true)
        {
            // Time lets the router look again for controllers that are gone; libzmq needs a moment to notice one.
            _time.Advance(TimeSpan.FromSeconds(1));
            late.Register("late");
            if ((await late.NextAsync()).BodyCase == BodyOneofCase.Registered) break;
            Assert.True(++tries < 10_000);
        }

        Assert.Equal(64, Actions.Controllers);
    }

    [Theory]
    [InlineData("", "expected")]
    [InlineData("ffffffff", "not a ControllerMessage")]
    [InlineData("0aff", "not a ControllerMessage")]
    [InlineData("7a00", "empty")]
    public async Task What_cannot_be_read_is_rejected_and_counted(string hex, string why)
    {
        var arm = Connect();
        arm.Send(Convert.FromHexString(hex));
        Assert.Contains(why, (await arm.NextAsync()).Rejected.Reason, StringComparison.Ordinal);
        Assert.Equal(1, Actions.Counters.RefusedFor(RefusalReason.Malformed));
    }

    [Fact]
    public async Task Too_much_is_rejected_or_cut_off_and_the_dialogue_goes_on()
    {
        var arm = Connect();
        arm.Send(new byte[20_000]);
        Assert.Contains("20000 bytes", (await arm.NextAsync()).Rejected.Reason, StringComparison.Ordinal);
        arm.Send([1], [2], [3]);
        Assert.Contains("one frame", (await arm.NextAsync()).Rejected.Reason, StringComparison.Ordinal);
        Connect().Send(new byte[200_000]);
        await RegisterAsync("drive");
    }

    [Fact]
    public async Task Reports_are_checked_before_anybody_sees_them()
    {
        var arm = await RegisterAsync("arm");
        Actions.Deliver(Action("a1"), InTime);
        await arm.NextAsync(BodyOneofCase.Action);
        await Rejected(arm, () => arm.Acknowledge("unknown", accepted: true), "not sent to you");
        await Rejected(arm, () => arm.Report("a1", Progress.Types.State.Running, 1.5, ""), "0 to 1");
        await Rejected(arm, () => arm.Report("a1", Progress.Types.State.Running, double.NaN, ""), "0 to 1");
        await Rejected(arm, () => arm.Report("a1", (Progress.Types.State)99, 0.5, ""), "schema");
        await Rejected(arm, () => arm.Report("a1", Progress.Types.State.Running, 0.5, new string('x', 501)), "500");
        Assert.Single(_events);
        Assert.Equal(4, Actions.Counters.RefusedFor(RefusalReason.OutOfRange));
        Assert.Equal(1, Actions.Counters.RefusedFor(RefusalReason.UnknownAction));
    }

    [Fact]
    public async Task A_handler_that_throws_does_not_end_the_router()
    {
        Actions.Handler = _ => throw new InvalidOperationException("on purpose");
        var arm = await RegisterAsync("arm");
        Actions.Deliver(Action("a1"), InTime);
        Assert.Equal("a1", (await arm.NextAsync(BodyOneofCase.Action)).Action.Id);
        Assert.Equal(1, Actions.Counters.RefusedFor(RefusalReason.HandlerFailed));
    }

    [Fact]
    public async Task A_controller_that_does_not_read_costs_the_others_nothing()
    {
        _started = Router(Options with { ControllerTimeoutMs = 600_000 });
        _started.Start();
        var arm = await RegisterAsync("arm");
        await RegisterAsync("frozen");
        var action = Action("big");
        action.Target = new Track { Label = new string('x', 100_000) };
        for (var sent = 0; Actions.Counters.DroppedFor(DropReason.PeerBehind) == 0; sent++)
        {
            Assert.True(sent < 10_000, "10,000 actions fitted into a controller that does not read");
            Actions.Deliver(action, InTime);
            await arm.NextAsync(BodyOneofCase.Action);
        }
    }

    [Fact]
    public async Task A_controller_in_another_language_gets_an_action()
    {
        using var peer = PythonPeer.Start("control", Actions.Endpoint, "python");
        await Eventually.Until(() => Actions.Controllers == 1, peer.Describe);
        Actions.Deliver(Action("a1"), InTime);
        await Eventually.Until(() => peer.Lines.Count == 3, peer.Describe);
        var deliveries = peer.Lines.Skip(1).Select(line => Parser.ParseFrom(Convert.FromHexString(line))).ToArray();
        Assert.Equal("robot", deliveries[0].Registered.Device);
        Assert.Equal("a1", deliveries[1].Action.Id);
    }

    [Fact]
    public async Task An_action_endpoint_that_is_taken_is_one_clear_line()
    {
        await using var second = Router(Options with { Actions = Actions.Endpoint });
        var fault = Assert.Throws<MessagingException>(second.Start);
        Assert.StartsWith(
            $"zeromq.actions: cannot bind {Actions.Endpoint}: Address already in use", fault.Message,
            StringComparison.Ordinal);
    }

    private TimeSpan InTime => FakeClock.Monotonic + TimeSpan.FromSeconds(5);

    private static async Task Rejected(TestController controller, System.Action send, string why)
    {
        send();
        Assert.Contains(why, (await controller.NextAsync()).Rejected.Reason, StringComparison.Ordinal);
    }

    private static Runtime.Messaging.Messages.Action Action(string id, ActionKind kind = ActionKind.GoTo) =>
        new() { Id = id, Action_ = kind };

    protected ActionRouter Router(ZeroMqSettings options) => TestRouter.Legacy(options, FakeClock, _log);

    private TestController Connect()
    {
        var controller = new TestController(Actions.Endpoint);
        _controllers.Add(controller);
        return controller;
    }

    private async Task<TestController> RegisterAsync(string name)
    {
        var controller = Connect();
        controller.Register(name);
        var answer = await controller.NextAsync();
        Assert.Equal(name, answer.Registered.Name);
        Assert.Equal("robot", answer.Registered.Device);
        return controller;
    }

    private string? Keep(ControllerEvent happened)
    {
        _events.Enqueue(happened);
        return null;
    }

    private string Describe() => string.Join(", ", _events);
}
