using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using EdgePerception.EndToEnd.Tests.Service;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Tests.Messaging.Transports.ZeroMq;
using EdgePerception.Tests.Support;

namespace EdgePerception.EndToEnd.Tests;

/// <summary>What a tick of the whole service spends, against the budgets that the benchmarks read, too.</summary>
public sealed class SpendingTests : IDisposable
{
    private const int Tracks = 14, WarmUp = 40, Measured = 80;
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_tick_with_a_subscriber_on_each_socket_keeps_within_its_managed_bytes()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var fleet = Subscribe(broker.Port);
        await using var service = await RunningService.StartAsync(
            "cameras:\n  - { name: front, kind: synthetic, width: 320, height: 240, fps: 10 }\n"
            + Detector() + Settings.Mqtt(broker.Port) + Settings.ZeroMq);
        using var controller = new TestController(service.Actions);
        controller.Register("arm");
        await controller.NextAsync(ControllerDelivery.BodyOneofCase.Registered);

        var (bytes, last) = await Task.Run(() => BytesPerTick(service.ZeroMq.Endpoint));
        await fleet.WaitForExitAsync();

        Assert.Equal(Tracks, Scene.Parser.ParseFrom(last).Objects.Count);
        Assert.Equal(0, fleet.ExitCode);
        var budget = Budget("managed-bytes-per-tick");
        Assert.True(
            bytes <= budget, $"{bytes:0} managed bytes a tick, the budget is {budget:0} (benchmarks/budgets.json)");
    }

    public void Dispose() => _folder.Dispose();

    // Of all threads. This subscriber is the clock, since there is one scene a tick, and allocates nothing meanwhile.
    private static (double Bytes, byte[] LastScene) BytesPerTick(string endpoint)
    {
        using var socket = new LibZmqClient(endpoint, new ClientSettings { Prefix = "" });
        var frame = new byte[1 << 20];
        var (before, length) = (0L, 0);
        for (var scenes = 0; scenes < WarmUp + Measured;)
        {
            Assert.True(socket.Wait(60_000), "no scene for a minute");
            var isScene = frame.AsSpan(0, socket.Receive(frame, out var more)).SequenceEqual("scene"u8);
            while (more) length = socket.Receive(frame, out more);
            if (isScene && ++scenes == WarmUp) before = GC.GetTotalAllocatedBytes(precise: true);
        }

        return ((GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Measured, frame[..length]);
    }

    // A process that ends well once it has received some messages of every kind.
    private static Process Subscribe(int port) => Process.Start(
        "/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture,
            $"exec mosquitto_sub -h {MosquittoBroker.Host} -p {port} -V mqttv5 -t edge/{RunningService.Device}/#"
            + $" -C 300 >/dev/null")]);

    // Sees that many objects where they always are.
    private string Detector()
    {
        float[] rows = [.. Enumerable.Range(0, Tracks).Select(i => (X: i % 7 * 45, Y: i / 7 * 120))
            .SelectMany(at => new[] { at.X, at.Y, at.X + 40, at.Y + 110, 0.9f, 0 })];
        var graph = new OnnxGraph().Input("images", 1, 240, 320, 3)
            .Answer("detections", 1, [1, Tracks, 6], [1, Tracks, 6], MemoryMarshal.AsBytes<float>(rows).ToArray());
        var model = _folder.Write("fixed.onnx", graph.ToBytes());
        var manifest = _folder.Write("fixed.yaml", $$"""
            name: fixed
            file: fixed.onnx
            sha256: {{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(model)))}}
            source: tests/EndToEnd/SpendingTests.cs
            licence: MIT
            decoder: centernet
            inputs: [{ name: images, shape: [1, 240, 320, 3] }]
            outputs: [{ name: detections, shape: [1, {{Tracks}}, 6] }]
            picture: { layout: nhwc }
            providers: [cpu]
            labels: [person]
            """);
        return $"models: {{ folder: {_folder.Path}, detector: {manifest} }}\n"
            + "inference: { threads: 1 }\ngrounding: { method: rules }\n";
    }

    private static double Budget(string name)
    {
        var file = Path.Combine(Files.Repository, "benchmarks", "budgets.json");
        using var budgets = JsonDocument.Parse(File.ReadAllText(file));
        return budgets.RootElement.GetProperty(name).GetDouble();
    }
}
