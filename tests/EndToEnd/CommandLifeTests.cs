using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Tests.Messaging.Transports.ZeroMq;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Tests.Support;
using Action = EdgePerception.Runtime.Messaging.Messages.Action;
using Body = EdgePerception.Runtime.Messaging.Messages.ControllerDelivery.BodyOneofCase;
using Progress = EdgePerception.Runtime.Messaging.Messages.ControllerMessage.Types.Progress.Types.State;
using State = EdgePerception.Runtime.Messaging.Messages.CommandState.Types.State;

namespace EdgePerception.EndToEnd.Tests;

/// <summary>
/// What a real broker tells of commands whose controller acknowledges, progresses and dies; the live service with the
/// real detector.
/// </summary>
public sealed class CommandLifeTests(Court court) : IClassFixture<Court>
{
    private const string Order = "follow the person on the left";

    [Fact]
    public async Task The_life_of_a_motion_is_told_from_its_receipt_to_the_death_of_its_controller()
    {
        await court.SeesTwoMenAsync();
        using (var arm = await ConnectAsync())
        {
            var done = await GiveAsync("life-done", arm);
            arm.Acknowledge(done.Id, accepted: true);
            arm.Report(done.Id, Progress.Running, 0.5, "");
            await SeesAsync("life-done", State.Executing);
            arm.Report(done.Id, Progress.Succeeded, 1, "there");
            await SeesAsync("life-done", State.Done);
            Assert.Equal(
                ["received mqtt me", "grounded loop", "accepted loop", "executing controller arm",
                    "done controller arm there"], Told("life-done"));
            Assert.Equal([1u, 2, 3, 4, 5], States("life-done").Select(state => state.Header.Sequence));
            Assert.Equal(done.Id, States("life-done")[^1].ActionId);

            var older = await GiveAsync("life-older", arm);
            arm.Acknowledge(older.Id, accepted: true);
            await SeesAsync("life-older", State.Executing);
            var lost = await GiveAsync("life-lost", arm);
            Assert.Equal("pre_empted mqtt me command life-lost takes its place", Told("life-older")[^1]);
            arm.Acknowledge(lost.Id, accepted: true);
            await SeesAsync("life-lost", State.Executing);
        }

        using var next = await ConnectAsync();
        await SeesAsync("life-lost", State.Failed);
        Assert.StartsWith(
            "failed controller arm its controller arm was lost: ", Told("life-lost")[^1], StringComparison.Ordinal);
        await court.Watcher.SeesAsync<Action>(
            "action", action => action is { CommandId: "life-lost", Action_: ActionKind.Stop }, "the stop for it");
    }

    [Fact]
    public async Task A_halt_cancels_the_motion_and_a_copy_of_a_command_makes_no_second_life()
    {
        await court.SeesTwoMenAsync();
        await SayAsync("life-halted", Order);
        await SeesAsync("life-halted", State.Accepted);
        await SayAsync("life-stop", "stop");
        await SeesAsync("life-halted", State.Cancelled);
        Assert.Equal("cancelled safety a stop command", Told("life-halted")[^1]);
        await SayAsync("life-stop", "stop");
        await SayAsync("life-halted", Order);
        await court.Watcher.SendAsync("resume", "{}");
        await court.Service.MayActAsync();
        await SayAsync("life-report", "how many people are there");
        await SeesAsync("life-report", State.Done);
        Assert.Equal(["received mqtt me", "done mqtt me"], Told("life-stop"));
        Assert.Equal(4, Told("life-halted").Count);
        Assert.Single(
            court.Watcher.On<Action>("action"),
            action => action is { CommandId: "life-halted", Action_: ActionKind.Follow });
    }

    // A connection that is gone is noticed by the next one that wants its name.
    private async Task<TestController> ConnectAsync()
    {
        var controller = new TestController(court.Service.Actions);
        var registered = false;
        await Eventually.Until(
            () =>
            {
                if (!registered) controller.Register("arm");
                return registered |= controller.Received().Any(delivery => delivery.BodyCase == Body.Registered);
            },
            "the registration");
        return controller;
    }

    private async Task<Action> GiveAsync(string id, TestController controller)
    {
        await SayAsync(id, Order);
        while (true)
        {
            var action = (await controller.NextAsync(Body.Action)).Action;
            if (action.CommandId == id) return action;
        }
    }

    private Task SayAsync(string id, string text) => court.Watcher.SendAsync(
        "command", $$"""{"id":"{{id}}","text":"{{text}}","ttlMs":60000,"sender":"me"}""");

    private Task<CommandState> SeesAsync(string id, State state) => court.Watcher.SeesAsync<CommandState>(
        $"command/{id}/state", told => told.State == state, $"{state}");

    private IReadOnlyList<CommandState> States(string id) => court.Watcher.On<CommandState>($"command/{id}/state");

    private List<string> Told(string id) =>
        [.. States(id).Select(state =>
            string.Join(' ', new[] { Name(state.State), state.Door, state.Who, state.Reason }
                .Where(word => word.Length > 0)))];

    private static string Name(State state) => TagNames.Of(state);
}
