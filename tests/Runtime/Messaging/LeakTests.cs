using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.Mqtt;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Runtime.Tests.Messaging.Transports.ZeroMq;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;

namespace EdgePerception.Runtime.Tests.Messaging;

/// <summary>Runs alone, because it counts what the whole process holds.</summary>
[CollectionDefinition(nameof(LeakTests), DisableParallelization = true)]
public sealed class RunsAlone;

/// <summary>Transports that have ended hold no descriptor and no thread.</summary>
[Collection(nameof(LeakTests))]
public sealed class LeakTests
{
    /// <summary>The runtime opens one now and then; a leak is at least one in each of the twenty rounds.</summary>
    private const int Allowance = 10;

    [Theory]
    [InlineData(ZeroMqLibrary.Netmq)]
    [InlineData(ZeroMqLibrary.Libzmq)]
    public async Task Transports_that_come_and_go_leave_nothing_behind(ZeroMqLibrary library)
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await Round(broker.Port, library);
        await Eventually.Until(() => MessagingThreads() == 0, "the threads' end");
        var before = Descriptors();
        for (var i = 0; i < 20; i++) await Round(broker.Port, library);
        await Eventually.Until(() => MessagingThreads() == 0, () => $"{MessagingThreads()} threads are left");
        Assert.True(Threads("reaper", "iothread") <= 2, "NetMQ's two threads have become more");
        await Eventually.Until(() => Descriptors() < before + Allowance,
            () => $"{Descriptors()} descriptors are open, {before} were before");
    }

    [Theory]
    [InlineData(ZeroMqLibrary.Netmq)]
    [InlineData(ZeroMqLibrary.Libzmq)]
    public async Task A_transport_that_cannot_start_leaves_nothing_behind(ZeroMqLibrary library)
    {
        await using var holder = Publisher(new ZeroMqSettings { Library = library, Publish = "tcp://127.0.0.1:0" });
        holder.Start();
        var taken = new ZeroMqSettings { Library = library, Publish = holder.Endpoint, Actions = "tcp://127.0.0.1:0" };
        await FailToStart(taken);
        var before = Descriptors();
        for (var i = 0; i < 20; i++) await FailToStart(taken);
        await Eventually.Until(() => Descriptors() < before + Allowance,
            () => $"{Descriptors()} descriptors are open, {before} were before");
    }

    [Theory]
    [InlineData(ZeroMqLibrary.Netmq, 2048)]
    [InlineData(ZeroMqLibrary.Libzmq, 32)]
    public async Task Publishing_makes_next_to_no_garbage(ZeroMqLibrary library, int zeroMqBytes)
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var mqtt = new MqttTransport(new MqttSettings { Port = broker.Port, Device = "robot" },
            SensorClock.System, new ListLogger<MqttTransport>());
        await using var publisher = Publisher(new ZeroMqSettings { Library = library, Publish = "tcp://127.0.0.1:0" });

        // MQTT's: each acknowledgement is an object of MQTTnet's.
        foreach (var (transport, budget) in new (IMessageTransport, int)[] { (mqtt, 64), (publisher, zeroMqBytes) })
        {
            transport.Start();
            await Eventually.Until(() => transport.State == TransportState.Connected, "the connection");
            await BytesPerMessage(transport, 1000);
            var bytes = await BytesPerMessage(transport, 5000);
            Assert.True(bytes < budget, $"{transport.Name} makes {bytes} bytes of garbage a message");
        }
    }

    private static async Task<double> BytesPerMessage(IMessageTransport transport, int messages)
    {
        var payload = new byte[1000];
        var options = new PublishOptions { Quality = QualityOfService.AtLeastOnce };
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < messages; i++)
        {
            // A few wait at a time, as in service; the shared pool does not keep enough buffers for hundreds.
            transport.Publish("scene", payload, options);
            while (transport.Counters.Pending >= 8) Thread.Yield();
        }

        await Eventually.Until(() => transport.Counters.Pending == 0, "the messages");

        return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)messages;
    }

    private static async Task FailToStart(ZeroMqSettings taken)
    {
        await using var publisher = Publisher(taken);
        Assert.Throws<MessagingException>(publisher.Start);
        await using var router = Router(taken with { Publish = taken.Actions, Actions = taken.Publish });
        Assert.Throws<MessagingException>(router.Start);
        using var folder = new TemporaryFolder();
        var options = new MqttSettings { Tls = true, TlsCaFile = folder.Write("empty.pem", "") };
        Assert.Throws<MessagingException>(
            () => new MqttTransport(options, SensorClock.System, new ListLogger<MqttTransport>()));
    }

    private static async Task Round(int port, ZeroMqLibrary library)
    {
        const string Free = "tcp://127.0.0.1:0";
        var options = new ZeroMqSettings { Library = library, Publish = Free, Actions = Free };
        await using var mqtt = new MqttTransport(
            new MqttSettings { Port = port, Device = "robot" }, SensorClock.System, new ListLogger<MqttTransport>());
        await using var publisher = Publisher(options);
        await using var router = Router(options);
        mqtt.Start();
        publisher.Start();
        router.Start();
        using var controller = new TestController(router.Endpoint);
        controller.Register("arm");
        await controller.NextAsync();
        mqtt.Publish("scene", "x"u8, new PublishOptions { Quality = QualityOfService.AtLeastOnce });
        await Eventually.Until(() => mqtt.Counters.Delivered == 1, "the message");
    }

    private static int Descriptors() => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    private static ZeroMqPublisher Publisher(ZeroMqSettings options) =>
        new(options, SensorClock.System, new ListLogger<ZeroMqPublisher>());

    private static ActionRouter Router(ZeroMqSettings options) =>
        TestRouter.Legacy(options, SensorClock.System);

    private static int MessagingThreads() => Threads("messaging", "ZMQbg");

    private static int Threads(params string[] names) => Directory.GetDirectories("/proc/self/task")
        .Count(task => Array.Exists(names, name => Name(task).StartsWith(name, StringComparison.Ordinal)));

    private static string Name(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm"));
        }
        catch (IOException)
        {
            // The thread ended between the two looks.
            return "";
        }
    }
}
