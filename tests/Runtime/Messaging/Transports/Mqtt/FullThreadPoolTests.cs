using System.Diagnostics;
using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Messaging;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.Mqtt;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.Mqtt;

/// <summary>
/// Messages come and go while every thread of the pool is held by other work and more of it waits than the pool has
/// threads for. Runs alone, since it holds everybody else up.
/// </summary>
[Collection(nameof(LeakTests))]
public sealed class FullThreadPoolTests : IDisposable
{
    private readonly ManualResetEventSlim _release = new();

    public void Dispose() => _release.Set();

    [Fact]
    public async Task A_halt_is_in_force_and_an_event_is_acknowledged_over_connections_made_meanwhile()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var safety = new SafetySupervisor(new SafetySettings(), SensorClock.System);
        await using var messenger = new Messenger(
            new MqttSettings { Host = "localhost", Port = broker.Port, Device = "robot" }, null, "robot",
            new PublishingSettings(), new SafetySettings(), static () => true, SensorClock.System,
            NullLoggerFactory.Instance);
        messenger.Stops!.Inbound = (_, _, _) => safety.Halt("a message on the halt topic");
        var transport = messenger.Commands!;
        FillThePool();
        safety.Start();
        messenger.Start();
        transport.Publish("scene", "x"u8, new PublishOptions { Quality = QualityOfService.AtLeastOnce });
        Eventually.Holds(
            () => transport.State == TransportState.Connected && messenger.Stops.State == TransportState.Connected,
            "the connections");
        Eventually.Holds(() => messenger.Stops.Counters.Received > 0, "the probe");
        using var halt = Process.Start(
            "mosquitto_pub", ["-p", $"{broker.Port}", "-t", "edge/robot/halt", "-n", "-q", "1"]);
        Eventually.Holds(() => safety.Standing is not null, "the halt");
        Eventually.Holds(() => transport.Counters.Delivered == 1, "the acknowledgement");
        Assert.False(ThreadPoolAnswers(), "the pool was not full, so that this has shown nothing");
        _release.Set();
    }

    private static bool ThreadPoolAnswers()
    {
        using var answered = new ManualResetEventSlim();
        var answer = answered;
        ThreadPool.UnsafeQueueUserWorkItem(_ => answer.Set(), null);
        return answered.Wait(100);
    }

    private void FillThePool()
    {
        for (var i = 0; i < 5000; i++) ThreadPool.UnsafeQueueUserWorkItem(_ => _release.Wait(), null);
    }
}
