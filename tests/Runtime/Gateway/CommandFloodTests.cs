using System.Globalization;
using System.Text;
using EdgePerception.Policy.Commands;
using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Gateway;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Tests.Pipeline;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using static EdgePerception.Runtime.Messaging.Messages.GroundingAnswer.Types;

namespace EdgePerception.Runtime.Tests.Gateway;

/// <summary>What comes faster than it is read, and what was never a command: no stop among it is lost.</summary>
public sealed class CommandFloodTests : IAsyncLifetime, IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly RecordedMessages _messages;
    private readonly SafetySupervisor _safety;
    private readonly CommandInbox _inbox = new(100_000);
    private readonly ListLogger<CommandGateway> _log = new();
    private readonly CommandGateway _gateway;

    public CommandFloodTests()
    {
        var clock = new SensorClock(_time);
        _messages = RecordedMessages.Start(clock);
        _safety = new SafetySupervisor(new SafetySettings(), clock);
        var options = new CommandSettings { MaxPerSecond = 10 };
        _gateway = new CommandGateway(
            new CommandReader("edge/robot/reply/"), options, new CommandMemory(options, 100_000), _inbox,
            new DoorNotes(), new ArmDoor(options, _safety, clock),
            new ResumeDoor(new SafetySettings(), options, _safety, clock),
            _safety, _messages.Publisher, clock, _log);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _messages.DisposeAsync();

    public void Dispose() => _safety.Dispose();

    [Fact]
    public async Task What_is_beyond_the_limit_is_not_read_and_told_by_its_number_once_a_second()
    {
        for (var i = 0; i < 100; i++) Say($$"""{"id":"c{{i}}","text":"follow the person"}""");
        Assert.Equal(20, Waiting());
        _time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 50; i++) Say($$"""{"id":"d{{i}}","text":"follow the person"}""");
        Assert.Equal(10, Waiting());
        var told = await _messages.OnAsync<GroundingAnswer>("command/invalid/result");
        Assert.All(told, answer => Assert.Equal(Outcome.Refuse, answer.Outcome));
        Assert.Equal(["1 on the topic command", "80 on the topic command"],
            told.Select(answer => answer.Reason[..answer.Reason.IndexOf(" beyond", StringComparison.Ordinal)]));
        Assert.Equal(told.Count, (await _messages.AllAsync()).Count);
    }

    [Theory]
    [InlineData("""{"id":"s","text":"stop"}""")]
    [InlineData("""{"id":"s","text":"sotp"}""")]
    [InlineData("s t o p")]
    [InlineData("do not move")]
    public async Task A_stop_beyond_the_limit_is_obeyed_each_time_and_so_many_are_answered_without_a_line(string stop)
    {
        for (var i = 0; i < 100; i++) Say("""{"id":"c","text":"follow the person"}""");
        Assert.Null(_safety.Standing);
        Say(stop);
        var first = _safety.Standing;
        Assert.Equal("a stop command", first?.Cause);
        for (var i = 0; i < 100; i++) Say(stop);
        Assert.Equal(first!.Number + 100, _safety.Standing!.Number);
        var told = (await _messages.AllAsync()).Where(sent => sent.Text.Contains("\"stop\"", StringComparison.Ordinal));
        Assert.Equal(20, told.Count());
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public void Halts_have_no_limit_log_nothing_and_allocate_little()
    {
        var halt = "stop"u8.ToArray();
        _gateway.Receive("halt", halt, retained: false);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) _gateway.Receive("halt", halt, retained: false);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1000 * 300);
        Assert.Equal(1001, _safety.Standing!.Number);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task Resumes_and_arms_have_limits_of_their_own_and_are_answered_within_them()
    {
        for (var i = 0; i < 100; i++)
        {
            _gateway.Receive("resume", [], retained: false);
            _gateway.Receive("arm", Encoding.UTF8.GetBytes($$"""{"id":"a{{i}}"}"""), retained: false);
        }

        var all = await _messages.AllAsync();
        Assert.Equal(40, all.Count(sent => sent.Topic.StartsWith("command/a", StringComparison.Ordinal)));
        Assert.Equal(40, all.Count(sent => sent.Text.Contains("no halt stands", StringComparison.Ordinal)));
        Assert.Equal(2, all.Count(sent => sent.Text.Contains("beyond the 20 a second", StringComparison.Ordinal)));
        Say("""{"id":"c","text":"follow the person"}""");
        Assert.Equal(1, Waiting());
    }

    /// <summary>Senders that send no command, or one that was damaged, and mean a stop.</summary>
    public static TheoryData<string> StopsWithoutACommand =>
    [
        "halt", "STOP!", " stop\r\n", "'stop'", "stop;", "text=stop", "command: stop", "<stop/>", "{stop}",
        "[\"stop\"]",
        """{"id":"a","text":"emergency stop","issuedAt":""", """{"id":"a","text":["stop"]}""",
        """{"id":"a","TEXT":"freeze"}""", """{"id":"a","text":"go on","text":"stop"}""",
        """{"text":"stop","id":"a","ttlMs":"soon",}""", """{"id":"a","text":"stop \udc00"}""",
        "{\"id\":\"a\",\"text\":\"stop\tright now\"}",
        """{"id":"a","data":{"x":[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]},"text":"stop"}""",
        "\uFEFFstop", "сто\u043F", "\U0001F6D1",
    ];

    [Theory]
    [MemberData(nameof(StopsWithoutACommand))]
    public void A_bare_or_unreadable_stop_halts(string payload)
    {
        Say(payload);
        Assert.NotNull(_safety.Standing);
        Assert.Equal(0, Waiting());
    }

    [Fact]
    public void And_so_it_does_in_other_encodings_cut_and_too_long()
    {
        const string Said = """{"id":"a","text":"stop"}""";
        byte[][] payloads =
        [
            Encoding.Unicode.GetBytes(Said), Encoding.BigEndianUnicode.GetBytes(Said),
            Encoding.Unicode.GetBytes("stop")[..^1], [.. "stop "u8, 0xFC, 0xFF],
            [0, .. "stop"u8, 0], Encoding.UTF8.GetBytes(Said[..^3]),
            Encoding.UTF8.GetBytes(Said.Replace("stop", "stop" + new string('!', 2500), StringComparison.Ordinal)),
            Encoding.UTF8.GetBytes(new string(' ', 70_000) + "stop"),
            Encoding.UTF8.GetBytes("stop" + new string(' ', 70_000)),
        ];
        for (var i = 0; i < payloads.Length; i++)
        {
            _gateway.Receive("command", payloads[i], retained: false);
            Assert.True(_safety.Standing is not null, i.ToString(CultureInfo.InvariantCulture));
            _safety.Resume();
        }
    }

    private int Waiting()
    {
        var count = 0;
        while (_inbox.TryTake(out _)) count++;
        return count;
    }

    private void Say(string payload) => _gateway.Receive("command", Encoding.UTF8.GetBytes(payload), retained: false);
}
