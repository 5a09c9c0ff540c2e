using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Tests.Support;
using Action = EdgePerception.Runtime.Messaging.Messages.Action;
using Body = EdgePerception.Runtime.Messaging.Messages.ControllerDelivery.BodyOneofCase;
using Outcome = EdgePerception.Runtime.Messaging.Messages.GroundingAnswer.Types.Outcome;

namespace EdgePerception.EndToEnd.Tests;

/// <summary>
/// Commands over MQTT to the live service with the real detector; each test leaves the robot ready to act.
/// </summary>
public sealed class GroundedCommandTests(Court court) : IClassFixture<Court>
{
    [Fact]
    public async Task Follow_the_person_asks_which_one_of_the_two()
    {
        await court.SeesTwoMenAsync();
        var answer = await court.Watcher.SayAsync("which", "follow the person");
        Assert.Equal((Outcome.Clarify, ActionKind.Follow), (answer.Outcome, answer.Action));
        Assert.False(answer.HasTarget);
        Assert.True(answer.Question.Length > 0);
        Assert.Equal(2, answer.Candidates.Count(candidate => candidate.Label == "person"));
        Assert.DoesNotContain(court.Watcher.On<Action>("action"), action => action.CommandId == "which");
    }

    [Fact]
    public async Task Follow_the_person_on_the_left_acts_on_him_at_the_broker_and_at_the_controller()
    {
        await court.SeesTwoMenAsync();
        var answer = await court.Watcher.SayAsync("left", "follow the person on the left");
        Assert.Equal((Outcome.Act, ActionKind.Follow), (answer.Outcome, answer.Action));
        var people = answer.Candidates.Where(candidate => candidate.Label == "person").ToList();
        Assert.Equal(people.MinBy(candidate => candidate.Box.X)!.Id, answer.Target);
        Assert.NotEmpty(answer.Clauses);

        var published =
            await court.Watcher.SeesAsync<Action>("action", action => action.CommandId == "left", "the action");
        var delivered = await DeliveredAsync("left");
        foreach (var action in new[] { published, delivered })
        {
            Assert.Equal(
                (ActionKind.Follow, answer.Target, "court"), (action.Action_, action.Target.Id, action.Target.Camera));
            Assert.InRange(action.RemainingMs, 1u, 120_000u);
            Assert.True(action.ExpiresAt.ToDateTimeOffset() > action.Header.PublishedAt.ToDateTimeOffset());
        }

        Assert.Equal((published.Id, published.ExpiresAt), (delivered.Id, delivered.ExpiresAt));
    }

    [Fact]
    public async Task A_command_that_the_network_doubles_is_done_once_and_answered_twice()
    {
        await court.SeesTwoMenAsync();
        const string Json = """{"id":"twice","text":"follow the person on the left","ttlMs":60000}""";
        await court.Watcher.SendAsync("command", Json);
        await court.Watcher.AnswerAsync("twice");
        await court.Watcher.SendAsync("command", Json);
        await Eventually.Until(() => court.Watcher.On("command/twice/result").Count == 2, "the answer to the copy");
        var answers = court.Watcher.On<GroundingAnswer>("command/twice/result");
        Assert.Equal(answers[0], answers[1]);
        Assert.Equal(Outcome.Act, answers[0].Outcome);
        await court.Watcher.SayAsync("after-twice", "how many people are there");
        Assert.Single(court.Watcher.On<Action>("action"), action => action.CommandId == "twice");
    }

    [Fact]
    public async Task Bring_me_the_banana_says_that_there_is_none()
    {
        var answer = await court.Watcher.SayAsync("banana", "bring me the banana");
        Assert.Equal((Outcome.Absent, ActionKind.Bring), (answer.Outcome, answer.Action));
        Assert.False(answer.HasTarget);
        Assert.DoesNotContain(court.Watcher.On<Action>("action"), action => action.CommandId == "banana");
    }

    [Theory]
    [InlineData("{ this is not JSON", "not JSON at line 1")]
    [InlineData("\"text\"", "a JSON object is expected")]
    [InlineData("{\"text\":\"follow the person\"}", "id: missing")]
    [InlineData("{\"id\":\"a b\",\"text\":\"follow the person\"}", "id: must be 1 to 64 letters")]
    public async Task A_command_that_cannot_be_read_is_answered_with_the_reason_and_the_service_goes_on(
        string payload, string reason)
    {
        var before = court.Watcher.On("command/invalid/result").Count;
        await court.Watcher.SendAsync("command", payload);
        var answer =
            await court.Watcher.SeesAsync<GroundingAnswer>("command/invalid/result", _ => true, "the reason", before);
        Assert.Equal(Outcome.Refuse, answer.Outcome);
        Assert.Contains(reason, answer.Reason, StringComparison.Ordinal);
        Assert.Equal(ActionKind.Report,
            (await court.Watcher.SayAsync($"after-{Guid.NewGuid():N}", "how many people are there")).Action);
    }

