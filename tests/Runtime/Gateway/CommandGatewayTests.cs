using System.Text;
using EdgePerception.Policy.Commands;
using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Gateway;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Tests.Pipeline;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using Microsoft.Extensions.Logging;
using static EdgePerception.Runtime.Messaging.Messages.GroundingAnswer.Types;
using CommandGrounder = EdgePerception.Policy.Commands.CommandGrounder;

namespace EdgePerception.Runtime.Tests.Gateway;

/// <summary>What becomes of each message at the door.</summary>
public sealed class CommandGatewayTests : IAsyncLifetime
{
    private const int Capacity = 2;
    private readonly FakeTimeProvider _time = new();
    private readonly SensorClock _clock;
    private readonly RecordedMessages _messages;
    private readonly SafetySupervisor _safety;
    private readonly CommandInbox _inbox = new(Capacity);
    private readonly DoorNotes _notes = new();
    private readonly CommandMemory _memory = new(new CommandSettings(), Capacity);
    private readonly ListLogger<CommandGateway> _log = new();
    private readonly CommandGateway _gateway;

    public CommandGatewayTests()
    {
        _clock = new SensorClock(_time);
        _messages = RecordedMessages.Start(_clock);
        _safety = Supervisor(_clock);
        _gateway = Gateway(new CommandReader("edge/robot/reply/"), _time);
    }

