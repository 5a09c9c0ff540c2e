using System.Text;
using EdgePerception.Policy.Commands;
using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Messaging.Commands;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Pipeline;
using EdgePerception.Sensors.Synchronization;
using EdgePerception.Tests.Support;
using static EdgePerception.Runtime.Messaging.Messages.GroundingAnswer.Types;

namespace EdgePerception.Runtime.Tests.Pipeline;

/// <summary>What becomes of each message at the door.</summary>
public sealed class CommandGatewayTests : IAsyncLifetime
{
    private const int Capacity = 2;
    private readonly FakeTimeProvider _time = new();
    private readonly SensorClock _clock;
    private readonly RecordedMessages _messages;
    private readonly SafetySupervisor _safety;
    private readonly CommandInbox _inbox = new(Capacity);
    private readonly ListLogger<CommandGateway> _log = new();
    private readonly CommandGateway _gateway;

    public CommandGatewayTests()
    {
        _clock = new SensorClock(_time);
        _messages = RecordedMessages.Start(_clock);
        _safety = Supervisor(_clock);
        _gateway = new CommandGateway(
            new CommandReader("edge/robot/reply/"), new CommandReaderOptions(), _inbox, _safety, _messages.Publisher, _clock, _log);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _messages.DisposeAsync();
        _safety.Dispose();
    }

    [Fact]
    public async Task A_command_is_parsed_and_waits_for_the_loop_with_its_deadline()
    {
        Command("""{"id":"a","text":"follow the person","ttlMs":400,"replyTo":"edge/robot/reply/me"}""");
        Assert.True(_inbox.TryTake(out var command));
        Assert.Equal(("a", "follow the person", "edge/robot/reply/me"), (command.Id, command.Text, command.ReplyTo));
        Assert.Equal(RobotActionKind.Follow, command.Parsed.Steps[0].Action);
        Assert.Equal(_clock.Monotonic + TimeSpan.FromMilliseconds(400), command.ExpiresAt);
        Assert.Empty(await _messages.AllAsync());
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("Please STOP right now!")]
    [InlineData("don't move")]
    public async Task A_stop_halts_at_once_and_is_answered_without_the_loop(string text)
    {
        Command($$"""{"id":"s","text":"{{text}}"}""");
        Assert.Equal((SafetyLevel.Halt, "s", true), (_safety.State.Level, _safety.State.CommandId, _safety.State.NeedsResume));
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
        Command($$"""{"id":"old","text":"go","issuedAt":"{{now.AddSeconds(-11):O}}","replyTo":"edge/robot/reply/me"}""");
        Command($$"""{"id":"new","text":"go","issuedAt":"{{now.AddSeconds(30):O}}"}""");
        Assert.Contains("expired", (await Answer("old")).Reason, StringComparison.Ordinal);
        Assert.Contains("future", (await Answer("new")).Reason, StringComparison.Ordinal);
        Assert.Contains("edge/robot/reply/me", (await _messages.AllAsync()).Select(sent => sent.Topic));
        Assert.False(_inbox.TryTake(out _));
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