    [Fact]
    public async Task Expired_future_empty_and_overlong_commands_are_refused_each_with_its_reason()
    {
        var now = DateTimeOffset.UtcNow;
        await court.Watcher.SendAsync("command",
            $$"""{"id":"expired","text":"follow the person on the left","issuedAt":"{{now.AddMinutes(-1):O}}"}""");
        await court.Watcher.SendAsync("command",
            $$"""{"id":"future","text":"follow the person on the left","issuedAt":"{{now.AddHours(1):O}}"}""");
        await court.Watcher.SendAsync("command", """{"id":"empty","text":" "}""");
        await court.Watcher.SendAsync("command", $$"""{"id":"long","text":"{{new string('a', 2001)}}"}""");
        (string Id, string Reason)[] expected = [("expired", "the command expired"), ("future", "in the future"),
            ("empty", "text: empty"), ("long", "at most 2,000")];
        foreach (var (id, reason) in expected)
        {
            var answer = await court.Watcher.AnswerAsync(id);
            Assert.Equal(Outcome.Refuse, answer.Outcome);
            Assert.Contains(reason, answer.Reason, StringComparison.Ordinal);
            Assert.DoesNotContain(court.Watcher.On<Action>("action"), action => action.CommandId == id);
        }
    }

    [Fact]
    public async Task A_halt_stops_and_refuses_motion_until_the_resume()
    {
        await court.SeesTwoMenAsync();
        var before = court.Watcher.On("safety").Count;
        await court.Watcher.SendAsync("halt", "now");
        await court.Watcher.SeesAsync<Safety>(
            "safety", safety => safety.Level == Safety.Types.Level.Halt, "the halt", before);
        await DeliveredAsync("", ActionKind.Stop);
        var refused = await court.Watcher.SayAsync("halted", "follow the person on the left");
        Assert.Equal(Outcome.Refuse, refused.Outcome);
        Assert.Contains("no motion while the robot is at halt", refused.Reason, StringComparison.Ordinal);
        Assert.Contains("resume first", refused.Reason, StringComparison.Ordinal);
        Assert.Equal(Outcome.Act, (await court.Watcher.SayAsync("looking", "how many people are there")).Outcome);

        before = court.Watcher.On("safety").Count;
        await court.Watcher.SendAsync("resume", "{}");
        await court.Watcher.SeesAsync<Safety>(
            "safety", safety => safety.Level == Safety.Types.Level.Act, "the way back", before);
        Assert.Equal(Outcome.Act, (await court.Watcher.SayAsync("resumed", "follow the person on the left")).Outcome);
        Assert.Equal(ActionKind.Follow, (await DeliveredAsync("resumed")).Action_);
    }

    [Fact]
    public async Task A_stop_command_halts_and_a_resume_command_leads_back()
    {
        Assert.Equal((Outcome.Act, ActionKind.Stop), await OutcomeAsync("stop-1", "stop, and then follow the person"));
        Assert.Equal(ActionKind.Stop, (await DeliveredAsync("stop-1")).Action_);
        Assert.False(court.Service.Safety.MayAct);
        Assert.Equal((Outcome.Act, ActionKind.Resume), await OutcomeAsync("resume-1", "resume"));
        await court.Service.MayActAsync();
    }

    [Fact]
    public async Task An_answer_also_goes_where_its_command_asked_for_it()
    {
        await court.Watcher.SendAsync(
            "command",
            $$"""{"id":"reply","text":"how many people are there","replyTo":"edge/{{RunningService.Device}}/reply/me"}""");
        Assert.Equal("reply", (await court.Watcher.SeesAsync<GroundingAnswer>("reply/me", _ => true, "the answer")).Id);
    }

    [Fact]
    public async Task Objects_are_told_as_they_come_with_their_camera_and_how_they_look()
    {
        var scene = await court.SeesTwoMenAsync();
        Assert.All(scene.Objects, seen => Assert.Equal("court", seen.Camera));
        Assert.Equal(scene.Objects.Count, scene.Objects.Select(seen => seen.Id).Distinct().Count());
        Assert.Equal((640u, 480u), (scene.Cameras[0].Width, scene.Cameras[0].Height));
        await court.Watcher.SeesAsync<TrackEvent>("tracks/court",
            track => track.Kind == TrackEvent.Types.Kind.New && track.Track.Label == "person", "a new track");
        await court.Watcher.SeesAsync<Detection2DArray>("detections/court",
            array => array.Detections.Count(detection => detection.Results[0].ClassId == "person") >= 2, "detections");
    }

    private async Task<(Outcome, ActionKind)> OutcomeAsync(string id, string text)
    {
        var answer = await court.Watcher.SayAsync(id, text);
        return (answer.Outcome, answer.Action);
    }

    // Deliveries of other tests may still wait at the controller.
    private async Task<Action> DeliveredAsync(string commandId, ActionKind? kind = null)
    {
        while (true)
        {
            var action = (await court.Controller.NextAsync(Body.Action)).Action;
            if (action.CommandId == commandId && (kind is null || action.Action_ == kind)) return action;
        }
    }
}
