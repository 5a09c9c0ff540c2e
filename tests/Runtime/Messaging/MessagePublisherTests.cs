using EdgePerception.Runtime.Messaging;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.InMemory;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using Google.Protobuf;

namespace EdgePerception.Runtime.Tests.Messaging;

/// <summary>What the publisher adds to a message, and which transports it gives it to.</summary>
public sealed class MessagePublisherTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private readonly SensorClock _clock;
    private readonly Peer _mqtt = new();
    private readonly Peer _zeroMq = new();
    private readonly InMemoryTransport[] _transports;
    private readonly MessagePublisher _publisher;

    public MessagePublisherTests()
    {
        _clock = new SensorClock(_time);
        _transports = [Transport(_mqtt), Transport(_zeroMq)];
        _publisher = Over([MessageRoute.Mqtt(_transports[0], streamsMaxHz: 5), MessageRoute.ZeroMq(_transports[1])]);
    }

    public async Task InitializeAsync()
    {
        foreach (var transport in _transports)
        {
            transport.Start();
            await Eventually.Until(() => transport.State == TransportState.Connected, "the connection");
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var transport in _transports) await transport.DisposeAsync();
        _publisher.Dispose();
    }

    [Fact]
    public async Task A_message_is_numbered_by_topic_and_timed_in_the_message_and_the_stamp()
    {
        var captured = _clock.Now;
        _time.Advance(TimeSpan.FromMilliseconds(20));
        _publisher.Publish(Topics.Sounds, new SoundArray { Header = ToMessage.Header(captured) });
        _publisher.Publish(Topics.Scene, new Scene { Header = ToMessage.Header(captured) });
        _publisher.Publish(Topics.Sounds, new SoundArray { Header = ToMessage.Header(captured) });
        await Flushed();
        Assert.Equal([("sounds", 1u), ("scene", 1u), ("sounds", 2u)],
            _zeroMq.All.Select(sent => (sent.Topic, (uint)sent.Options.Stamp.Sequence)));
        var sounds = SoundArray.Parser.ParseFrom(_zeroMq.All[2].Payload);
        Assert.Equal(2u, sounds.Header.Sequence);
        Assert.Equal(_clock.Now.Utc, sounds.Header.PublishedAt.ToDateTimeOffset());
        var stamp = _zeroMq.All[2].Options.Stamp;
        Assert.Equal(20_000_000, stamp.PublishedUnixNs - stamp.CapturedUnixNs);
        Assert.Equal(captured.Utc.ToUnixTimeMilliseconds(), stamp.CapturedUnixNs / 1_000_000);
        Assert.Equal(
            sounds, JsonParser.Default.Parse<SoundArray>(System.Text.Encoding.UTF8.GetString(_mqtt.All[2].Payload)));
    }

    [Fact]
    public async Task Each_topic_goes_where_the_contract_says_as_it_says()
    {
        _publisher.Publish(Topics.Detections, new Detection2DArray(), "front");
        _publisher.Publish(Topics.Tracks, new TrackEvent(), "front");
        _publisher.Publish(Topics.Scene, new Scene());
        _publisher.Publish(Topics.Sounds, new SoundArray());
        _publisher.PublishResult(new GroundingAnswer { Id = "ui-7" }, "edge/robot/reply/ui-7");
        _publisher.Publish(Topics.Action, new Runtime.Messaging.Messages.Action(),
            deadline: _clock.Monotonic + TimeSpan.FromSeconds(2));
        _publisher.Publish(Topics.Safety, new Safety());
        _publisher.Publish(Topics.Health, new Health());
        _publisher.Publish(Topics.Stats, new Stats());
        await Flushed();
        string[] mqtt =
        [
            "detections/front 0", "tracks/front 1", "scene 1", "sounds 1", "command/ui-7/result 1",
            "edge/robot/reply/ui-7 1 absolute",
            "action 1", "safety 1 retained", "health 1 retained", "stats 1",
        ];
        Assert.Equal(mqtt.Order(), _mqtt.All.Select(Described).Order());
        Assert.Equal(
            ["detections/front 0", "safety 1 retained", "scene 1", "sounds 1"], _zeroMq.All.Select(Described).Order());
        Assert.Contains(
            "\"remainingMs\": 2000",
            System.Text.Encoding.UTF8.GetString(_mqtt.All.Single(sent => sent.Topic == "action").Payload),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_without_a_usable_id_has_a_topic_of_its_own()
    {
        _publisher.PublishResult(new GroundingAnswer { Id = "" });
        _publisher.PublishResult(new GroundingAnswer { Id = "../halt" });
        await Flushed();
        Assert.All(_mqtt.All, sent => Assert.Equal("command/invalid/result", sent.Topic));
    }

    [Fact]
    public async Task Detections_are_thinned_for_mqtt_by_camera_and_the_numbers_show_it()
    {
        for (var i = 0; i < 20; i++)
        {
            _publisher.Publish(Topics.Detections, new Detection2DArray(), "front");
            _publisher.Publish(Topics.Detections, new Detection2DArray(), "rear");
            _time.Advance(TimeSpan.FromMilliseconds(50));
            await Flushed();
        }

        Assert.Equal(40, _zeroMq.All.Count);
        var front =
            _mqtt.All.Where(sent => sent.Topic == "detections/front").Select(sent => sent.Options.Stamp.Sequence);
        Assert.Equal([1, 5, 9, 13, 17], front);
        Assert.Equal(10, _mqtt.All.Count);
    }

    [Fact]
    public async Task Numbers_have_no_gap_and_no_twin_when_many_threads_publish()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 100; i++) _publisher.Publish(Topics.Scene, new Scene());
        })));
        await Flushed();
        Assert.Equal(
            Enumerable.Range(1, 400).Select(i => (ulong)i), _zeroMq.All.Select(sent => sent.Options.Stamp.Sequence));
    }

    [Fact]
    public async Task A_message_that_nobody_is_sent_is_not_made_and_has_its_number_all_the_same()
    {
        var made = 0;
        await using var transport = Transport(_mqtt);
        transport.Start();
        await Eventually.Until(() => transport.State == TransportState.Connected, "the connection");
        using var publisher = Over([MessageRoute.Mqtt(transport, streamsMaxHz: 5)]);
        for (var i = 0; i < 9; i++)
        {
            publisher.Publish(Topics.Scene, this, _ => Make());
            _time.Advance(TimeSpan.FromMilliseconds(50));
        }

        await Eventually.Until(() => transport.Counters.Pending == 0, "the messages");
        Assert.Equal(3, made);
        Assert.Equal([1, 5, 9], _mqtt.All.Select(sent => sent.Options.Stamp.Sequence));

        Scene Make()
        {
            made++;
            return new Scene();
        }
    }

    [Fact]
    public void Publishing_makes_no_garbage_of_its_own()
    {
        // A stream to a transport without its peer ends at the transport's door.
        using var publisher = Over([MessageRoute.Mqtt(Transport(_mqtt)), MessageRoute.ZeroMq(Transport(_zeroMq))]);
        var message = new Detection2DArray { Header = new Header() };
        for (var i = 0; i < 14; i++)
            message.Detections.Add(new Detection2D { Id = $"front-{i}", Bbox = new BoundingBox2D() });
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 100; i++) publisher.Publish(Topics.Detections, message, "front");
        }));
    }

    private static string Described(Sent sent)
    {
        var (topic, options) = (sent.Topic, sent.Options);
        var (retained, absolute) = (options.Retain ? " retained" : "", options.AbsoluteTopic ? " absolute" : "");
        return $"{topic} {(int)options.Quality}{retained}{absolute}";
    }

    private async Task Flushed()
    {
        foreach (var transport in _transports)
            await Eventually.Until(() => transport.Counters.Pending == 0, "the messages");
    }

    private MessagePublisher Over(IReadOnlyList<MessageRoute> routes) => new(routes, _clock);

    private InMemoryTransport Transport(Peer peer) =>
        new(peer.Take, new QueueLimits(1000, 1000), _clock, new ListLogger<InMemoryTransport>());

    private sealed record Sent(string Topic, byte[] Payload, PublishOptions Options);

    private sealed class Peer
    {
        private readonly List<Sent> _sent = [];

        public IReadOnlyList<Sent> All
        {
            get
            {
                lock (_sent) return [.. _sent];
            }
        }

        public void Take(string topic, ReadOnlySpan<byte> payload, in PublishOptions options)
        {
            lock (_sent) _sent.Add(new Sent(topic, payload.ToArray(), options));
        }
    }
}
