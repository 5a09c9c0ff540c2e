using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.Mqtt;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Sensors.Time;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgePerception.Benchmarks;

/// <summary>
/// Both libraries of ZeroMQ and the MQTT client, as the service uses them, beside programs in C over libzmq and
/// libmosquitto themselves. The peer is the same C program, so that what differs is ours.
/// </summary>
internal static class MessagingBenchmark
{
    private const int Rounds = 7;
    private const int Messages = 20_000;
    private const int RoundTrips = 5_000;
    private const int MqttMessages = 5_000;

    // How many wait at a time. Of MQTT as many as the C program lets wait; ZeroMQ's does not look.
    private const int WaitingMqtt = 64;
    private const int WaitingZeroMq = 1000;

    // As many as the shared pool of buffers keeps, for what a message costs of memory.
    private const int WaitingInService = 8;

    public static async Task MeasureAsync(Workbench bench)
    {
        foreach (var library in Enum.GetValues<ZeroMqLibrary>())
        {
            await OrSayAsync(bench, () => PublishAsync(bench, library));
            await OrSayAsync(bench, () => RoundTripAsync(bench, library));
        }

        await OrSayAsync(bench, () => MqttAsync(bench));
    }

    private static async Task OrSayAsync(Workbench bench, Func<Task> measure)
    {
        try
        {
            await measure();
        }
        catch (Exception e) when (e is BaselineException or MessagingException)
        {
            bench.Say($"messaging: left out, {e.Message}");
        }
    }

    private static async Task PublishAsync(Workbench bench, ZeroMqLibrary library)
    {
        var name = $"zeromq-{Text(library)}-publish";
        var options = new ZeroMqSettings
        {
            Library = library,
            Publish = "tcp://127.0.0.1:0",
            SubscriberQueue = library == ZeroMqLibrary.Libzmq ? 100_000 : 2048,
            EventQueue = Messages,
        };
        var log = NullLogger<ZeroMqPublisher>.Instance;
        await using var publisher = new ZeroMqPublisher(options, SensorClock.System, log);
        publisher.Start();
        await using var ours = await ExternalProgram.MessagingAsync(bench, "subscriber", publisher.Endpoint);
        var endpoint = FreeEndpoint();
        await using var baseline = await ExternalProgram.MessagingAsync(bench, "publisher", endpoint);
        await using var theirs = await ExternalProgram.MessagingAsync(bench, "subscriber", endpoint);
        await UntilAsync(() => publisher.Subscriptions > 0);
        List<double> own = [], other = [], bytes = [], lost = [];
        for (var round = 0; round <= Rounds; round++)
        {
            bench.Progress($"{name}: round {round} of {Rounds}");
            var received = ours.FiguresAsync(Messages);
            await FloodAsync(publisher, Messages, WaitingZeroMq);
            var expected = theirs.FiguresAsync(Messages);
            var (figures, _) = (await received, baseline.SendAsync(Messages));
            var theirFigure = (await expected)[0];
            var before = GC.GetTotalAllocatedBytes(precise: true);
            var read = ours.FiguresAsync(Messages);
            await FloodAsync(publisher, Messages, WaitingInService);
            var allocated = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Messages;
            await read;
            if (round == 0) continue; // warm-up
            own.Add(figures[0]);
            other.Add(theirFigure);
            bytes.Add(allocated);
            lost.Add(1 - (figures[1] / Messages));
        }

        var note = $"{lost.Average():P0} of the flood missed; "
            + "publisher to a subscriber in C over TCP, three frames, 1 KB; "
            + $"baseline: publisher in C, {baseline.Description}; {Rounds} rounds of {Messages} in turn";
        bench.Results.Add(Result.Of(name, "us", own, other, note));
        bench.Results.Add(Result.Of($"{name}-bytes", "B", bytes, "managed bytes a message, all threads"));
    }

