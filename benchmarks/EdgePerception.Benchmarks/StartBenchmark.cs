using System.Diagnostics;
using EdgePerception.Runtime.Messaging;
using EdgePerception.Runtime.Messaging.Transports.Mqtt;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgePerception.Benchmarks;

/// <summary>From the start of the service's process to its first detection at another process's MQTT client.</summary>
internal sealed class StartBenchmark : IAsyncDisposable
{
    private const int Starts = 5;

    private readonly string _root;
    private readonly BenchedBroker _broker = new();

    private StartBenchmark(string root) => _root = root;

    public static async Task MeasureAsync(Workbench bench)
    {
        await using var start = new StartBenchmark(bench.Root);
        List<double> times = [];
        for (var round = 1; round <= Starts; round++)
        {
            bench.Progress($"from start to first detection, round {round} of {Starts}");
            times.Add(await start.RunAsync());
        }

        bench.Results.Add(Result.Of("start-to-first-detection", "ms", times,
            "from the start of the process to the first message with a detection at an MQTT client; the clip plays as "
            + "a live camera"));
    }

    /// <summary>Starts the service once and ends it at its first detection; answers milliseconds.</summary>
    private async Task<double> RunAsync()
    {
        var detected = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var options = new MqttSettings
        {
            Port = _broker.Port,
            Device = "demo",
            ClientId = "bench",
            ReconnectMinMs = 20,
        };
        await using var client = new MqttTransport(
            options, SensorClock.System, NullLogger<MqttTransport>.Instance,
            new MqttRole([new InboundTopic(Topics.Detections.For("street"), AcceptsRetained: false)], false));
        client.StateChanged += _ => connected.TrySetResult();
        client.Inbound = (_, payload, _) =>
        {
            if (payload.IndexOf("classId"u8) >= 0) detected.TrySetResult(SensorClock.System.Monotonic);
        };
        client.Start();
        await connected.Task.WaitAsync(TimeSpan.FromSeconds(10));

        var start = SensorClock.System.Monotonic;
        using var service = Process.Start(new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(_root, "artifacts/app/EdgePerception.Runtime.dll"), "run", "--config",
                Path.Combine(_root, "configs/demo.yaml"),
                "--set", "mqtt.embedded=false", "--set", $"mqtt.port={_broker.Port}",
                "--set", $"zeromq.publish=tcp://127.0.0.1:{BenchedBroker.FreePort()}",
                "--set", $"zeromq.actions=tcp://127.0.0.1:{BenchedBroker.FreePort()}", "--quiet",
            ])
        {
            RedirectStandardError = true,
        })!;
        service.ErrorDataReceived += static (_, _) => { };
        service.BeginErrorReadLine();
        try
        {
            return (await detected.Task.WaitAsync(TimeSpan.FromSeconds(60)) - start).TotalMilliseconds;
        }
        finally
        {
            service.Kill();
            await service.WaitForExitAsync();
        }
    }

    public ValueTask DisposeAsync() => _broker.DisposeAsync();
}
