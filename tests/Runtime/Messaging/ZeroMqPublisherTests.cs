using System.Globalization;
using System.Text;
using EdgePerception.Runtime.Messaging.Encoding;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Sensors.Synchronization;
using EdgePerception.Tests.Support;

namespace EdgePerception.Runtime.Tests.Messaging;

/// <summary>The contract and what is ZeroMQ's own, against libzmq's subscribers.</summary>
public sealed class ZeroMqPublisherTests : TransportContract
{
    private readonly List<ZeroMqSubscriber> _subscribers = [];

    private ZeroMqPublisher Publisher => (ZeroMqPublisher)Transport;

    public override async Task DisposeAsync()
    {
        foreach (var subscriber in _subscribers) await subscriber.DisposeAsync();
        await base.DisposeAsync();
    }

    internal override Task<IMessageTransport> CreateAsync() => Task.FromResult<IMessageTransport>(Create(new ZeroMqOptions
    {
        Publish = "tcp://127.0.0.1:0",
        EventQueue = EventQueue,
        StreamQueue = EventQueue,
    }));

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
    public async Task A_subscriber_that_does_not_read_costs_the_others_nothing_and_is_counted()
    {
        await ConnectAsync();
        using var frozen = new ZeroMqSocket(ZeroMqSocketKind.Subscriber);
        frozen.Set(ZeroMqOption.ReceiveHighWaterMark, 1);
        frozen.Set(ZeroMqOption.Subscribe, "scene"u8);
        frozen.Connect(Publisher.Endpoint);
        await Eventually.Until(() => Publisher.Subscriptions == 2, "the subscription of the one that freezes");

        var payload = new byte[100_000];
        var sent = 0;
        var behind = 0;
        while (behind < 50)
        {
            Assert.True(sent < 20_000, "20,000 messages fitted into a subscriber that does not read");
            Assert.True(Transport.Publish("scene", payload, Event));
            sent++;
            if (Transport.Counters.DroppedFor(DropReason.PeerBehind) > 0) behind++;
            await Eventually.Until(() => _subscribers[0].On("scene").Count == sent, "the other subscriber's message");
        }

        Assert.Equal(0, Transport.Counters.DroppedFor(DropReason.QueueFull));
        // Counted after it is sent, which the other subscriber may see first.
        await Eventually.Until(
            () => Transport.Counters.Delivered + Transport.Counters.DroppedFor(DropReason.PeerBehind) == sent, "the last one's count");
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
        await using var second = Create(new ZeroMqOptions { Publish = Publisher.Endpoint });
        var fault = Assert.Throws<MessagingException>(second.Start);
        Assert.StartsWith($"zeromq.publish: cannot bind {Publisher.Endpoint}: Address already in use", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public async Task Ipc_works_too()
    {
        var path = Path.Combine(Path.GetTempPath(), $"edge-{Guid.NewGuid():N}.ipc");
        await Transport.DisposeAsync();
        await using var publisher = Create(new ZeroMqOptions { Publish = $"ipc://{path}" });
        publisher.Start();
        await using var subscriber = await ZeroMqSubscriber.StartAsync(publisher, "");
        publisher.Publish("scene", "hello"u8, Event);
        await Eventually.Until(() => subscriber.On("scene").Count == 1, "the message");
    }

    [Theory]
    [InlineData("tcp://0.0.0.0:5556", "network")]
    [InlineData("tcp://192.168.1.5:5556", "network")]
    [InlineData("tcp://[::]:5556", "network")]
    [InlineData("tcp://*:5556", "not an endpoint")]
    [InlineData("tcp://eth0:5556", "not an endpoint")]
    [InlineData("tcp://localhost:5556", "not an endpoint")]
    [InlineData("tcp://127.0.0.1", "not an endpoint")]
    [InlineData("tcp://127.0.0.1:70000", "not an endpoint")]
    [InlineData("pgm://127.0.0.1:5556", "not an endpoint")]
    [InlineData("inproc://x", "not an endpoint")]
    [InlineData("ipc://relative", "absolute path")]
    [InlineData("", "not an endpoint")]
    public void Only_endpoints_of_this_machine_are_accepted(string endpoint, string why)
    {
        Assert.Contains(why, ZeroMqOptions.EndpointFault(endpoint), StringComparison.Ordinal);
        Assert.Throws<MessagingException>(() => Create(new ZeroMqOptions { Publish = endpoint }));
    }

    [Theory]
    [InlineData("tcp://127.0.0.1:5556")]
    [InlineData("tcp://127.1.2.3:0")]
    [InlineData("tcp://[::1]:5556")]
    [InlineData("ipc:///run/edge.sock")]
    [InlineData("ipc://@abstract")]
    public void Endpoints_of_this_machine_are_accepted(string endpoint) => Assert.Null(ZeroMqOptions.EndpointFault(endpoint));

    [Fact]
    public async Task A_separate_client_in_another_language_reads_every_byte()
    {
        Transport.Start();
        using var peer = PythonPeer.Start("subscribe", Publisher.Endpoint);
        await Eventually.Until(() => peer.Lines.Contains("ready"), () => peer.Describe());
        Publish("safety", "first", State);
        await Eventually.Until(() => peer.Lines.Any(line => line.StartsWith("safety", StringComparison.Ordinal)), () => peer.Describe());
        var stamp = new MessageStamp(3, 1_700_000_000_000_000_001, 1_700_000_000_000_000_002);
        Publish("detections/front", "payload", Event with { Stamp = stamp });
        var expected = string.Create(CultureInfo.InvariantCulture, $"detections.front 1 32 0 {stamp.Sequence} {stamp.CapturedUnixNs} {stamp.PublishedUnixNs} {Convert.ToHexStringLower(Encoding.UTF8.GetBytes("payload"))}");
        await Eventually.Until(() => peer.Lines.Contains(expected), () => peer.Describe());
    }

    private async Task<ZeroMqSubscriber> SubscribeAsync(string prefix)
    {
        var subscriber = await ZeroMqSubscriber.StartAsync(Publisher, prefix);
        _subscribers.Add(subscriber);
        return subscriber;
    }

    private static ZeroMqPublisher Create(ZeroMqOptions options) => new(options, SensorClock.System, new ListLogger<ZeroMqPublisher>());
}
