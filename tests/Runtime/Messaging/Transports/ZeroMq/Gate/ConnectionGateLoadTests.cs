using System.Globalization;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq.Gate;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using static EdgePerception.Runtime.Messaging.Messages.ControllerDelivery;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.ZeroMq.Gate;

/// <summary>What attackers cost in memory, descriptors and time; of the whole process, so they run alone.</summary>
[Collection(nameof(LeakTests))]
public sealed class ConnectionGateLoadTests : IAsyncLifetime
{
    private const int MiB = 1024 * 1024;
    private static readonly PublishOptions Event = new() { Quality = QualityOfService.AtLeastOnce };

    private readonly List<IAsyncDisposable> _open = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var each in Enumerable.Reverse(_open)) await each.DisposeAsync();
    }

    [Theory]
    [InlineData(60 * 1024)]
    [InlineData(200)]
    [InlineData(0)]
    public async Task An_endless_message_costs_no_memory_and_others_are_served_meanwhile(int partBytes)
    {
        var options = new ZeroMqSettings { Actions = "tcp://127.0.0.1:0" };
        var router = Open(TestRouter.Legacy(options, SensorClock.System));
        router.Start();
        var gate = Gate(router.Endpoint, new GateLimits());
        using var arm = new TestController(gate.Endpoint);
        arm.Register("arm");
        await arm.NextAsync(BodyOneofCase.Registered);
        var parts = new ZmtpStream();
        while (parts.Length < MiB) parts.Part(partBytes, more: true);
        var chunk = parts.Bytes;
        var before = ResidentBytes();
        for (var round = 1; round <= 20; round++)
        {
            using var peer = new RawPeer(gate.Endpoint);
            await peer.ShakeHandsAsync("DEALER");
            var said = 0L;
            while (said < 64 * MiB && peer.Say(chunk)) said += chunk.Length;
            Assert.True(said < 64 * MiB, "64 MiB of one message were taken");
            arm.Register("arm");
            await arm.NextAsync(BodyOneofCase.Registered);
            await Eventually.Until(() => Cuts(gate) == round, "the cut");
        }

        Assert.InRange(ResidentBytes() - before, long.MinValue, 100 * MiB);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Subscriptions_without_end_are_cut_off(bool byCommand)
    {
        var publisher = Publisher();
        var gate = Gate(publisher.Endpoint, new GateLimits { Subscriptions = 100, MessageParts = 1 });
        await using var other = await ZeroMqSubscriber.StartAsync(publisher, "scene", gate.Endpoint);
        var before = ResidentBytes();
        using var peer = new RawPeer(gate.Endpoint);
        await peer.ShakeHandsAsync("SUB");
        var filler = new string('x', 150);
        for (var i = 0; i < 300 && peer.Say(Subscriptions(i, filler, byCommand)); i++)
        {
        }

        await Eventually.Until(() => gate.RefusedFor(GateReason.ManySubscriptions) == 1, "the cut");
        await Eventually.Until(() => gate.Connections == 1, "the end of the connection");
        await Eventually.Until(() => publisher.Subscriptions == 101, () => $"{publisher.Subscriptions} subscriptions");
        Assert.InRange(ResidentBytes() - before, long.MinValue, 100 * MiB);
        publisher.Publish("scene", "still"u8, Event);
        await Eventually.Until(() => other.On("scene").Count == 1, "the other one's message");
    }

    [Fact]
    public async Task A_subscriber_that_never_reads_holds_up_nobody_and_keeps_two_chunks_at_most()
    {
        var publisher = Publisher();
        var gate = Gate(publisher.Endpoint, new GateLimits { Subscriptions = 100, MessageParts = 1 });
        await using var other = await ZeroMqSubscriber.StartAsync(publisher, "scene", gate.Endpoint);
        using var frozen = new RawPeer(gate.Endpoint);
        await frozen.ShakeHandsAsync("SUB");
        frozen.Say(new ZmtpStream().Subscribe("").Bytes);
        await Eventually.Until(() => publisher.Subscriptions == 2, "the subscription of the one that freezes");
        for (var i = 1; publisher.Counters.DroppedFor(DropReason.PeerBehind) == 0; i++)
        {
            Assert.True(i < 5000, "500 MB fitted into a subscriber that does not read");
            publisher.Publish("scene", new byte[100_000], Event);
            var due = i;
            await Eventually.Until(() => other.On("scene").Count == due, "the other one's message");
        }

        // It is blocked now, and costs no time.
        var started = CpuTime("messaging gate");
        var until = Environment.TickCount64 + 1500;
        await Eventually.Until(() => Environment.TickCount64 > until, "a while");
        Assert.InRange((CpuTime("messaging gate") - started).TotalMilliseconds, 0, 300);
        Assert.Equal(2, gate.Connections);
    }

    [Fact]
    public async Task Silent_connections_are_bounded_and_given_up()
    {
        await using var service = new SinkService();
        var time = new FakeTimeProvider();
        var gate = Gate(service.Endpoint, new GateLimits { Connections = 100 }, time);
        var before = Descriptors();
        var peers = new List<RawPeer>();
        for (var i = 0; i < 400; i++) peers.Add(new RawPeer(gate.Endpoint));
        await Eventually.Until(() => gate.RefusedFor(GateReason.TooManyConnections) == 300, "the refusals");
        Assert.Equal(100, gate.Connections);
        time.Advance(TimeSpan.FromSeconds(5));
        await Eventually.Until(() => gate.RefusedFor(GateReason.SlowHandshake) == 100, "the end of the silent ones");
        using var arm = new RawPeer(gate.Endpoint);
        arm.Say(ZmtpStream.Established().Message(7).Bytes);
        await Eventually.Until(() => service.Received == ZmtpStream.Established().Length + 3, "one that speaks");
        foreach (var peer in peers) peer.Dispose();
        await Eventually.Until(() => Descriptors() < before + 20, () => $"{Descriptors()} open, {before} before");
    }

    [Fact]
    public async Task Peers_that_vanish_at_any_byte_leave_nothing_behind()
    {
        var publisher = Publisher();
        var bytes = ZmtpStream.Established(kind: "SUB").Subscribe("scene").Bytes;
        var gate = Gate(publisher.Endpoint, new GateLimits { Subscriptions = 100, MessageParts = 1 });
        await Vanish(gate, bytes);
        var before = Descriptors();
        for (var round = 0; round < 3; round++) await Vanish(gate, bytes);
        await Eventually.Until(() => Descriptors() < before + 10, () => $"{Descriptors()} open, {before} before");
        Assert.Equal(0, Cuts(gate));
        await gate.DisposeAsync();
        await Eventually.Until(() => !HasThread("messaging gate"), "the thread's end");
    }

    [Fact]
    public async Task Relaying_makes_next_to_no_garbage()
    {
        await using var service = new SinkService();
        var gate = Gate(service.Endpoint, new GateLimits());
        using var peer = new RawPeer(gate.Endpoint);
        peer.Say(ZmtpStream.Established().Bytes);
        var messages = new ZmtpStream();
        for (var i = 0; i < 1000; i++) messages.Part(1000, more: false);
        var bytes = messages.Bytes;
        var expected = (long)ZmtpStream.Established().Length;
        var least = long.MaxValue;
        for (var round = 0; round < 10; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < 10; i++) Assert.True(peer.Say(bytes));
            expected += 10 * bytes.Length;
            while (service.Received < expected) Thread.Yield();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.True(least < 10_000 * 16, $"{least / 10_000.0} bytes of garbage a message");
    }

    private static byte[] Subscriptions(int round, string filler, bool byCommand)
    {
        var stream = new ZmtpStream();
        for (var i = 0; i < 1000; i++) stream.Subscribe($"{round}-{i}-{filler}", byCommand);
        return stream.Bytes;
    }

    private static async Task Vanish(ConnectionGate gate, byte[] bytes)
    {
        for (var length = 0; length <= bytes.Length; length++)
        {
            using var peer = new RawPeer(gate.Endpoint);
            peer.Say(bytes[..length]);
        }

        await Eventually.Until(() => gate.Connections == 0, "the ends");
    }

    private static long Cuts(ConnectionGate gate) => Enum.GetValues<GateReason>().Sum(gate.RefusedFor);

    private static long ResidentBytes()
    {
        GC.Collect();
        var pages = File.ReadAllText("/proc/self/statm").Split(' ')[1];
        return long.Parse(pages, CultureInfo.InvariantCulture) * Environment.SystemPageSize;
    }

    private static int Descriptors() => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    private static bool HasThread(string name) =>
        Directory.GetDirectories("/proc/self/task").Any(task => ReadOrEmpty(Path.Combine(task, "comm")).Trim() == name);

    /// <summary>What the threads of a name have used of the processor.</summary>
    private static TimeSpan CpuTime(string name) => TimeSpan.FromMicroseconds(
        Directory.GetDirectories("/proc/self/task")
        .Where(task => ReadOrEmpty(Path.Combine(task, "comm")).Trim() == name)
        .Select(task => ReadOrEmpty(Path.Combine(task, "schedstat")).Split(' ')[0])
        .Sum(text => text.Length == 0 ? 0 : long.Parse(text, CultureInfo.InvariantCulture)) / 1000.0);

    private static string ReadOrEmpty(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            // The thread ended between the two looks.
            return "";
        }
    }

    private T Open<T>(T what)
        where T : IAsyncDisposable
    {
        _open.Add(what);
        return what;
    }

    private ConnectionGate Gate(string inner, GateLimits limits, TimeProvider? time = null)
    {
        var clock = time is null ? SensorClock.System : new SensorClock(time);
        var log = new ListLogger<ConnectionGate>();
        var gate = Open(new ConnectionGate("gate", "tcp://127.0.0.1:0", inner, limits, clock, log));
        gate.Start();
        return gate;
    }

    private ZeroMqPublisher Publisher()
    {
        var options = new ZeroMqSettings { Library = ZeroMqLibrary.Libzmq, Publish = "tcp://127.0.0.1:0" };
        var publisher = Open(new ZeroMqPublisher(options, SensorClock.System, new ListLogger<ZeroMqPublisher>()));
        publisher.Start();
        return publisher;
    }
}
