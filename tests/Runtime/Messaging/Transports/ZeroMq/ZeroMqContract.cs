using System.Diagnostics;
using System.Globalization;
using System.Text;
using EdgePerception.Runtime.Messaging.Encoding;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.ZeroMq;

/// <summary>
/// What both libraries promise, publishing and in the dialogue with controllers, against libzmq's own clients and,
/// where bytes on the wire may differ, against NetMQ's. Each library has a derived class.
/// </summary>
public abstract partial class ZeroMqContract : TransportContract
{
    private readonly List<ZeroMqSubscriber> _subscribers = [];

    /// <summary>The library under test.</summary>
    protected abstract ZeroMqLibrary Library { get; }

    /// <summary>The clients' libraries.</summary>
    public static TheoryData<ZeroMqLibrary> Libraries => [ZeroMqLibrary.Libzmq, ZeroMqLibrary.Netmq];

    protected ZeroMqPublisher Publisher => (ZeroMqPublisher)Transport;

    /// <summary>Sockets of the library under test on ports of the system's choice.</summary>
    protected ZeroMqSettings Options => new()
    {
        Library = Library,
        Publish = "tcp://127.0.0.1:0",
        Actions = "tcp://127.0.0.1:0",
        EventQueue = EventQueue,
        StreamQueue = EventQueue,
    };

    public override async Task DisposeAsync()
    {
        foreach (var subscriber in _subscribers) await subscriber.DisposeAsync();
        foreach (var controller in _controllers) controller.Dispose();
        if (_started is not null) await _started.DisposeAsync();
        await base.DisposeAsync();
    }

    internal override Task<IMessageTransport> CreateAsync() => Task.FromResult<IMessageTransport>(Create(Options));

    protected override async Task ConnectAsync()
    {
        Transport.Start();
        await SubscribeAsync("");
    }

    protected override IReadOnlyList<string> Received(string topic) =>
        [.. _subscribers[0].On(topic.Replace('/', '.')).Select(message => message.Text)];

    [Fact]
    public async Task A_message_has_three_frames_and_the_header_its_number_and_times()
    {
        await ConnectAsync();
        var stamp = new MessageStamp(7, 1_700_000_000_123_456_700, 1_700_000_000_223_456_700);
        Publish("detections/front", "payload", Stream with { Stamp = stamp });
        await Eventually.Until(() => _subscribers[0].On("detections.front").Count == 1, "the message");
        var message = _subscribers[0].On("detections.front")[0];
        Assert.Equal(3, message.Frames);
        Assert.True(EnvelopeHeader.TryRead(message.Header, out var header));
        Assert.Equal(new EnvelopeHeader(EnvelopeHeader.Version, stamp), header);
    }

    [Fact]
    public async Task A_topic_is_wanted_while_somebody_subscribes_to_it()
    {
        Transport.Start();
        Assert.False(Publisher.IsWanted("scene"));
        await SubscribeAsync("detections.front");
        Assert.True(Publisher.IsWanted("detections/front"));
        Assert.False(Publisher.IsWanted("scene"));
        await SubscribeAsync("");
        Assert.True(Publisher.IsWanted("scene"));
        await _subscribers[1].DisposeAsync();
        await Eventually.Until(() => !Publisher.IsWanted("scene"), "the end of the subscription");
        Assert.True(Publisher.IsWanted("detections/front"));
    }

    [Fact]
    public async Task A_late_subscriber_gets_the_newest_retained_values_it_asked_for_at_once()
    {
        await ConnectAsync();
        Publish("safety", "act", State);
        Publish("safety", "halt", State);
        Publish("health", "ok", State);
        await Eventually.Until(() => Received("health").Count > 0, "the first subscriber's values");
        var late = await SubscribeAsync("safety");
        await Eventually.Until(() => late.On("safety").Count > 0, "the late subscriber's value");
        Assert.Equal("halt", late.On("safety")[0].Text);
        Assert.Empty(late.On("health"));
    }

