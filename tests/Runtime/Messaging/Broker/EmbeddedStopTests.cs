using System.Diagnostics;
using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Hosting;
using EdgePerception.Runtime.Messaging.Broker;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.Mqtt;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;

namespace EdgePerception.Runtime.Tests.Messaging.Broker;

/// <summary>
/// Stops by way of the embedded broker: over a lost link, beside a flood, with the pool's threads held. Runs alone,
/// since it bounds the pool of the whole process.
/// </summary>
[Collection(nameof(LeakTests))]
public sealed class EmbeddedStopTests : IAsyncLifetime, IDisposable
{
    private readonly MqttSettings _options = new()
    {
        Embedded = true,
        Port = MosquittoBroker.FreePort(),
        Device = "robot",
        ReconnectMinMs = 10,
        ReconnectMaxMs = 50,
    };

    private readonly SafetySupervisor _safety = new(new SafetySettings(), SensorClock.System);
    private readonly StopProbe _probe = new(SensorClock.System, TimeSpan.FromMilliseconds(100));
    private readonly EmbeddedBroker _broker;

    public EmbeddedStopTests() =>
        _broker = new EmbeddedBroker(_options, SensorClock.System, new ListLogger<EmbeddedBroker>());

    public Task InitializeAsync()
    {
        _broker.Start();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _broker.DisposeAsync();

    public void Dispose() => _safety.Dispose();

    [Fact]
    public async Task A_halt_sent_while_the_link_is_down_is_in_force_once_it_is_back()
    {
        await using var relay = TcpRelay.To(_options.Port);
        await using var stops = Stops(relay.Port);
        stops.Start();
        await HeardAsync(stops);
        for (var round = 1; round <= 3; round++)
        {
            relay.Close();
            await Eventually.Until(() => stops.State == TransportState.Disconnected, "the outage");
            await MosquittoSubscriber.PublishAsync(
                new BrokerAccess(_options.Port), "edge/robot/halt", "stop", "-i", $"sender{round}");
            Assert.Null(_safety.Standing);
            relay.Open();
            await Eventually.Until(() => _safety.Standing is not null, "the halt");
            _safety.Resume();
        }
    }

    [Fact]
    public async Task A_client_that_floods_is_read_more_slowly_and_loses_nothing_and_a_stop_beside_it_arrives()
    {
        await using var stops = Stops(_options.Port);
        stops.Start();
        await HeardAsync(stops);
        using var flood = RawMqtt.To(_options.Port);
        await flood.ConnectAsync(5, "flood");
        var count = BrokerLimits.PacketsAtOnce + BrokerLimits.PacketsPerSecond;
        byte[] topic = [.. "edge/robot/halt/not"u8];
        byte[] packet = [0x30, (byte)(topic.Length + 4), 0, (byte)topic.Length, .. topic, 0, (byte)'x'];
        var start = SensorClock.System.Monotonic;
        await flood.SendAsync([.. Enumerable.Repeat(packet, count).SelectMany(bytes => bytes)]);
        await MosquittoSubscriber.PublishAsync(new BrokerAccess(_options.Port), "edge/robot/halt", "stop");
        await Eventually.Until(() => _safety.Standing is not null, "the halt");
        Assert.Equal(0x10, await flood.PublishAsync("edge/robot/nobody", "behind it all"));
        Assert.True(SensorClock.System.Monotonic - start > TimeSpan.FromSeconds(0.9), "it was not slowed");
    }

    [Fact]
    public async Task A_stop_arrives_while_the_service_holds_as_many_threads_of_the_pool_as_it_ever_does()
    {
        var answered = await Task.Factory.StartNew(
            StopWithThreadsHeld, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.True(answered);
    }

    private bool StopWithThreadsHeld()
    {
        ThreadPool.GetMinThreads(out var leastWorkers, out var leastCompletions);
        ThreadPool.GetMaxThreads(out var mostWorkers, out var mostCompletions);
        try
        {
            PoolThreads.KeepEnough();
            ThreadPool.GetMinThreads(out var workers, out _);
            // No thread more than it is sure to get at once: the pool must not help by making further ones in time. The
            // test's host holds some, which the service has not.
            ThreadPool.SetMaxThreads(workers, mostCompletions);
            var all = workers + HeldByOthers(workers);
            ThreadPool.SetMaxThreads(all, mostCompletions);
            ThreadPool.SetMinThreads(all, leastCompletions);
            using var held = new HeldThreads(PoolThreads.MostHeld);
            Eventually.Holds(() => held.Count == PoolThreads.MostHeld, "their being held");
            var stops = Stops(_options.Port);
            stops.Start();
            Eventually.Holds(() => stops.Counters.Received > 0, "a probe that comes back");
            using var halt = Process.Start(
                "mosquitto_pub", ["-p", $"{_options.Port}", "-t", "edge/robot/halt", "-n", "-q", "1"]);
            Eventually.Holds(() => _safety.Standing is not null, "the halt");
            held.Release();
            stops.DisposeAsync().AsTask().Wait();
            return true;
        }
        finally
        {
            ThreadPool.SetMaxThreads(mostWorkers, mostCompletions);
            ThreadPool.SetMinThreads(leastWorkers, leastCompletions);
        }
    }

    private static int HeldByOthers(int threads)
    {
        using var held = new HeldThreads(2 * threads);
        var (before, same) = (0, 0);
        Eventually.Holds(() =>
        {
            var now = held.Count;
            same = now == before ? same + 1 : 0;
            before = now;
            return now > 0 && same == 40;
        }, "the pool's being full");
        return threads - before;
    }

    /// <summary>Threads of the pool that do nothing but wait until this ends.</summary>
    private sealed class HeldThreads : IDisposable
    {
        private readonly ManualResetEventSlim _release = new();
        private readonly CountdownEvent _left;
        private int _count;

        public HeldThreads(int threads)
        {
            _left = new CountdownEvent(threads);
            for (var i = 0; i < threads; i++)
            {
                ThreadPool.UnsafeQueueUserWorkItem(_ =>
                {
                    Interlocked.Increment(ref _count);
                    _release.Wait();
                    _left.Signal();
                }, null);
            }
        }

        public int Count => Volatile.Read(ref _count);

        public void Release() => _release.Set();

        public void Dispose()
        {
            _release.Set();
            _left.Wait();
        }
    }

    private MqttTransport Stops(int port) => new(
        _options with { Embedded = false, Port = port }, SensorClock.System, new ListLogger<MqttTransport>(),
        MqttRole.Stops(_probe))
    {
        Inbound = (_, _, _) => _safety.Halt("a message on the halt topic"),
    };

    private static Task HeardAsync(MqttTransport stops) =>
        Eventually.Until(() => stops.Counters.Received > 0, "a probe that comes back");
}
