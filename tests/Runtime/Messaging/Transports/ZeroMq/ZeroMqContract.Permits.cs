using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Tests.Support;
using Google.Protobuf.WellKnownTypes;
using static EdgePerception.Runtime.Messaging.Messages.ControllerDelivery;
using Permit = EdgePerception.Runtime.Messaging.Messages.ControllerDelivery.Types.Permit;
using Register = EdgePerception.Runtime.Messaging.Messages.ControllerMessage.Types.Register;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.ZeroMq;

/// <summary>Permits, heartbeats and stops; the clock is moved by hand, and the test is the supervisor.</summary>
public abstract partial class ZeroMqContract
{
    private static readonly SafetyState Acting = TestRouter.Level(SafetyLevel.Act);
    private static readonly SafetyState Halting = TestRouter.Level(SafetyLevel.Halt);

    private bool _mayMove = true;

    [Fact]
    public async Task A_permit_names_the_motion_and_the_newest_heartbeat()
    {
        Permitting();
        var arm = await RegisterMoverAsync("arm");
        Actions.DeliverBeat(Acting);
        var first = (await arm.NextAsync(BodyOneofCase.Permit)).Permit;
        Assert.Equal((0u, 0u, ""), (first.PermitMs, first.Beat, first.ActionId));

        Actions.Deliver(Action("a1"), InTime);
        await arm.NextAsync(BodyOneofCase.Action);
        await BeatAsync(arm, 7);
        var permit = await NextPermitAsync(arm, Acting);
        Assert.Equal((300u, 7u, "a1"), (permit.PermitMs, permit.Beat, permit.ActionId));
        Assert.True(permit.Sequence > first.Sequence);
    }

    [Theory]
    [InlineData(SafetyLevel.Clarify)]
    [InlineData(SafetyLevel.Degrade)]
    [InlineData(SafetyLevel.Halt)]
    public async Task Below_act_a_permit_is_taken_back_at_once(SafetyLevel level)
    {
        Permitting();
        var arm = await MovingAsync("arm");
        var permit = await NextPermitAsync(arm, TestRouter.Level(level));
        Assert.Equal((0u, ""), (permit.PermitMs, permit.ActionId));
    }

    [Fact]
    public async Task A_beat_that_waited_until_the_gate_closed_permits_nothing()
    {
        Permitting();
        var arm = await MovingAsync("arm");
        _mayMove = false;
        Assert.Equal(0u, (await NextPermitAsync(arm, Acting)).PermitMs);
        Actions.Deliver(Action("a2"), InTime);
        await Eventually.Until(() => Actions.Counters.DroppedFor(DropReason.Halted) == 1, "the motion to be dropped");
        _mayMove = true;
        Actions.Deliver(Action("a3"), InTime);
        Assert.Equal("a3", (await arm.NextAsync(BodyOneofCase.Action)).Action.Id);
    }

    [Fact]
    public async Task A_halt_that_was_lifted_before_the_socket_came_to_it_is_sent_all_the_same()
    {
        Permitting();
        var arm = await MovingAsync("arm");
        using var goesOn = new ManualResetEventSlim();
        await HoldUpAsync(arm, goesOn);
        Actions.DeliverSafety(Acting);
        Actions.DeliverSafety(Halting);
        Actions.DeliverSafety(Acting);
        goesOn.Set();
        Assert.Equal(Safety.Types.Level.Halt, (await NextAsync(arm, BodyOneofCase.Safety)).Safety.Level);
        Assert.Equal("stop-h1", (await arm.NextAsync()).Action.Id);
        Assert.Equal(Safety.Types.Level.Act, (await arm.NextAsync()).Safety.Level);
        Assert.Equal(0u, (await NextPermitAsync(arm, Acting)).PermitMs);
    }

    [Fact]
    public async Task A_level_that_a_halt_followed_is_not_told_after_it()
    {
        Permitting();
        var arm = await RegisterMoverAsync("arm");
        using var goesOn = new ManualResetEventSlim();
        await HoldUpAsync(arm, goesOn);
        Actions.DeliverSafety(Acting);
        Actions.DeliverSafety(Halting);
        goesOn.Set();
        Assert.Equal(Safety.Types.Level.Halt, (await NextAsync(arm, BodyOneofCase.Safety)).Safety.Level);
        Assert.Equal("stop-h1", (await arm.NextAsync()).Action.Id);
        Actions.DeliverSafety(Halting);
        Assert.Equal(Safety.Types.Level.Halt, (await NextAsync(arm, BodyOneofCase.Safety)).Safety.Level);
    }

