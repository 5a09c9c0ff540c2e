using EdgePerception.Policy.Actions;
using EdgePerception.Policy.Language;
using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Runtime.Pipeline;
using EdgePerception.Runtime.Tests.Messaging.Transports.ZeroMq;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using Action = EdgePerception.Runtime.Messaging.Messages.Action;
using Body = EdgePerception.Runtime.Messaging.Messages.ControllerDelivery.BodyOneofCase;

namespace EdgePerception.Runtime.Tests.Pipeline;

/// <summary>Actions and safety levels on their way to a controller (libzmq) and to everybody else.</summary>
public sealed class ActionDispatcherTests : IAsyncLifetime, IDisposable
{
    private readonly SensorClock _clock = SensorClock.System;
    private readonly SafetySupervisor _safety = new(
        new SafetySettings
        {
            ArmAtStart = true,
            DegradeAfterMs = 60_000,
            HaltAfterMs = 600_000,
            RecoverAfterMs = 0,
        },
        SensorClock.System);
    private readonly RecordedMessages _messages;
    private readonly ActionRouter _router;
    private readonly ListLogger<ActionDispatcher> _log = new();
    private readonly MotionEnds _ends = new(new SafetySettings());
    private readonly ActionDispatcher _dispatcher;
    private int _count;
    private TestController _controller = null!;

    public ActionDispatcherTests()
    {
        _messages = RecordedMessages.Start(_clock);
        _router = Router(_clock);
        _dispatcher = new ActionDispatcher(
            _messages.Publisher, _router, new ActionFactory("start", TimeSpan.FromMinutes(2)), _ends, _safety,
            _clock, _log);
        _safety.Decided(_clock.Monotonic);
    }

    public async Task InitializeAsync()
    {
        _router.Start();
        _controller = Connect(_router);
        _controller.Register("arm");
        await _controller.NextAsync(Body.Registered);
    }

    public async Task DisposeAsync()
    {
        _controller.Dispose();
        await _router.DisposeAsync();
        await _messages.DisposeAsync();
    }

    public void Dispose() => _safety.Dispose();

    [Fact]
    public async Task An_action_reaches_the_controller_and_everybody_else_with_its_deadline()
    {
        _dispatcher.Dispatch(Motion("a"), _clock.Now);
        var delivered = (await _controller.NextAsync(Body.Action)).Action;
        var published = Assert.Single(await _messages.OnAsync<Action>("action"));
        Assert.Equal(("a", "a"), (delivered.Id, published.Id));
        foreach (var action in new[] { delivered, published })
        {
            Assert.Equal(ActionKind.GoTo, action.Action_);
            Assert.InRange(action.RemainingMs, 1u, 120_000u);
            Assert.True(action.ExpiresAt.ToDateTimeOffset() > action.Header.PublishedAt.ToDateTimeOffset());
        }
    }

