using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.Mqtt;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Runtime.Tests.Messaging.ZeroMq;
using EdgePerception.Sensors.Synchronization;
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

    [Fact]
    public async Task Transports_that_come_and_go_leave_nothing_behind()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await Round(broker.Port);
        await Eventually.Until(() => MessagingThreads() == 0, "the threads' end");
        var before = Descriptors();
        for (var i = 0; i < 20; i++) await Round(broker.Port);
        await Eventually.Until(() => MessagingThreads() == 0, () => $"{MessagingThreads()} threads are left");
        await Eventually.Until(() => Descriptors() < before + Allowance, () => $"{Descriptors()} descriptors are open, {before} were before");
    }

    [Fact]
    public async Task A_transport_that_cannot_start_leaves_nothing_behind()
    {
        await using var holder = new ZeroMqPublisher(new ZeroMqOptions { Publish = "tcp://127.0.0.1:0" }, SensorClock.System, new ListLogger<ZeroMqPublisher>());
        holder.Start();
        await FailToStart(holder.Endpoint);
        var before = Descriptors();
        for (var i = 0; i < 20; i++) await FailToStart(holder.Endpoint);
        await Eventually.Until(() => Descriptors() < before + Allowance, () => $"{Descriptors()} descriptors are open, {before} were before");
    }

    [Fact]
    public async Task Publishing_makes_next_to_no_garbage()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var mqtt = new MqttTransport(new MqttOptions { Port = broker.Port, Device = "robot" }, SensorClock.System, new ListLogger<MqttTransport>());
        await using var publisher = new ZeroMqPublisher(new ZeroMqOptions { Publish = "tcp://127.0.0.1:0" }, SensorClock.System, new ListLogger<ZeroMqPublisher>());
        foreach (var transport in new IMessageTransport[] { mqtt, publisher })
        {
            transport.Start();
            await Eventually.Until(() => transport.State == TransportState.Connected, "the connection");
            await BytesPerMessage(transport, 1000);
            var bytes = await BytesPerMessage(transport, 5000);

            // An acknowledgement of MQTT is an object of MQTTnet's.
            Assert.True(bytes < 64, $"{transport.Name} makes {bytes} bytes of garbage a message");
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

    private static async Task FailToStart(string endpoint)
    {
        await using var publisher = new ZeroMqPublisher(new ZeroMqOptions { Publish = endpoint }, SensorClock.System, new ListLogger<ZeroMqPublisher>());
        Assert.Throws<MessagingException>(publisher.Start);
        await using var router = new ActionRouter(new ZeroMqOptions { Actions = endpoint }, "robot", SensorClock.System, new ListLogger<ActionRouter>());
        Assert.Throws<MessagingException>(router.Start);
        using var folder = new TemporaryFolder();
        var options = new MqttOptions { Tls = true, TlsCaFile = folder.Write("empty.pem", "") };
        Assert.Throws<MessagingException>(() => new MqttTransport(options, SensorClock.System, new ListLogger<MqttTransport>()));
    }

    private static async Task Round(int port)
    {
        var options = new ZeroMqOptions { Publish = "tcp://127.0.0.1:0", Actions = "tcp://127.0.0.1:0" };
        await using var mqtt = new MqttTransport(new MqttOptions { Port = port, Device = "robot" }, SensorClock.System, new ListLogger<MqttTransport>());
        await using var publisher = new ZeroMqPublisher(options, SensorClock.System, new ListLogger<ZeroMqPublisher>());
        await using var router = new ActionRouter(options, "robot", SensorClock.System, new ListLogger<ActionRouter>());
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

    private static int MessagingThreads() =>
        Directory.GetDirectories("/proc/self/task").Count(task => Name(task) is var name && (name.StartsWith("messaging", StringComparison.Ordinal) || name.StartsWith("ZMQbg", StringComparison.Ordinal)));

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