    [Fact]
    public async Task A_subscriber_that_does_not_read_costs_the_others_nothing()
    {
        await ConnectAsync();
        Assert.True(await OverwhelmAsync() > 0, "everything fitted into a subscriber that does not read");
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public async Task Either_librarys_subscriber_reads_every_byte(ZeroMqLibrary client)
    {
        Transport.Start();
        var settings = new ClientSettings { Prefix = "detections" };
        await using var subscriber = await ZeroMqSubscriber.StartAsync(Publisher, client, settings);
        var payload = new byte[Outbox.MaxPayloadBytes];
        Random.Shared.NextBytes(payload);
        Assert.True(Transport.Publish("detections/front", payload, Event));
        await Eventually.Until(() => subscriber.On("detections.front").Count == 1, "the message");
        Assert.Equal(payload, subscriber.On("detections.front")[0].Payload);
    }

    [Fact]
    public async Task Of_three_hundred_starts_in_a_row_none_waits_for_the_next_idle_look()
    {
        // The thread looks by itself once a second, which would make up for a lost wake-up: a start that had one would
        // take that long, and all of them together five minutes.
        var publishing = Stopwatch.StartNew();
        var waits = TimeSpan.Zero;
        for (var i = 0; i < 300; i++)
        {
            await using var publisher = Create(Options);
            publisher.Start();
            await using var subscriber = await ZeroMqSubscriber.StartAsync(publisher, "");
            await Eventually.Until(() => publisher.State == TransportState.Connected, "the start");
            publishing.Restart();
            publisher.Publish("scene", "x"u8, Event);
            await Eventually.Until(() => publisher.Counters.Pending == 0, "the message");
            waits += publishing.Elapsed;
            Assert.Equal(1, publisher.Counters.Delivered);
        }

        Assert.True(waits < TimeSpan.FromSeconds(60), $"300 messages took {waits} to leave");
    }

    [Fact]
    public async Task A_subscriber_may_die_and_another_takes_up_where_the_sequence_is()
    {
        await ConnectAsync();
        Publish("scene", "1", Event with { Stamp = new(1, 0, 0) });
        await Eventually.Until(() => Received("scene").Count == 1, "the first message");
        await _subscribers[0].DisposeAsync();
        for (var i = 2u; i < 5; i++) Publish("scene", $"{i}", Event with { Stamp = new(i, 0, 0) });
        await Eventually.Until(() => Transport.Counters.Pending == 0, "the messages that nobody hears");
        var second = await SubscribeAsync("");
        Publish("scene", "5", Event with { Stamp = new(5, 0, 0) });
        await Eventually.Until(() => second.On("scene").Count == 1, "the next message");
        Assert.True(EnvelopeHeader.TryRead(second.On("scene")[0].Header, out var header));
        Assert.Equal(5u, header.Stamp.Sequence);
    }

    [Fact]
    public async Task An_endpoint_that_is_taken_is_one_clear_line()
    {
        await ConnectAsync();
        await using var second = Create(Options with { Publish = Publisher.Endpoint });
        var fault = Assert.Throws<MessagingException>(second.Start);
        Assert.StartsWith(
            $"zeromq.publish: cannot bind {Publisher.Endpoint}: Address already in use", fault.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public async Task A_separate_client_in_another_language_reads_every_byte()
    {
        Transport.Start();
        using var peer = PythonPeer.Start("subscribe", Publisher.Endpoint);
        await Eventually.Until(() => peer.Lines.Contains("ready"), () => peer.Describe());
        Publish("safety", "first", State);
        await Eventually.Until(
            () => peer.Lines.Any(line => line.StartsWith("safety", StringComparison.Ordinal)),
            () => peer.Describe());
        var stamp = new MessageStamp(3, 1_700_000_000_000_000_001, 1_700_000_000_000_000_002);
        Publish("detections/front", "payload", Event with { Stamp = stamp });
        var payload = Convert.ToHexStringLower(Encoding.UTF8.GetBytes("payload"));
        var expected = string.Create(
            CultureInfo.InvariantCulture,
            $"detections.front 1 32 0 {stamp.Sequence} {stamp.CapturedUnixNs} {stamp.PublishedUnixNs} {payload}");
        await Eventually.Until(() => peer.Lines.Contains(expected), () => peer.Describe());
    }

    private async Task<ZeroMqSubscriber> SubscribeAsync(string prefix)
    {
        var subscriber = await ZeroMqSubscriber.StartAsync(Publisher, prefix);
        _subscribers.Add(subscriber);
        return subscriber;
    }

    /// <summary>
    /// Publishes far more than fits to a subscriber that does not read, while another must get all of it. Returns how
    /// many messages the former missed.
    /// </summary>
    protected async Task<int> OverwhelmAsync()
    {
        const int Messages = 1500;
        using var frozen = new LibZmqClient(Publisher.Endpoint, new ClientSettings { Prefix = "scene", Queue = 1 });
        await Eventually.Until(() => Publisher.Subscriptions == 2, "the subscription of the one that freezes");
        var payload = new byte[100_000];
        for (var sent = 1; sent <= Messages; sent++)
        {
            Assert.True(Transport.Publish("scene", payload, Event));
            await Eventually.Until(() => _subscribers[0].On("scene").Count == sent, "the other subscriber's message");
        }

        await Eventually.Until(() => Transport.Counters.Pending == 0, "the last one's count");
        Assert.Equal(0, Transport.Counters.DroppedFor(DropReason.QueueFull));
        var received = 0;
        while (true)
        {
            // What it reads makes room, so that one of these arrives at last, behind all that waited.
            Publish("scene", "end", Event);
            if (frozen.Receive(20) is not { } message) continue;
            if (message[2].Length < payload.Length) return Messages - received;
            received++;
        }
    }

    protected static ZeroMqPublisher Create(ZeroMqSettings options) =>
        new(options, SensorClock.System, new ListLogger<ZeroMqPublisher>());
}