    [Fact]
    public async Task A_confirmed_level_is_said_again_and_stops_nobody_anew()
    {
        var state = Halted("h");
        Tell(state);
        _dispatcher.TellSafety(state, isNews: false);
        _dispatcher.TellSafety(state, isNews: false);
        Assert.Single(await _messages.OnAsync<Action>("action"));
        var last = (await _messages.OnAsync<Safety>("safety"))[^1];
        Assert.Equal((Safety.Types.Level.Halt, "a test"), (last.Level, last.Cause));
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task A_halt_sends_its_level_first_and_then_a_stop_that_names_its_command()
    {
        Tell(Halted("s"));
        Assert.Equal(Safety.Types.Level.Halt, (await _controller.NextAsync(Body.Safety)).Safety.Level);
        var stop = (await _controller.NextAsync(Body.Action)).Action;
        Assert.Equal((ActionKind.Stop, "s"), (stop.Action_, stop.CommandId));
        Assert.Equal(["action", "safety"], (await _messages.AllAsync()).Select(sent => sent.Topic).Order());
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task Between_a_halt_and_the_next_level_no_motion_passes()
    {
        var halt = Halted();
        Tell(halt);
        _dispatcher.Dispatch(Motion("withheld"), _clock.Now);
        _dispatcher.Dispatch(Motion("still", RobotActionKind.Stop), _clock.Now);
        _dispatcher.Dispatch(Motion("again", RobotActionKind.Resume), _clock.Now);
        Tell(Resumed());
        _dispatcher.Dispatch(Motion("allowed"), _clock.Now);
        Assert.Equal([$"stop-{halt.HaltId}", "still", "again", "allowed"], await DeliveredUntil("allowed"));
        Assert.Equal([$"stop-{halt.HaltId}", "still", "again", "allowed"],
            (await _messages.OnAsync<Action>("action")).Select(action => action.Id));
    }

    [Fact]
    public async Task A_degraded_robot_gets_its_level_and_no_stop()
    {
        Tell(TestRouter.Level(SafetyLevel.Degrade));
        Assert.Equal(Safety.Types.Level.Degrade, (await _controller.NextAsync()).Safety.Level);
        Assert.Equal(["safety"], (await _messages.AllAsync()).Select(sent => sent.Topic));
    }

    [Fact]
    public async Task Motions_from_one_thread_and_a_halt_from_another_never_pass_each_other()
    {
        for (var round = 0; round < 20; round++)
        {
            Tell(Resumed());
            var first = _count;
            var motions = Task.Run(() =>
            {
                for (var i = 0; i < 20; i++) _dispatcher.Dispatch(Motion($"m{_count++}"), _clock.Now);
            });
            Tell(Halted($"halt{round}"));
            await motions;
            var ids = (await _messages.OnAsync<Action>("action")).ToList();
            var stop = ids.FindIndex(action => action.CommandId == $"halt{round}");
            Assert.True(stop >= 0);
            Assert.DoesNotContain(ids.Skip(stop), action => action.Action_ == ActionKind.GoTo);
            Assert.True(_count == first + 20);
        }
    }

    [Fact]
    public async Task A_motion_that_is_withdrawn_is_followed_by_a_stop_that_names_its_command()
    {
        _dispatcher.Dispatch(Motion("m"), _clock.Now);
        Assert.Equal("m", (await _controller.NextAsync(Body.Action)).Action.Id);
        _dispatcher.Withdraw("m", "c");
        var stop = (await _controller.NextAsync(Body.Action)).Action;
        Assert.Equal((ActionKind.Stop, "c"), (stop.Action_, stop.CommandId));
        Assert.Contains("m of command c", Assert.Single(_log.Lines).Text, StringComparison.Ordinal);
        Assert.Equal(2, (await _messages.OnAsync<Action>("action")).Count);
    }

    [Fact]
    public void Halts_are_kept_for_the_loop()
    {
        _dispatcher.SafetyChanged(Halted());
        Assert.True(_ends.Take(_clock.Monotonic)?.IsHalt);
    }

    [Fact]
    public async Task Without_controllers_everybody_else_is_still_told()
    {
        var dispatcher = new ActionDispatcher(
            _messages.Publisher, controllers: null, new ActionFactory("start", TimeSpan.FromMinutes(2)), _ends,
            _safety, _clock, _log);
        dispatcher.Dispatch(Motion("a"), _clock.Now);
        dispatcher.TellSafety(Halted(), isNews: true);
        Assert.Equal(["action", "action", "safety"], (await _messages.AllAsync()).Select(sent => sent.Topic).Order());
    }

    private static ActionRouter Router(SensorClock clock) =>
        TestRouter.Legacy(new ZeroMqSettings { Actions = "tcp://127.0.0.1:0" }, clock);

    private static TestController Connect(ActionRouter router) => new(router.Endpoint);

    private async Task<List<string>> DeliveredUntil(string last)
    {
        var ids = new List<string>();
        while (ids.Count == 0 || ids[^1] != last) ids.Add((await _controller.NextAsync(Body.Action)).Action.Id);
        return ids;
    }

    /// <summary>What the supervisor's thread does, and then the journal's.</summary>
    private void Tell(SafetyState state)
    {
        _dispatcher.SafetyChanged(state);
        _dispatcher.TellSafety(state, isNews: true);
    }

    private SafetyState Halted(string command = "")
    {
        _safety.Halt("a test", command);
        return _safety.State;
    }

    private SafetyState Resumed()
    {
        _safety.Resume();
        return _safety.State;
    }

    private RobotAction Motion(string id, RobotActionKind kind = RobotActionKind.GoTo) => new()
    {
        Id = id,
        CommandId = $"of-{id}",
        Kind = kind,
        Steps = [new Policy.Grounding.ActionStep(kind, null, null)],
        Confidence = 1,
        ExpiresAt = _clock.Monotonic + TimeSpan.FromMinutes(2),
    };
}