    private static async Task RoundTripAsync(Workbench bench, ZeroMqLibrary library)
    {
        var name = $"zeromq-{Text(library)}-round-trip";
        var options = new ZeroMqSettings { Library = library, Actions = "tcp://127.0.0.1:0" };
        var log = NullLogger<ActionRouter>.Instance;
        await using var router = new ActionRouter(
            options, "bench", new SafetySettings { LegacyControllers = true }, static () => true, SensorClock.System,
            log);
        router.Start();
        Directory.CreateDirectory(bench.Artifacts);
        var question = Path.Combine(bench.Artifacts, "register.bin");
        var register = new ControllerMessage { Register = new() { Name = "bench" } };
        await File.WriteAllBytesAsync(question, register.ToByteArray());
        var answer = new ControllerDelivery { Registered = new() { Name = "bench", Device = "bench" } }.CalculateSize();
        var endpoint = FreeEndpoint();
        await using var baseline = await ExternalProgram.MessagingAsync(bench, "router", endpoint, $"{answer}");
        await using var ours = await ExternalProgram.MessagingAsync(bench, "dealer", router.Endpoint, question);
        await using var theirs = await ExternalProgram.MessagingAsync(bench, "dealer", endpoint, question);
        List<double[]> own = [], other = [];
        for (var round = 0; round <= Rounds; round++)
        {
            bench.Progress($"{name}: round {round} of {Rounds}");
            var (first, second) = (await ours.FiguresAsync(RoundTrips), await theirs.FiguresAsync(RoundTrips));
            if (round == 0) continue; // warm-up
            own.Add(first);
            other.Add(second);
        }

        string[] percentiles = ["p50", "p99"];
        for (var i = 0; i < percentiles.Length; i++)
        {
            bench.Results.Add(Result.Of(
                $"{name}-{percentiles[i]}", "us",
                [.. own.Select(figures => figures[i])], [.. other.Select(figures => figures[i])],
                "a controller in C registers and is answered, over TCP; "
                + "baseline: a router in C that answers as many bytes unread; "
                + $"{Rounds} rounds of {RoundTrips} in turn"));
        }
    }

    private static async Task MqttAsync(Workbench bench)
    {
        await using var broker = new BenchedBroker();
        foreach (var quality in Enum.GetValues<QualityOfService>())
        {
            var name = $"mqtt-qos{(int)quality}";
            var options = new MqttSettings
            {
                Port = broker.Port,
                Device = "robot",
                ReconnectMinMs = 20,
                EventQueue = MqttMessages,
            };
            var log = NullLogger<MqttTransport>.Instance;
            await using var transport = new MqttTransport(options, SensorClock.System, log);
            transport.Start();
            await UntilAsync(() => transport.State == TransportState.Connected);
            await using var baseline = await ExternalProgram.MessagingAsync(
                bench, "mqtt", "127.0.0.1", $"{broker.Port}", $"{(int)quality}");
            List<double> own = [], other = [], bytes = [];
            for (var round = 0; round <= Rounds; round++)
            {
                bench.Progress($"{name}: round {round} of {Rounds}");
                var before = GC.GetTotalAllocatedBytes(precise: true);
                var start = SensorClock.System.Monotonic;
                await FloodAsync(transport, MqttMessages, WaitingMqtt, quality);
                var figure = (SensorClock.System.Monotonic - start).TotalMicroseconds / MqttMessages;
                var allocated = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)MqttMessages;
                var theirFigure = (await baseline.FiguresAsync(MqttMessages))[0];
                if (round == 0) continue; // warm-up
                own.Add(figure);
                other.Add(theirFigure);
                bytes.Add(allocated);
            }

            var until = quality == QualityOfService.AtLeastOnce ? "acknowledged" : "written";
            bench.Results.Add(Result.Of(name, "us", own, other,
                $"a message of 1 KB until it is {until}, to mosquitto; "
                + $"baseline: its own client in C, {baseline.Description}; {Rounds} rounds of {MqttMessages} in turn"));
            bench.Results.Add(Result.Of($"{name}-bytes", "B", bytes, "managed bytes a message, all threads"));
        }
    }

    private static async Task FloodAsync(
        QueuedTransport transport, int messages, int waiting, QualityOfService quality = QualityOfService.AtLeastOnce)
    {
        var payload = new byte[1000];
        var options = new PublishOptions { Quality = quality };
        for (var i = 0; i < messages; i++)
        {
            while (transport.Counters.Pending >= waiting) Thread.Yield();
            transport.Publish("scene", payload, options);
        }

        await UntilAsync(() => transport.Counters.Pending == 0);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var end = SensorClock.System.Monotonic + TimeSpan.FromSeconds(30);
        while (!condition())
        {
            if (SensorClock.System.Monotonic > end) throw new BaselineException("a peer did not come within 30 s");
            await Task.Yield();
        }
    }

    private static string Text(ZeroMqLibrary library) => library.ToString().ToLowerInvariant();

    private static string FreeEndpoint() => $"tcp://127.0.0.1:{BenchedBroker.FreePort()}";
}