    [Fact]
    public async Task After_a_halt_nothing_is_permitted_until_there_is_a_new_action()
    {
        Permitting();
        var arm = await MovingAsync("arm");
        Actions.DeliverSafety(Halting);
        await arm.NextAsync(BodyOneofCase.Action);
        Actions.DeliverSafety(Acting);
        Assert.Equal(0u, (await NextPermitAsync(arm, Acting)).PermitMs);
        Actions.Deliver(Action("a2"), InTime);
        await arm.NextAsync(BodyOneofCase.Action);
        Assert.Equal("a2", (await NextPermitAsync(arm, Acting)).ActionId);
        Actions.Withdraw();
        Assert.Equal(0u, (await NextPermitAsync(arm, Acting)).PermitMs);
    }

    [Fact]
    public async Task A_silent_controller_is_overdue_after_its_window_and_forgotten_once_the_halt_is_in_force()
    {
        Permitting();
        var arm = await RegisterMoverAsync("arm", window: 50);
        await Eventually.Until(() => _events.Contains(new ControllerRegistered("arm", Ms(50))), Describe);
        _time.Advance(Ms(50));
        Assert.True(Actions.Overdue <= TimeSpan.Zero);
        await BeatAsync(arm, 1);
        _time.Advance(Ms(50));
        Assert.True(Actions.Overdue <= TimeSpan.Zero);
        _time.Advance(Ms(1));
        Assert.True(Actions.Overdue > TimeSpan.Zero);
        Assert.Equal(
            "the heartbeat of controller arm is lost: silent for more than 50 ms", Actions.OverdueCause);
        Actions.DeliverBeat(Halting);
        await Eventually.Until(
            () => _events.Contains(new ControllerLost("arm", "silent for more than 50 ms")), Describe);
        Assert.Equal((0, 0), (Actions.Controllers, Actions.Movers));
        await Eventually.Until(() => Actions.Overdue <= TimeSpan.Zero, "nobody to be overdue");
        // It lives, and would wait for permits that never come.
        Assert.Equal("register first", (await NextAsync(arm, BodyOneofCase.Rejected)).Rejected.Reason);
        Assert.Contains("arm was forgotten", Actions.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_whose_connection_is_gone_counts_as_overdue_until_the_halt_is_in_force()
    {
        Permitting();
        var arm = await RegisterMoverAsync("arm");
        arm.Dispose();
        await Eventually.Until(
            () =>
            {
                Actions.DeliverBeat(Acting);
                _time.Advance(Ms(1));
                return Actions.Controllers == 0;
            },
            "the connection to be seen gone");
        Assert.True(Actions.Overdue > TimeSpan.Zero);
        Actions.DeliverBeat(Halting);
        await Eventually.Until(() => Actions.Overdue <= TimeSpan.Zero, "the halt to be seen");
    }

    [Fact]
    public async Task A_heartbeat_that_is_said_again_proves_nothing()
    {
        Permitting();
        var arm = await RegisterMoverAsync("arm", window: 50);
        await BeatAsync(arm, 5);
        _time.Advance(Ms(51));
        arm.Beat(5);
        Assert.Contains("must grow", (await NextAsync(arm, BodyOneofCase.Rejected)).Rejected.Reason,
            StringComparison.Ordinal);
        Assert.True(Actions.Overdue > TimeSpan.Zero);
        Assert.Contains("arm was rejected", Actions.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_controller_that_knows_no_permits_gets_levels_and_stops_and_no_motion()
    {
        Permitting();
        var old = await RegisterAsync("old");
        Assert.Equal((1, 0), (Actions.Controllers, Actions.Movers));
        Actions.Deliver(Action("a1"), InTime);
        await Eventually.Until(() => Actions.Counters.DroppedFor(DropReason.NoPermits) == 1, "the drop");
        Actions.DeliverSafety(Halting);
        Assert.Equal(BodyOneofCase.Safety, (await old.NextAsync()).BodyCase);
        Assert.Equal("stop-h1", (await old.NextAsync()).Action.Id);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(Actions.Overdue <= TimeSpan.Zero);
    }

    [Theory]
    [InlineData(19u)]
    [InlineData(501u)]
    [InlineData(uint.MaxValue)]
    public async Task A_window_out_of_range_is_refused(uint window)
    {
        Permitting();
        var arm = Connect();
        arm.Register(new Register { Name = "arm", Permits = true, WindowMs = window });
        Assert.Contains("20 to 500", (await arm.NextAsync()).Rejected.Reason, StringComparison.Ordinal);
        Assert.Equal(0, Actions.Controllers);
    }

    [Theory]
    [InlineData(-2_500, "-2.5 s off")]
    [InlineData(2_500, "+2.5 s off")]
    public async Task A_controller_whose_clock_is_off_is_refused_with_the_figure(int offsetMs, string says)
    {
        Permitting();
        var arm = Connect();
        var now = Timestamp.FromDateTimeOffset(FakeClock.Now.Utc.AddMilliseconds(offsetMs));
        arm.Register(new Register { Name = "arm", Permits = true, Now = now });
        Assert.Contains(says, (await arm.NextAsync()).Rejected.Reason, StringComparison.Ordinal);
        arm.Register(new Register
        {
            Name = "arm",
            Permits = true,
            Now = new Timestamp { Seconds = long.MaxValue, Nanos = -1 },
        });
        Assert.Contains("now: no time between", (await arm.NextAsync()).Rejected.Reason, StringComparison.Ordinal);
        arm.Register(new Register { Name = "arm", Now = Timestamp.FromDateTimeOffset(FakeClock.Now.Utc) });
        Assert.Equal("arm", (await arm.NextAsync()).Registered.Name);
    }

    [Fact]
    public async Task The_owner_has_its_name_back_at_once_by_its_token_and_nobody_else()
    {
        Permitting();
        var arm = Connect();
        arm.Register(new Register { Name = "arm", Permits = true });
        var token = (await arm.NextAsync()).Registered.Token;
        Assert.True(token.Length >= 32);
        var thief = Connect();
        thief.Register(new Register { Name = "arm", Permits = true, Token = new string('0', 32) });
        Assert.Equal(BodyOneofCase.Rejected, (await thief.NextAsync()).BodyCase);
        var back = Connect();
        back.Register(new Register { Name = "arm", Permits = true, Token = token });
        Assert.NotEqual(token, (await back.NextAsync()).Registered.Token);
        Assert.Equal(1, Actions.Controllers);
        Assert.Contains(new ControllerLost("arm", "it registered anew over another connection"), _events);
    }

    [Fact]
    public async Task Where_there_is_a_list_only_those_in_it_register()
    {
        using var folder = new TemporaryFolder();
        var list = folder.Write("controllers", "# the robot's\narm 0123456789abcdef\n\ndrive fedcba9876543210\n");
        _started = TestRouter.Permitting(Options with { ControllersFile = list }, () => true, FakeClock, _log);
        _started.Start();
        var arm = Connect();
        foreach (var (name, token) in new[]
                 {
                     ("arm", ""), ("arm", "fedcba9876543210"), ("other", "0123456789abcdef"),
                     ("arm", new string('x', 200)),
                 })
        {
            arm.Register(new Register { Name = name, Permits = true, Token = token });
            Assert.Equal(BodyOneofCase.Rejected, (await arm.NextAsync()).BodyCase);
        }

        arm.Register(new Register { Name = "arm", Permits = true, Token = "0123456789abcdef" });
        Assert.Equal("0123456789abcdef", (await arm.NextAsync()).Registered.Token);
    }

    [Theory]
    [InlineData("arm", "line 1")]
    [InlineData("arm 0123456789abcdef\narm 0123456789abcdef", "line 2: arm is there twice")]
    [InlineData("arm short", "at least 16 characters")]
    [InlineData("a/b 0123456789abcdef", "line 1")]
    public void A_list_that_is_wrong_is_one_line_and_tells_no_token(string text, string says)
    {
        using var folder = new TemporaryFolder();
        var options = Options with { ControllersFile = folder.Write("controllers", text) };
        var fault = Assert.Throws<MessagingException>(
            () => TestRouter.Permitting(options, () => true, FakeClock, _log));
        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789abcdef", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "arm")]
    [InlineData(false, "")]
    public async Task Whoever_says_halt_is_obeyed_registered_or_not(bool isRegistered, string name)
    {
        var arm = isRegistered ? await RegisterAsync("arm") : Connect();
        _ = Actions;
        arm.Halt(new string('!', 600));
        var halted = new ControllerHalted(name, new string('!', 500));
        await Eventually.Until(() => _events.Contains(halted), Describe);
    }

    [Fact]
    public async Task What_is_not_so_is_not_believed_and_named()
    {
        var arm = await RegisterAsync("arm");
        Actions.Deliver(Action("a1"), InTime);
        await arm.NextAsync(BodyOneofCase.Action);
        var running = ControllerMessage.Types.Progress.Types.State.Running;
        var done = ControllerMessage.Types.Progress.Types.State.Succeeded;
        await Rejected(arm, () => arm.Report("a1", running, 0.5, ""), "acknowledge the action before");
        arm.Acknowledge("a1", accepted: true);
        await Rejected(arm, () => arm.Acknowledge("a1", accepted: true), "was acknowledged before");
        arm.Report("a1", done, 1, "");
        await Rejected(arm, () => arm.Report("a1", done, 1, ""), "has ended");
        await Rejected(arm, () => arm.Report("a1", running, 0.1, ""), "has ended");
        Assert.Equal(3, _events.Count);
        Assert.Contains("arm was rejected", Actions.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flood_of_one_controller_is_not_read_and_the_controller_is_lost_by_it()
    {
        Permitting();
        var drive = await RegisterMoverAsync("drive");
        var arm = await RegisterMoverAsync("arm");
        for (uint beat = 1; Actions.Counters.RefusedFor(RefusalReason.Flood) == 0; beat++)
        {
            Assert.True(beat < 10 * MessageRate.MostASecond, "no flood is seen");
            var heard = Actions.Counters.Received + Actions.Counters.Refused;
            arm.Beat(beat);
            await Eventually.Until(() => Actions.Counters.Received + Actions.Counters.Refused > heard, "the beat");
        }

        Assert.Contains("arm says more than 500 messages a second", Actions.Trouble, StringComparison.Ordinal);
        arm.Halt("a person");
        await Eventually.Until(() => _events.Contains(new ControllerHalted("arm", "a person")), Describe);
        await BeatAsync(drive, 1);
        Actions.DeliverSafety(Halting);
        Assert.Equal(BodyOneofCase.Safety, (await NextAsync(drive, BodyOneofCase.Safety)).BodyCase);
    }

    [Fact]
    public async Task The_end_waits_for_the_stops_acknowledgement_and_not_for_ever()
    {
        var arm = await RegisterAsync("arm");
        Assert.False(await EndsAsync(TimeSpan.FromMilliseconds(50)));
        Actions.DeliverSafety(Halting with { Input = SafetyInput.End });
        var stop = (await arm.NextAsync(BodyOneofCase.Action)).Action;
        Assert.False(await EndsAsync(TimeSpan.FromMilliseconds(50)));
        var ends = Actions.EndAcknowledgedAsync(TimeSpan.FromMinutes(1));
        arm.Acknowledge(stop.Id, accepted: true);
        await Eventually.Until(
            () =>
            {
                _time.Advance(Ms(5));
                return ends.IsCompleted;
            },
            "the end");
        Assert.True(await ends);
    }

    /// <summary>Keeps the router's thread in the handler until it may go on.</summary>
    private async Task HoldUpAsync(TestController controller, ManualResetEventSlim goesOn)
    {
        Actions.Handler = happened =>
        {
            goesOn.Wait();
            return Keep(happened);
        };
        var heard = Actions.Counters.Received;
        controller.Halt("keeps the router");
        await Eventually.Until(() => Actions.Counters.Received > heard, "the router to be kept");
    }

    private async Task<bool> EndsAsync(TimeSpan limit)
    {
        var ends = Actions.EndAcknowledgedAsync(limit);
        while (!ends.IsCompleted) _time.Advance(Ms(5));
        return await ends;
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    /// <summary>Makes the router one that gives motion on permits alone.</summary>
    private void Permitting()
    {
        _started = TestRouter.Permitting(Options, () => Volatile.Read(ref _mayMove), FakeClock, _log);
        _started.Handler = Keep;
        _started.Start();
    }

    private async Task<TestController> RegisterMoverAsync(string name, uint window = 0)
    {
        var controller = Connect();
        controller.Register(new Register { Name = name, Permits = true, WindowMs = window });
        var registered = (await controller.NextAsync()).Registered;
        Assert.Equal((name, window == 0 ? 200 : window), (registered.Name, registered.WindowMs));
        return controller;
    }

    private async Task<TestController> MovingAsync(string name)
    {
        var arm = await RegisterMoverAsync(name);
        Actions.Deliver(Action("a1"), InTime);
        await arm.NextAsync(BodyOneofCase.Action);
        await BeatAsync(arm, 1);
        Assert.Equal(300u, (await NextPermitAsync(arm, Acting)).PermitMs);
        return arm;
    }

    /// <summary>A heartbeat that the router has taken.</summary>
    private async Task BeatAsync(TestController controller, uint beat)
    {
        var taken = Actions.Counters.Received;
        controller.Beat(beat);
        await Eventually.Until(() => Actions.Counters.Received > taken, "the heartbeat to be heard");
    }

    /// <summary>The newest permit, after a round of the supervisor at that state.</summary>
    private async Task<Permit> NextPermitAsync(TestController controller, SafetyState state)
    {
        controller.Received();
        _time.Advance(Ms(50));
        Actions.DeliverBeat(state);
        return (await NextAsync(controller, BodyOneofCase.Permit)).Permit;
    }

    private static Task<ControllerDelivery> NextAsync(TestController controller, BodyOneofCase kind) =>
        controller.NextAsync(kind);
}
