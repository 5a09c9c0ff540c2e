using System.Diagnostics;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.Mqtt;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;

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
    public async Task A_halt_arrives_and_an_event_is_acknowledged_over_a_connection_made_meanwhile()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var transport = new MqttTransport(
            new MqttSettings { Host = "localhost", Port = broker.Port, Device = "robot" },
            SensorClock.System, new ListLogger<MqttTransport>());
        using var halted = new ManualResetEventSlim();
        transport.Inbound = (topic, _, _) =>
        {
            if (topic == "halt") halted.Set();
        };
        FillThePool();
        transport.Start();
        transport.Publish("scene", "x"u8, new PublishOptions { Quality = QualityOfService.AtLeastOnce });
        Eventually.Holds(() => transport.State == TransportState.Connected, "the connection");
        using var halt = Process.Start(
            "mosquitto_pub", ["-p", $"{broker.Port}", "-t", "edge/robot/halt", "-n", "-q", "1"]);
        Assert.True(halted.Wait(TimeSpan.FromSeconds(30)), "the halt did not arrive");
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