    private CommandGateway Gateway(CommandReader reader, TimeProvider time) => new(
        reader, new CommandSettings(), _memory, _inbox, _notes, new ArmDoor(new CommandSettings(), _safety, _clock),
        new ResumeDoor(new SafetySettings(), new CommandSettings(), _safety, _clock), _safety, _messages.Publisher,
        new SensorClock(time), _log);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _messages.DisposeAsync();
        _safety.Dispose();
    }

    [Fact]
    public async Task A_command_waits_for_the_loop_with_its_deadline()
    {
        Command("""{"id":"a","text":"follow the person","ttlMs":400,"replyTo":"edge/robot/reply/me"}""");
        Assert.True(_inbox.TryTake(out var command));
        Assert.Equal(("a", "follow the person", "edge/robot/reply/me"), (command.Id, command.Text, command.ReplyTo));
        Assert.Equal(_clock.Monotonic + TimeSpan.FromMilliseconds(400), command.ExpiresAt);
        Assert.Empty(await _messages.AllAsync());
    }

    [Fact]
    public void The_loop_is_told_what_the_door_did_with_each_command_that_has_an_id_and_by_whom()
    {
        Command("""{"id":"a","text":"follow the person","sender":"tablet-2"}""");
        Command("""{"id":"a","text":"follow the person","sender":"tablet-2"}""");
        Command("""{"id":"a","text":"another text"}""");
        Command("""{"id":"s","text":"stop","sender":"tablet-2"}""");
        Command("""{"id":"b","text":"go","issuedAt":1}""");
        Command("""{"id":"c","text":"go","ttlMs":-1,"sender":"tablet-2"}""");
        Command("""{"text":"go"}""");
        var notes = new List<string>();
        while (_notes.TryTake(out var note)) notes.Add($"{note.Command.Id} {note.Command.Sender} {note.End}".TrimEnd());
        Assert.Equal(["a tablet-2", "s tablet-2 Done", "b  Refused", "c  Refused"], notes);
        Assert.True(_inbox.TryTake(out var command));
        Assert.Equal("tablet-2", command.Sender);
    }

    [Fact]
    public async Task A_command_on_which_the_door_throws_is_answered_and_the_next_one_is_taken()
    {
        var time = new FaultyTime { Throws = true };
        var gateway = Gateway(new CommandReader("edge/robot/reply/"), time);
        gateway.Receive("command", """{"id":"a","text":"follow the person"}"""u8, retained: false);
        var answer = Assert.Single(await _messages.OnAsync<GroundingAnswer>("command/a/result"));
        Assert.Equal((Outcome.Refuse, CommandGrounder.InternalError), (answer.Outcome, answer.Reason));
        Assert.Equal(1, _log.Count(LogLevel.Error));
        Assert.NotEqual(SafetyLevel.Halt, _safety.State.Level);

        time.Throws = false;
        gateway.Receive("command", """{"id":"b","text":"follow the person"}"""u8, retained: false);
        Assert.True(_inbox.TryTake(out var command));
        Assert.Equal("b", command.Id);
    }

    [Fact]
    public async Task A_stop_is_obeyed_while_the_door_throws_on_everything_else()
    {
        Gateway(new CommandReader("edge/robot/reply/"), new FaultyTime { Throws = true })
            .Receive("command", """{"id":"s","text":"stop"}"""u8, retained: false);
        Assert.Equal((SafetyLevel.Halt, "s"), (_safety.State.Level, _safety.State.CommandId));
        Assert.Equal(Outcome.Act, Assert.Single(await _messages.OnAsync<GroundingAnswer>("command/s/result")).Outcome);
    }

    [Fact]
    public async Task What_throws_before_it_is_known_whether_it_is_a_stop_counts_as_one_and_is_answered()
    {
        Gateway(null!, new FaultyTime()).Receive("command", """{"id":"s","text":"stop"}"""u8, retained: false);
        Assert.Equal((SafetyLevel.Halt, true), (_safety.State.Level, _safety.State.NeedsResume));
        var answer = Assert.Single(await _messages.OnAsync<GroundingAnswer>("command/invalid/result"));
        Assert.Equal((Outcome.Refuse, CommandGrounder.InternalError), (answer.Outcome, answer.Reason));
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("Please STOP right now!")]
    [InlineData("don't move")]
    public async Task A_stop_halts_at_once_and_is_answered_without_the_loop(string text)
    {
        Command($$"""{"id":"s","text":"{{text}}"}""");
        Assert.Equal(
            (SafetyLevel.Halt, "s", true), (_safety.State.Level, _safety.State.CommandId, _safety.State.NeedsResume));
        Assert.False(_inbox.TryTake(out _));
        var answer = await Answer("s");
        Assert.Equal((Outcome.Act, ActionKind.Stop), (answer.Outcome, answer.Action));
        Assert.False(answer.HasTarget);
    }

    [Theory]
    [InlineData("""{"id":"s","text":"stop","ttlMs":-7}""", "s")]
    [InlineData("""{"id":"s","text":"stop","issuedAt":"yesterday"}""", "s")]
    [InlineData("""{"id":"s","text":"stop","issuedAt":"2001-01-01T00:00:00Z"}""", "s")]
    [InlineData("""{"id":"s","text":"stop","issuedAt":"2099-01-01T00:00:00Z"}""", "s")]
    [InlineData("""{"id":"s","text":"stop","replyTo":"edge/robot/#"}""", "s")]
    [InlineData("""{"id":"not a name","text":"stop"}""", "invalid")]
    [InlineData("""{"text":"stop"}""", "invalid")]
    [InlineData("""{"text":"stop","id":{"deep":[1,2,3]}}""", "invalid")]
    public async Task A_stop_is_obeyed_whatever_else_is_wrong_with_its_message(string json, string id)
    {
        Command(json);
        Assert.Equal(SafetyLevel.Halt, _safety.State.Level);
        var answer = await Answer(id);
        Assert.Equal((Outcome.Act, ActionKind.Stop), (answer.Outcome, answer.Action));
    }

    [Theory]
    [InlineData("stop", "invalid")]
    [InlineData("\"stop\"", "invalid")]
    [InlineData("""{"id":"s","text":"stop" """, "s")]
    [InlineData("""{"id":"s","text":"go to the car","text":"stop"}""", "s")]
    [InlineData("""[{"id":"s","text":"stop"}]""", "invalid")]
    [InlineData("""{"id":"s","Text":"stop"}""", "s")]
    [InlineData("""{"id":"s","text":"stop \ud83d"}""", "s")]
    [InlineData("""{"id":"s","text":"go to the car"} stop""", "s")]
    public async Task A_stop_is_obeyed_in_a_message_that_cannot_be_read(string payload, string id)
    {
        Command(payload);
        Assert.Equal(SafetyLevel.Halt, _safety.State.Level);
        Assert.Equal("a stop in a command that cannot be read", _safety.State.Cause);
        Assert.False(_inbox.TryTake(out _));
        var answer = await Answer(id);
        Assert.Equal((Outcome.Act, ActionKind.Stop), (answer.Outcome, answer.Action));
    }

    [Fact]
    public void A_stop_is_obeyed_in_a_text_or_a_payload_that_is_too_long()
    {
        Command($$"""{"id":"s","text":"stop {{new string('x', 2000)}}"}""");
        Assert.Equal(SafetyLevel.Halt, _safety.State.Level);
        _safety.Resume();
        Command($$"""{"id":"s","note":"{{new string('x', 100_000)}}","text":"stop"}""");
        Assert.Equal(SafetyLevel.Halt, _safety.State.Level);
    }

    [Theory]
    [InlineData("""{"id":"stop","text":"follow the person"}""")]
    [InlineData("""{"id":"stop-1","text":"follow the person","note":"stop","context":{"text":"halt"}}""")]
    [InlineData("""{"id":"a","text":"follow the person","replyTo":"edge/robot/stop"}""")]
    [InlineData("""{"id":"a","text":"don't stop following the person","ttlMs":-1,"note":"stop"}""")]
    [InlineData("""{"id":"a","text":"follow the per""")]
    public void A_message_of_json_is_judged_by_its_text_alone(string json)
    {
        Command(json);
        Assert.NotEqual(SafetyLevel.Halt, _safety.State.Level);
    }

    [Fact]
    public async Task A_stop_is_obeyed_while_the_inbox_is_full()
    {
        for (var i = 0; i <= Capacity; i++) Command($$"""{"id":"c{{i}}","text":"follow the person"}""");
        Command("""{"id":"s","text":"stop"}""");
        Assert.Equal(SafetyLevel.Halt, _safety.State.Level);
        Assert.Equal(Outcome.Act, (await Answer("s")).Outcome);
    }

    [Fact]
    public async Task A_stops_reply_to_that_is_not_allowed_gets_nothing()
    {
        Command("""{"id":"s","text":"stop","replyTo":"edge/other/halt"}""");
        Assert.Equal(["command/s/result"], (await _messages.AllAsync()).Select(sent => sent.Topic));
    }

    [Theory]
    [InlineData("this is no JSON", "not JSON")]
    [InlineData("", "not JSON")]
    [InlineData("[1,2]", "a JSON object is expected")]
    [InlineData("""{"id":"a"}""", "text: missing")]
    [InlineData("""{"id":"a","text":"   "}""", "text: empty")]
    [InlineData("""{"id":"a","text":"go","ttlMs":1e9,"replyTo":5}""", "ttlMs: must be")]
    [InlineData("""{"id":"a","text":"go","ttlMs":1e9,"replyTo":5}""", "replyTo: must be a string")]
    public async Task What_cannot_be_read_is_answered_with_the_reason(string json, string reason)
    {
        Command(json);
        Assert.False(_inbox.TryTake(out _));
        var answer = await Answer(json.Contains("\"a\"", StringComparison.Ordinal) ? "a" : "invalid");
        Assert.Equal(Outcome.Refuse, answer.Outcome);
        Assert.Contains(reason, answer.Reason, StringComparison.Ordinal);
        Assert.Equal(SafetyLevel.Degrade, _safety.State.Level);
    }

    [Fact]
    public void A_text_of_2000_characters_that_take_two_units_each_waits()
    {
        Command($$"""{"id":"a","text":"{{string.Concat(Enumerable.Repeat("\U0001F600", 2000))}}"}""");
        Assert.True(_inbox.TryTake(out var taken));
        Assert.Equal(4000, taken.Text.Length);
    }

    [Fact]
    public async Task A_text_of_more_than_2000_characters_is_refused_with_the_figure()
    {
        Command($$"""{"id":"a","text":"{{new string('a', 2001)}}"}""");
        Command($$"""{"id":"b","text":"{{new string('a', 2000)}}"}""");
        Assert.Contains("2,001", (await Answer("a")).Reason, StringComparison.Ordinal);
        Assert.True(_inbox.TryTake(out var taken));
        Assert.Equal("b", taken.Id);
    }

    [Fact]
    public async Task An_expired_and_a_future_command_are_refused_also_at_their_reply_topic()
    {
        var now = _clock.Now.Utc;
        Command(
            $$"""{"id":"old","text":"go","issuedAt":"{{now.AddSeconds(-11):O}}","replyTo":"edge/robot/reply/me"}""");
        Command($$"""{"id":"new","text":"go","issuedAt":"{{now.AddSeconds(30):O}}"}""");
        Assert.Contains("expired", (await Answer("old")).Reason, StringComparison.Ordinal);
        Assert.Contains("future", (await Answer("new")).Reason, StringComparison.Ordinal);
        Assert.Contains("edge/robot/reply/me", (await _messages.AllAsync()).Select(sent => sent.Topic));
        Assert.False(_inbox.TryTake(out _));
    }

    [Fact]
    public async Task A_command_that_comes_twice_waits_once_and_is_answered_again_with_the_kept_answer()
    {
        const string Json = """{"id":"a","text":"pick up the cup"}""";
        Command(Json);
        Command(Json);
        Assert.True(_inbox.TryTake(out var command));
        Assert.False(_inbox.TryTake(out _));
        Assert.Empty(await _messages.AllAsync());
        _memory.Answer(command, new GroundingAnswer { Id = "a", Outcome = Outcome.Absent, Reason = "kept" });
        Command("""{"id":"a","text":"pick up the cup","replyTo":"edge/robot/reply/late"}""");
        Assert.False(_inbox.TryTake(out _));
        Assert.Equal((Outcome.Absent, "kept"), ((await Answer("a")).Outcome, (await Answer("a")).Reason));
        Assert.Contains("edge/robot/reply/late", (await _messages.AllAsync()).Select(sent => sent.Topic));
    }

    [Fact]
    public async Task A_copy_of_an_answered_command_that_is_too_old_by_now_is_answered_as_it_was()
    {
        var json = $$"""{"id":"a","text":"pick up the cup","issuedAt":"{{_clock.Now.Utc:O}}","ttlMs":1000}""";
        Command(json);
        Assert.True(_inbox.TryTake(out var command));
        _memory.Answer(command, new GroundingAnswer { Id = "a", Outcome = Outcome.Act });
        _time.Advance(TimeSpan.FromMilliseconds(2999));
        Command(json);
        Assert.Equal(Outcome.Act, (await Answer("a")).Outcome);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Command(json);
        var answers = await _messages.OnAsync<GroundingAnswer>("command/a/result");
        Assert.Equal([Outcome.Act, Outcome.Refuse], answers.Select(answer => answer.Outcome));
    }

    [Fact]
    public async Task An_id_that_stands_for_another_command_is_refused_with_the_reason_and_the_first_one_stays()
    {
        Command("""{"id":"a","text":"pick up the cup"}""");
        Command("""{"id":"a","text":"pick up the mug","replyTo":"edge/robot/reply/me"}""");
        var answer = await Answer("a");
        Assert.Equal(Outcome.Refuse, answer.Outcome);
        Assert.Contains("its id stands for another command", answer.Reason, StringComparison.Ordinal);
        Assert.Contains("edge/robot/reply/me", (await _messages.AllAsync()).Select(sent => sent.Topic));
        Assert.True(_inbox.TryTake(out var first));
        Assert.Equal("pick up the cup", first.Text);
        Assert.False(_inbox.TryTake(out _));
    }

    [Fact]
    public async Task A_stop_is_obeyed_each_time_and_under_any_id()
    {
        Command("""{"id":"a","text":"pick up the cup"}""");
        foreach (var _ in Enumerable.Range(0, 3))
        {
            Command("""{"id":"a","text":"stop"}""");
            Assert.Equal((SafetyLevel.Halt, "a"), (_safety.State.Level, _safety.State.CommandId));
            _safety.Resume();
        }

        var answers = await _messages.OnAsync<GroundingAnswer>("command/a/result");
        Assert.Equal([ActionKind.Stop, ActionKind.Stop, ActionKind.Stop], answers.Select(answer => answer.Action));
    }

    [Fact]
    public void A_stop_that_only_the_parser_recognized_is_obeyed_when_it_comes_again()
    {
        const string Json = """{"id":"a","text":"some other words for it"}""";
        Command(Json);
        Assert.True(_inbox.TryTake(out var command));
        _memory.Answer(command, new GroundingAnswer { Id = "a", Outcome = Outcome.Act, Action = ActionKind.Stop });
        Command(Json);
        Assert.Equal((SafetyLevel.Halt, "a"), (_safety.State.Level, _safety.State.CommandId));
    }

    [Fact]
    public async Task What_was_refused_at_the_door_may_be_tried_again_under_its_id()
    {
        for (var i = 0; i <= Capacity; i++) Command($$"""{"id":"c{{i}}","text":"follow the person"}""");
        Command("""{"id":"old","text":"follow the person","issuedAt":"2001-01-01T00:00:00Z"}""");
        Assert.Equal(Outcome.Refuse, (await Answer("old")).Outcome);
        while (_inbox.TryTake(out _))
        {
        }

        Command($$"""{"id":"c{{Capacity}}","text":"follow the person"}""");
        Command("""{"id":"old","text":"follow the dog"}""");
        Assert.True(_inbox.TryTake(out var busy));
        Assert.True(_inbox.TryTake(out var old));
        Assert.Equal(($"c{Capacity}", "follow the dog"), (busy.Id, old.Text));
    }

    [Fact]
    public async Task One_command_too_many_is_refused_and_the_waiting_ones_stay()
    {
        for (var i = 0; i <= Capacity; i++) Command($$"""{"id":"c{{i}}","text":"follow the person"}""");
        var answer = await Answer($"c{Capacity}");
        Assert.Equal((Outcome.Refuse, "too many commands wait already"), (answer.Outcome, answer.Reason));
        Assert.True(_inbox.TryTake(out var first));
        Assert.Equal("c0", first.Id);
    }

    [Fact]
    public void The_halt_topic_halts_whatever_it_holds_and_resume_leads_back()
    {
        _gateway.Receive("halt", "\0\u0001 anything"u8, retained: false);
        Assert.Equal((SafetyLevel.Halt, true), (_safety.State.Level, _safety.State.NeedsResume));
        _gateway.Receive("resume", [], retained: false);
        Assert.Equal((SafetyLevel.Degrade, false), (_safety.State.Level, _safety.State.NeedsResume));
        _gateway.Receive("halt", [], retained: true);
        Assert.Equal((SafetyLevel.Halt, "a halt that the broker kept"), (_safety.State.Level, _safety.State.Cause));
    }

    [Fact]
    public void A_topic_without_use_is_said()
    {
        _gateway.Receive("listen", "start"u8, retained: false);
        Assert.Contains("'listen'", Assert.Single(_log.Lines).Text, StringComparison.Ordinal);
    }

    private static SafetySupervisor Supervisor(SensorClock clock) => new(new SafetySettings(), clock);

    private void Command(string json) => _gateway.Receive("command", Encoding.UTF8.GetBytes(json), retained: false);

    private async Task<GroundingAnswer> Answer(string id) =>
        Assert.Single(await _messages.OnAsync<GroundingAnswer>($"command/{id}/result"));
}
