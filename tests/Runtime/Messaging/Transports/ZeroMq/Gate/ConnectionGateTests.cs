using System.Collections.Concurrent;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq.Gate;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using static EdgePerception.Runtime.Messaging.Messages.ControllerDelivery;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.ZeroMq.Gate;

/// <summary>Real clients reach the service through the gate, and whoever goes beyond a limit does not.</summary>
public sealed class ConnectionGateTests : IAsyncLifetime, IDisposable
{
    private static readonly PublishOptions Event = new() { Quality = QualityOfService.AtLeastOnce };

    private readonly TemporaryFolder _folder = new();
    private readonly List<IAsyncDisposable> _open = [];
    private readonly ConcurrentQueue<GateRefusal> _refusals = new();

    public static TheoryData<string, string> Endpoints => new()
    {
        { "tcp", "tcp" }, { "ipc", "ipc" }, { "abstract", "abstract" }, { "ipc", "tcp" }, { "tcp", "abstract" },
    };

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var each in Enumerable.Reverse(_open)) await each.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task A_controller_talks_through_it(string outer, string inner)
    {
        var router = Router(inner);
        var gate = Gate(router.Endpoint, new GateLimits(), outer);
        using var arm = new TestController(gate.Endpoint);
        arm.Register("arm");
        await arm.NextAsync(BodyOneofCase.Registered);
        var deadline = SensorClock.System.Monotonic + TimeSpan.FromMinutes(1);
        router.Deliver(new Runtime.Messaging.Messages.Action { Id = "a1" }, deadline);
        Assert.Equal("a1", (await arm.NextAsync(BodyOneofCase.Action)).Action.Id);
        Assert.Equal(1, gate.Connections);
        Assert.Empty(_refusals);
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Subscribers_get_every_message_through_it_in_order(string outer, string inner)
    {
        var publisher = Publisher(inner);
        var gate = Gate(publisher.Endpoint, new GateLimits { Subscriptions = 4, MessageParts = 1 }, outer);
        var all = await ZeroMqSubscriber.StartAsync(publisher, "", gate.Endpoint);
        _open.Add(all);
        var some = await ZeroMqSubscriber.StartAsync(publisher, "b", gate.Endpoint);
        _open.Add(some);
        for (var i = 0; i < 300; i++)
        {
            var payload = new byte[i % 50 == 0 ? 1_000_000 : 1000];
            publisher.Publish(i % 3 == 0 ? "b" : "a", payload, Event with { Stamp = new((uint)i, 0, 0) });
            if (i % 50 == 49) await Eventually.Until(() => publisher.Counters.Pending == 0, "the messages' sending");
        }

        await Eventually.Until(() => all.On("a").Count == 200 && all.On("b").Count == 100, "all messages");
        await Eventually.Until(() => some.On("b").Count == 100, "those that were asked for");
        var numbers = some.On("b").Select(message => BitConverter.ToInt32(message.Header, 8));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => i * 3), numbers);
        Assert.Equal(2, gate.Connections);
        await some.DisposeAsync();
        await Eventually.Until(() => gate.Connections == 1, "the end of the one that left");
        Assert.Empty(_refusals);
    }

    [Fact]
    public async Task Clients_in_another_language_work_through_it()
    {
        var (publisher, router) = (Publisher("tcp"), Router("ipc"));
        var outside = Gate(publisher.Endpoint, new GateLimits { Subscriptions = 4 }, "ipc");
        var actions = Gate(router.Endpoint, new GateLimits(), "tcp");
        using var subscriber = PythonPeer.Start("subscribe", outside.Endpoint);
        using var controller = PythonPeer.Start("control", actions.Endpoint, "arm");
        await Eventually.Until(() => publisher.Subscriptions == 1, () => subscriber.Describe());
        publisher.Publish("scene", "hello"u8, Event);
        await Eventually.Until(
            () => subscriber.Lines.Any(line => line.StartsWith("scene", StringComparison.Ordinal)),
            subscriber.Describe);
        await Eventually.Until(() => router.Controllers == 1, () => controller.Describe());
    }

    [Fact]
    public async Task Encrypted_connections_pass_as_well()
    {
        var script =
            Path.Combine(AppContext.BaseDirectory, "Messaging", "Transports", "ZeroMq", "Gate", "zeromq_curve.py");
        var keys = Path.Combine(_folder.Path, "key");
        var inner = Place("ipc");
        using var service = PythonPeer.Run(script, "serve", inner, keys);
        await Eventually.Until(() => service.Lines.Contains("ready"), () => service.Describe());
        var limits = new GateLimits { Mechanism = ZmtpMechanism.Curve, FrameBytes = 1000, Subscriptions = 4 };
        var gate = Gate(inner, limits, "tcp");
        using var client = PythonPeer.Run(script, "subscribe", gate.Endpoint, keys, "999");
        await Eventually.Until(
            () => client.Lines.Contains("received hello"),
            () => client.Describe() + service.Describe() + string.Join(' ', _refusals.Take(3)));
        using var other = PythonPeer.Run(script, "subscribe", gate.Endpoint, keys, "1100");
        await Eventually.Until(() => gate.RefusedFor(GateReason.LongFrame) > 0, other.Describe);
    }

    [Fact]
    public async Task An_encrypted_peer_is_read_as_fast_as_its_budget_grows()
    {
        await using var service = new SinkService();
        var time = new FakeTimeProvider();
        var limits = new GateLimits
        {
            Mechanism = ZmtpMechanism.Curve,
            CurveBurstBytes = 100_000,
            CurveBytesPerSecond = 10_000,
        };
        var gate = Gate(service.Endpoint, limits, "tcp", time);
        using var peer = new RawPeer(gate.Endpoint);
        var stream = ZmtpStream.Established("CURVE");
        while (stream.Length < 200_000) stream.Command("MESSAGE", new byte[900]);
        Assert.True(peer.Say(stream.Bytes));
        await Eventually.Until(() => service.Received is > 95_000 and <= 100_000, () => $"{service.Received} bytes");
        time.Advance(TimeSpan.FromSeconds(5));
        await Eventually.Until(() => service.Received is > 145_000 and <= 150_000, () => $"{service.Received} bytes");
        time.Advance(TimeSpan.FromSeconds(60));
        await Eventually.Until(() => service.Received == stream.Length, () => $"{service.Received} bytes");
        Assert.Empty(_refusals);
    }

    [Theory]
    [InlineData("tcp", "127.0.0.1:")]
    [InlineData("ipc", "process ")]
    [InlineData("abstract", "process ")]
    public async Task Who_goes_beyond_a_limit_is_cut_off_and_named_while_others_are_served(string outer, string name)
    {
        var router = Router("tcp");
        var gate = Gate(router.Endpoint, new GateLimits { MessageParts = 8 }, outer);
        using var arm = new TestController(gate.Endpoint);
        arm.Register("arm");
        await arm.NextAsync(BodyOneofCase.Registered);
        using var peer = new RawPeer(gate.Endpoint);
        await peer.ShakeHandsAsync("DEALER");
        Assert.Equal(2, gate.Connections);
        var parts = new ZmtpStream();
        for (var i = 0; i < 9; i++) parts.Part(100, more: true);
        peer.Say(parts.Bytes);
        await Eventually.Until(() => IsCutOff(peer), "the end of the connection");
        await Eventually.Until(() => gate.Connections == 1, "the end at the gate");
        Assert.Equal(1, gate.RefusedFor(GateReason.ManyParts));
        var refusal = Assert.Single(_refusals);
        Assert.Equal(GateReason.ManyParts, refusal.Reason);
        Assert.StartsWith(name, refusal.Peer, StringComparison.Ordinal);
        arm.Register("arm");
        await arm.NextAsync(BodyOneofCase.Registered);
    }

    [Fact]
    public async Task Who_does_not_end_the_handshake_or_a_message_in_time_is_cut_off()
    {
        await using var service = new SinkService();
        var time = new FakeTimeProvider();
        var gate = Gate(service.Endpoint, new GateLimits(), "tcp", time);
        using var silent = new RawPeer(gate.Endpoint);
        using var slow = new RawPeer(gate.Endpoint);
        using var quiet = new RawPeer(gate.Endpoint);
        silent.Say(new ZmtpStream().Greeting().Bytes);
        slow.Say(ZmtpStream.Established().Part(5, more: true).Bytes);
        quiet.Say(ZmtpStream.Established().Part(5, more: false).Bytes);
        var all = 64 + ZmtpStream.Established().Length * 2 + 14;
        await Eventually.Until(() => service.Received == all, () => $"{service.Received} of {all} bytes");
        time.Advance(TimeSpan.FromSeconds(4.9));
        slow.Say(new ZmtpStream().Part(5, more: true).Bytes);
        await Eventually.Until(() => service.Received == all + 7, "the next part");
        Assert.Equal(3, gate.Connections);
        time.Advance(TimeSpan.FromSeconds(0.2));
        await Eventually.Until(() => gate.Connections == 1, "the end of both");
        Assert.Equal(1, gate.RefusedFor(GateReason.SlowHandshake));
        Assert.Equal(1, gate.RefusedFor(GateReason.SlowMessage));
        time.Advance(TimeSpan.FromHours(1));
        quiet.Say(new ZmtpStream().Part(5, more: false).Bytes);
        await Eventually.Until(() => service.Received == all + 14, "what the quiet one says at last");
    }

    [Fact]
    public async Task While_the_service_does_not_read_the_peer_waits_and_is_not_blamed()
    {
        await using var service = new SinkService(reads: false);
        var time = new FakeTimeProvider();
        var gate = Gate(service.Endpoint, new GateLimits(), "tcp", time);
        using var peer = new RawPeer(gate.Endpoint);
        var stream = ZmtpStream.Established();
        for (var i = 0; i < 400; i++) stream.Part(60_000, more: false);
        var (bytes, said, last) = (stream.Bytes, 0, Environment.TickCount64);
        await Eventually.Until(() => Say() == 0 && Environment.TickCount64 > last + 500, "the standstill");
        for (var i = 0; i < 20; i++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            using var other = new RawPeer(gate.Endpoint);
            await Eventually.Until(() => gate.Connections == 2, "another one's connection");
            other.Dispose();
            await Eventually.Until(() => gate.Connections == 1, "another one's end");
        }

        Assert.InRange(said, 1, bytes.Length - 1);
        service.Read();
        await Eventually.Until(() => Say() == 0 && service.Received == bytes.Length, () => $"{service.Received} bytes");
        Assert.Empty(_refusals);

        int Say()
        {
            var taken = peer.Offer(bytes.AsSpan(said));
            if (taken > 0) last = Environment.TickCount64;
            said += taken;
            return taken;
        }
    }

    [Fact]
    public async Task One_connection_more_than_may_be_is_closed_at_once()
    {
        await using var service = new SinkService();
        var gate = Gate(service.Endpoint, new GateLimits { Connections = 2 }, "tcp");
        using var first = new RawPeer(gate.Endpoint);
        using var second = new RawPeer(gate.Endpoint);
        await Eventually.Until(() => gate.Connections == 2, "two connections");
        using var third = new RawPeer(gate.Endpoint);
        await Eventually.Until(() => third.IsCutOff, "the third one's end");
        Assert.Equal(1, gate.RefusedFor(GateReason.TooManyConnections));
        first.Dispose();
        await Eventually.Until(() => gate.Connections == 1, "the first one's end");
        using var fourth = new RawPeer(gate.Endpoint);
        await Eventually.Until(() => gate.Connections == 2, "the fourth one's connection");
    }

    [Fact]
    public async Task A_connection_that_leaves_the_library_no_descriptors_is_closed_at_once()
    {
        await using var service = new SinkService();
        var gate = Gate(service.Endpoint, new GateLimits { Descriptors = 1 }, "tcp");
        using var peer = new RawPeer(gate.Endpoint);
        await Eventually.Until(() => peer.IsCutOff, "its end");
        Assert.Equal(1, gate.RefusedFor(GateReason.NoResources));
        Assert.Equal(0, service.Received);
    }

    [Theory]
    [InlineData("tcp://127.0.0.1:1")]
    [InlineData("ipc://@edge-perception-nobody")]
    public async Task Without_a_service_behind_it_a_peer_is_told_so_by_the_end(string inner)
    {
        var gate = Gate(inner, new GateLimits(), "tcp");
        using var peer = new RawPeer(gate.Endpoint);
        await Eventually.Until(() => peer.IsCutOff, "the end");
        Assert.Equal(GateReason.NoService, Assert.Single(_refusals).Reason);
    }

    [Fact]
    public async Task What_was_said_before_the_end_arrives_and_the_end_of_one_side_is_the_end_of_the_other()
    {
        await using var service = new SinkService();
        var gate = Gate(service.Endpoint, new GateLimits(), "tcp");
        var stream = ZmtpStream.Established();
        for (var i = 0; i < 100; i++) stream.Part(60_000, more: false);
        using (var peer = new RawPeer(gate.Endpoint)) Assert.True(peer.Say(stream.Bytes));
        await Eventually.Until(() => service.Received == stream.Length, () => $"{service.Received} bytes");
        await Eventually.Until(() => gate.Connections == 0, "the peer's end");

        using var other = new RawPeer(gate.Endpoint);
        await Eventually.Until(() => gate.Connections == 1 && service.Connections == 2, "another connection");
        await service.DisposeAsync();
        await Eventually.Until(() => other.IsCutOff, "the end by the service");
        Assert.Empty(_refusals);
    }

    private static bool IsCutOff(RawPeer peer)
    {
        // The library's greeting lies before the end.
        if (!peer.IsCutOff) peer.Drain();
        return peer.IsCutOff;
    }

    private string Place(string kind) => kind switch
    {
        "tcp" => "tcp://127.0.0.1:0",
        "ipc" => $"ipc://{_folder.Path}/{_open.Count}",
        _ => $"ipc://@edge-perception-{Guid.NewGuid():N}",
    };

    private ConnectionGate Gate(string inner, GateLimits limits, string kind, TimeProvider? time = null) =>
        GateAt(Place(kind), inner, limits, time);

    private ConnectionGate GateAt(string endpoint, string inner, GateLimits limits, TimeProvider? time = null)
    {
        var clock = time is null ? SensorClock.System : new SensorClock(time);
        var gate = new ConnectionGate(
            "gate", endpoint, inner, limits, clock, new ListLogger<ConnectionGate>(), _refusals.Enqueue);
        _open.Add(gate);
        gate.Start();
        return gate;
    }

    private ActionRouter Router(string kind)
    {
        var options = new ZeroMqSettings { Library = ZeroMqLibrary.Libzmq, Actions = Place(kind) };
        var router = TestRouter.Legacy(options, SensorClock.System);
        _open.Add(router);
        router.Start();
        return router;
    }

    private ZeroMqPublisher Publisher(string kind)
    {
        var options = new ZeroMqSettings
        {
            Library = ZeroMqLibrary.Libzmq,
            Publish = Place(kind),
            SubscriberQueue = 1000, // all that is sent, however slow the machine is
        };
        var publisher = new ZeroMqPublisher(options, SensorClock.System, new ListLogger<ZeroMqPublisher>());
        _open.Add(publisher);
        publisher.Start();
        return publisher;
    }
}
