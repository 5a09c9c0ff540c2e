using System.Text;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.Mqtt;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.Mqtt;

/// <summary>Brokers that speak only MQTT 3.1.1, and what brokers of version 5 grant.</summary>
public sealed class MqttVersionTests
{
    private static readonly PublishOptions Event = new() { Quality = QualityOfService.AtLeastOnce };

    private readonly ListLogger<MqttTransport> _log = new();

    /// <summary>What such a broker makes of version 5: 3.1.1's refusal, version 5's own, nothing at all.</summary>
    public static TheoryData<byte[]> Refusals => [[0x20, 2, 0, 1], [0x20, 3, 0, 0x84, 0], []];

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_broker_that_speaks_only_3_1_1_is_spoken_to_in_it_and_that_is_said_once(byte[] refusal)
    {
        await using var broker =
            new MqttStub { AnswerToVersion5 = refusal, AfterSubscription = Command("stop", 7) }.Start();
        var heard = new TaskCompletionSource<string>();
        await using var transport = Create(Options(broker.Port));
        transport.Inbound = (topic, payload, _) => heard.TrySetResult($"{topic} {Encoding.UTF8.GetString(payload)}");
        transport.Start();
        var deadline = SensorClock.System.Monotonic + TimeSpan.FromHours(1);
        transport.Publish("scene", "x"u8, Event with { Deadline = deadline });
        Assert.Equal("command stop", await heard.Task.WaitAsync(TimeSpan.FromSeconds(30)));
        await Eventually.Until(() => transport.Counters.Delivered == 1, "the event");
        var last = broker.Messages.Single(message => message.Topic == "edge/robot/scene");
        Assert.Equal(("x", 1), (Encoding.UTF8.GetString(last.Payload), last.Quality));
        await Eventually.Until(() => broker.Acknowledgements == 1, "the acknowledgement of the command");

        broker.Break();
        await Eventually.Until(() => transport.Counters.Connections == 2, "the next connection");
        // Who only hangs up is asked anew each time, for a link that broke looks the same.
        int[] expected = [5, 4, 5, 4];
        Assert.Equal(expected, broker.Versions);
        Assert.Single(_log.Lines, line => line.Text.Contains("speaks MQTT 3.1.1", StringComparison.Ordinal));
        Assert.Equal(1, _log.Count(LogLevel.Warning));
    }

    [Fact]
    public async Task An_event_on_its_way_when_the_connection_breaks_is_sent_again_before_newer_ones()
    {
        await using var broker = new MqttStub { Acknowledges = false }.Start();
        await using var transport = Create(Options(broker.Port));
        transport.Start();
        for (var i = 0; i < 3; i++) transport.Publish("scene", Encoding.UTF8.GetBytes($"{i}"), Event);
        await Eventually.Until(() => Scenes(broker, 1).Count == 3, "the first sending");
        Assert.Equal((3L, 0L), (transport.Counters.Pending, transport.Counters.Delivered));
        broker.Acknowledges = true;
        broker.Break();
        transport.Publish("scene", "3"u8, Event);
        await Eventually.Until(() => transport.Counters.Pending == 0, "the second sending");
        Assert.Equal(["0", "1", "2", "3"], Scenes(broker, 2));
        Assert.Equal((4L, 0L), (transport.Counters.Delivered, transport.Counters.Dropped));
    }

    [Fact]
    public async Task A_broker_that_hung_up_once_is_spoken_to_in_version_5_again()
    {
        await using var broker = new MqttStub { AnswerToVersion5 = [] }.Start();
        await using var transport = Create(Options(broker.Port));
        transport.Start();
        await Eventually.Until(() => transport.Counters.Connections == 1, "the connection in 3.1.1");
        broker.AnswerToVersion5 = null;
        broker.Break();
        await Eventually.Until(() => transport.Counters.Connections == 2, "the next connection");
        Assert.Equal([5, 4, 5], broker.Versions);
    }

    [Fact]
    public async Task What_a_broken_repetition_left_unsent_is_sent_after_what_it_had_sent()
    {
        await using var broker = new MqttStub { Acknowledges = false, Grants = [0x21, 0, 5] }.Start();
        await using var transport = Create(Options(broker.Port));
        transport.Start();
        for (var i = 0; i < 4; i++) transport.Publish("scene", Encoding.UTF8.GetBytes($"{i}"), Event);
        await Eventually.Until(() => Scenes(broker, 1).Count == 4, "the first sending");
        broker.Grants = [0x21, 0, 3];
        broker.Break();
        await Eventually.Until(() => Scenes(broker, 2).Count == 2, "the repetition, as far as the broker lets it");
        broker.Acknowledges = true;
        broker.Break();
        await Eventually.Until(() => transport.Counters.Pending == 0, "the second repetition");
        Assert.Equal(["0", "1"], Scenes(broker, 2));
        Assert.Equal(["0", "1", "2", "3"], Scenes(broker, 3));
    }

