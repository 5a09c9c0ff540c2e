using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Actions;
using EdgePerception.Policy.Commands;
using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Runtime.Pipeline;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using static EdgePerception.Runtime.Messaging.Messages.ControllerMessage.Types.Progress.Types;
using Action = EdgePerception.Runtime.Messaging.Messages.Action;
using CommandState = EdgePerception.Runtime.Messaging.Messages.CommandState;
using DomainScene = EdgePerception.Fusion.Scenes.Scene;

namespace EdgePerception.Runtime.Tests.Pipeline;

/// <summary>What is told of a command from its receipt to its end, and what is sent for it.</summary>
public sealed class CommandFollowerTests : IAsyncLifetime, IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly SensorClock _clock;
    private readonly RecordedMessages _messages;
    private readonly SafetySupervisor _safety;
    private readonly ControllerInbox _controllers = new();
    private readonly DoorNotes _door = new();
    private readonly ActionDispatcher _dispatcher;
    private readonly CommandFollower _follower;
    private readonly Grounder _grounder = new();
    private readonly DecisionMaker _decisions;
    private SafetyLevel _level = SafetyLevel.Degrade;

    public CommandFollowerTests()
    {
        _clock = new SensorClock(_time);
        _messages = RecordedMessages.Start(_clock);
        var settings = new SafetySettings { ArmAtStart = true, RecoverAfterMs = 0, DegradeAfterMs = 500 };
        _safety = new SafetySupervisor(settings, _clock);
        var ends = new MotionEnds(settings);
        var actions = new ActionFactory("s", TimeSpan.FromSeconds(2));
        _dispatcher = new ActionDispatcher(
            _messages.Publisher, null, actions, ends, _safety, _clock,
            new ListLogger<ActionDispatcher>());
        _decisions = new DecisionMaker(_safety, settings, ends, actions, static () => true, _clock);
        _follower = new CommandFollower(
            new CommandLives(), _door, ends, _controllers, _dispatcher, _safety, _messages.Publisher, _clock);
        _controllers.Add(new ControllerRegistered("arm"));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _messages.DisposeAsync();

    public void Dispose()
    {
        _safety.Dispose();
        _grounder.Dispose();
    }

    [Fact]
    public async Task A_motion_is_told_step_by_step_until_its_controller_has_done_it()
    {
        Tick();
        var action = Say("c", "pick up the cup");
        _controllers.Add(new ActionAcknowledged("arm", action, true, ""));
        Tick();
        _controllers.Add(new ActionProgressed("arm", action, State.Running, 0.5, ""));
        _controllers.Add(new ActionProgressed("arm", action, State.Succeeded, 1, "held"));
        Tick();
        Assert.Equal(
            ["received mqtt me", "grounded loop", "accepted loop", "executing controller arm",
                "done controller arm: held"], await ToldAsync("c"));
        var states = await StatesAsync("c");
        Assert.Equal([1u, 2, 3, 4, 5], states.Select(state => state.Header.Sequence));
        Assert.Equal(["", "", action, action, action], states.Select(state => state.ActionId));
        Assert.Equal([ActionKind.Pick], await ActionsAsync());
    }

    [Theory]
    [InlineData("how many cups are there", "done loop")]
    [InlineData("pick up the object", "clarifying loop: ")]
    [InlineData("pick up the banana", "refused loop: ")]
    [InlineData("stop", "done loop")]
    public async Task What_is_answered_at_once_ends_there(string text, string end)
    {
        Tick();
        Say("c", text);
        var told = await ToldAsync("c");
        Assert.Equal(["received mqtt me", "grounded loop"], told[..2]);
        Assert.StartsWith(end, Assert.Single(told[2..]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_halt_cancels_what_lives_and_nothing_is_taken_up_after_it()
    {
        Tick();
        var action = Say("c", "pick up the cup");
        _controllers.Add(new ActionAcknowledged("arm", action, true, ""));
        Tick();
        _time.Advance(TimeSpan.FromMilliseconds(10));
        _safety.Halt("a person said so");
        Round();
        _safety.Resume();
        Tick();
        Tick();
        Assert.Equal("cancelled safety: a person said so", (await ToldAsync("c"))[^1]);
        Assert.Equal([ActionKind.Pick, ActionKind.Stop], await ActionsAsync());
    }

    [Fact]
    public async Task A_motion_whose_permits_have_ended_is_cancelled_and_withdrawn()
    {
        Tick();
        Say("c", "pick up the cup");
        _time.Advance(TimeSpan.FromMilliseconds(600));
        Round();
        _follower.CatchUp();
        Assert.Equal("accepted loop", (await ToldAsync("c"))[^1]);
        _time.Advance(TimeSpan.FromMilliseconds(301));
        Round();
        _follower.CatchUp();
        Assert.Equal("cancelled safety: no decision for more than 500 ms", (await ToldAsync("c"))[^1]);
        Assert.Equal([ActionKind.Pick, ActionKind.Stop], await ActionsAsync());
    }

    [Fact]
    public async Task A_target_that_is_lost_is_withdrawn_by_a_stop_that_names_its_command_before_the_next_motion()
    {
        Tick();
        Say("c", "pick up the cup");
        Say("d", "go to the dog", Scene("d dog"));
        Assert.Equal("pre_empted mqtt me: command d takes its place", (await ToldAsync("c"))[^1]);
        Tick(Scene("a cup"));
        Assert.Equal("failed loop: lost sight of dog d", (await ToldAsync("d"))[^1]);
        Say("e", "pick up the cup");
        Assert.Equal([ActionKind.Pick, ActionKind.GoTo, ActionKind.Stop, ActionKind.Pick], await ActionsAsync());
        Assert.Equal("d", (await _messages.OnAsync<Action>("action"))[2].CommandId);
    }

    [Fact]
    public async Task A_controller_that_is_lost_fails_its_motion_and_who_is_still_at_it_is_stopped()
    {
        _controllers.Add(new ControllerRegistered("base"));
        Tick();
        var action = Say("c", "pick up the cup");
        _controllers.Add(new ActionAcknowledged("arm", action, true, ""));
        _controllers.Add(new ActionAcknowledged("base", action, true, ""));
        _controllers.Add(new ControllerLost("arm", "its connection is gone"));
        Tick();
        Assert.Equal(
            "failed controller arm: its controller arm was lost: its connection is gone", (await ToldAsync("c"))[^1]);
        Assert.Equal([ActionKind.Pick, ActionKind.Stop], await ActionsAsync());
    }

    [Fact]
    public async Task A_motion_that_nobody_takes_on_expires()
    {
        Tick();
        Say("c", "pick up the cup");
        for (var i = 0; i < 21; i++) Tick();
        Assert.Equal("expired loop: no controller took it on within 2000 ms", (await ToldAsync("c"))[^1]);
    }

    [Fact]
    public async Task Who_never_answered_is_sent_no_stop_once_the_others_have_done_it()
    {
        _controllers.Add(new ControllerRegistered("head"));
        Tick();
        var action = Say("c", "pick up the cup");
        _controllers.Add(new ActionProgressed("arm", action, State.Succeeded, 1, ""));
        Tick();
        Assert.Equal("done controller arm", (await ToldAsync("c"))[^1]);
        Assert.Equal([ActionKind.Pick], await ActionsAsync());
    }

    [Fact]
    public async Task The_end_of_the_loop_ends_the_motion_under_way()
    {
        Tick();
        Say("c", "pick up the cup");
        _follower.End("the service ends");
        Assert.Equal("cancelled loop: the service ends", (await ToldAsync("c"))[^1]);
        Assert.Equal([ActionKind.Pick, ActionKind.Stop], await ActionsAsync());
    }

    [Fact]
    public async Task What_the_door_did_is_told_too()
    {
        var refused = new PendingCommand("c", "go", "", TimeSpan.Zero, TimeSpan.Zero, "me");
        _door.Add(new DoorNote(refused, LifeState.Refused, "too many commands wait already"));
        _door.Add(new DoorNote(refused with { Id = "" }, LifeState.Refused, "id: missing"));
        Tick();
        Assert.Equal(
            ["received mqtt me", "refused mqtt me: too many commands wait already"], await ToldAsync("c"));
        var states = (await _messages.AllAsync()).Select(sent => sent.Topic).Where(topic => topic.StartsWith("command/",
            StringComparison.Ordinal));
        Assert.Equal(2, states.Count());
    }

    [Fact]
    public void The_gate_is_told_how_sure_the_motion_under_way_still_is()
    {
        Tick();
        Say("c", "pick up the cup");
        Tick();
        Assert.True(_safety.MayAct);
        Tick(Scene("a bottle"));
        Assert.Equal(SafetyInput.Confidence, _safety.State.Input);
        Tick();
        Assert.True(_safety.MayAct);
    }

    [Fact]
    public void Nothing_is_allocated_while_nothing_runs()
    {
        var scene = Scene("a cup");
        Assert.Equal(0, Allocations.Least(() =>
        {
            _follower.CatchUp();
            _follower.Look(scene, isNew: true);
        }));
    }

    private void Tick(DomainScene? scene = null)
    {
        _time.Advance(TimeSpan.FromMilliseconds(100));
        _safety.Decided(_clock.Monotonic);
        Round();
        _follower.CatchUp();
        _follower.Look(scene ?? Scene("a cup;d dog"), isNew: true);
    }

    // What the supervisor's thread does.
    private void Round()
    {
        var state = _safety.State;
        if (state.Level != _level)
        {
            _dispatcher.SafetyChanged(state);
            _dispatcher.TellSafety(state, isNews: true);
        }

        _level = state.Level;
    }

    // The stages of the loop behind the tick; the id of the action, where there is one.
    private string Say(string id, string text, DomainScene? scene = null)
    {
        scene ??= Scene("a cup;d dog");
        var command = new PendingCommand(id, text, "", _clock.Monotonic, TimeSpan.MaxValue, "me");
        _door.Add(new DoorNote(command));
        _follower.CatchUp();
        var grounded = new GroundedCommand(command, _grounder.Ground(id, text, scene));
        _follower.Grounded(grounded);
        var decision = Assert.Single(_decisions.Decide([grounded], scene));
        _follower.Decided(decision, scene);
        if (decision.Action is { } action) _dispatcher.Dispatch(action, scene.Time);
        return decision.Action?.Id ?? "";
    }

    private async Task<IReadOnlyList<CommandState>> StatesAsync(string id) =>
        await _messages.OnAsync<CommandState>($"command/{id}/state");

    private async Task<List<string>> ToldAsync(string id) =>
        [.. (await StatesAsync(id)).Select(state =>
            $"{Name(state.State)} {$"{state.Door} {state.Who}".TrimEnd()}"
            + (state.Reason.Length > 0 ? $": {state.Reason}" : ""))];

    private async Task<List<ActionKind>> ActionsAsync() =>
        [.. (await _messages.OnAsync<Action>("action")).Select(action => action.Action_)];

    private static string Name(CommandState.Types.State state) => TagNames.Of(state);

    private static DomainScene Scene(string objects)
    {
        var scene = new DomainScene();
        scene.Cameras.Add(new CameraView("main", 640, 480, 70));
        foreach (var (line, place) in objects.Split(';').Select((line, place) => (line.Split(' '), place)))
            scene.Objects.Add(new SceneObject(
                line[0], "main", line[1], 0.9f, new BoundingBox(100 + 200 * place, 200, 60, 80), null, null));
        return scene;
    }
}