    [Fact]
    public async Task What_a_broker_says_before_it_hangs_up_is_quoted_though_something_is_sent_to_it_meanwhile()
    {
        // CONNACK, then DISCONNECT: session taken over.
        await using var broker = new MqttStub { AnswerToVersion5 = [0x20, 3, 0, 0, 0, 0xE0, 2, 0x8E, 0] }.Start();
        await using var transport = Create(Options(broker.Port));
        transport.Start();
        await Eventually.Until(() => _log.Lines.Count(line => line.Level <= LogLevel.Debug) >= 20, "many attempts");
        var lost = _log.Lines.Where(line => line.Text.Contains("no connection", StringComparison.Ordinal)).ToList();
        Assert.All(lost, line => Assert.Contains("Session taken over", line.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_more_is_in_flight_than_the_broker_grants()
    {
        // Property 0x21: Receive Maximum 3, of which one is taken by what the transport says of itself.
        await using var broker = new MqttStub { Acknowledges = false, Grants = [0x21, 0, 3] }.Start();
        await using var transport = Create(Options(broker.Port) with { ShutdownMs = 0 });
        transport.Start();
        for (var i = 0; i < 10; i++) transport.Publish("scene", "x"u8, Event);
        transport.Publish("stats", "a stream goes past them"u8, new PublishOptions());
        await Eventually.Until(() => Scenes(broker, 1).Count == 2, "the first two");
        broker.Acknowledges = true;
        broker.Break();
        await Eventually.Until(() => transport.Counters.Pending == 0, "the rest");
        Assert.Equal(2, Scenes(broker, 1).Count);
        Assert.Equal(10, Scenes(broker, 2).Count);
    }

    [Fact]
    public async Task What_is_longer_than_the_broker_takes_is_dropped_and_counted_and_the_connection_stands()
    {
        // Property 0x27: Maximum Packet Size 1,000.
        await using var broker = new MqttStub { Grants = [0x27, 0, 0, 3, 0xE8] }.Start();
        await using var transport = Create(Options(broker.Port));
        transport.Start();
        transport.Publish("scene", new byte[1000], Event);
        transport.Publish("scene", new byte[800], Event);
        await Eventually.Until(() => transport.Counters.Delivered == 1, "the one that fits");
        Assert.Equal(1, transport.Counters.DroppedFor(DropReason.TooLarge));
        Assert.Equal(1, transport.Counters.Connections);
    }

    [Fact]
    public async Task A_broker_without_quality_1_and_without_retained_messages_gets_what_it_can_take()
    {
        // Properties 0x24: Maximum QoS 0, and 0x25: Retain Available 0.
        await using var broker = new MqttStub { Grants = [0x24, 0, 0x25, 0] }.Start();
        await using var transport = Create(Options(broker.Port));
        transport.Start();
        transport.Publish("safety", "act"u8, Event with { Retain = true });
        await Eventually.Until(() => broker.Messages.Any(message => message.Topic == "edge/robot/safety"), "the state");
        await transport.DisposeAsync();
        Assert.All(broker.Messages, message => Assert.Equal((0, false), (message.Quality, message.Retained)));
        Assert.Equal((1L, 0L), (transport.Counters.Delivered, transport.Counters.Pending));
    }

    [Fact]
    public async Task A_command_longer_than_the_limit_is_passed_over_counted_and_acknowledged()
    {
        // A broker of 3.1.1 cannot be told how much we take.
        byte[] both = [.. Command(new string('x', 400_000), 1), .. Command("stop", 2)];
        await using var broker = new MqttStub { AnswerToVersion5 = [0x20, 2, 0, 1], AfterSubscription = both }.Start();
        var heard = new List<string>();
        await using var transport = Create(Options(broker.Port) with { MaxInboundBytes = 1024 });
        transport.Inbound = (_, payload, _) => heard.Add(Encoding.UTF8.GetString(payload));
        transport.Start();
        await Eventually.Until(() => broker.Acknowledgements == 2, "both acknowledgements");
        Assert.Equal(["stop"], heard);
        Assert.Equal(1, transport.Counters.RefusedFor(RefusalReason.TooLarge));
        Assert.Equal(1, transport.Counters.Connections);
    }

    private static List<string> Scenes(MqttStub broker, int connection) =>
    [
        .. broker.Messages.Where(message => message.Topic == "edge/robot/scene" && message.Connection == connection)
            .Select(message => Encoding.UTF8.GetString(message.Payload)),
    ];

    /// <summary>A PUBLISH of version 3.1.1, quality 1.</summary>
    private static byte[] Command(string text, byte id)
    {
        var topic = Encoding.UTF8.GetBytes("edge/robot/command");
        byte[] body = [0, (byte)topic.Length, .. topic, 0, id, .. Encoding.UTF8.GetBytes(text)];
        List<byte> packet = [0x32];
        for (var left = body.Length; ; left >>= 7)
        {
            packet.Add((byte)((left & 0x7F) | (left > 0x7F ? 0x80 : 0)));
            if (left <= 0x7F) return [.. packet, .. body];
        }
    }

    private static MqttSettings Options(int port) =>
        new() { Port = port, Device = "robot", ReconnectMinMs = 10, ReconnectMaxMs = 50 };

    private MqttTransport Create(MqttSettings options) => new(options, SensorClock.System, _log);
}
