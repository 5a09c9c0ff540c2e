using System.Diagnostics;
using System.Runtime.CompilerServices;
using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.Mqtt;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.Mqtt;

/// <summary>
/// The connection for halts alone, against a real mosquitto that is cut off, restarted, frozen and strict.
/// </summary>
public sealed class StopConnectionTests : IDisposable
{
    private const string Halt = "edge/robot/halt";
    private static readonly SafetySettings Settings = new();

    private readonly ListLogger<MqttTransport> _log = new();
    private readonly SafetySupervisor _safety = new(Settings, SensorClock.System);
    private readonly StopProbe _probe = new(SensorClock.System, TimeSpan.FromMilliseconds(100));

    public void Dispose() => _safety.Dispose();

    [Fact]
    public async Task A_halt_sent_while_the_link_is_down_is_in_force_once_it_is_back()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var relay = TcpRelay.To(broker.Port);
        await using var stops = await ConnectAsync(relay.Port);
        relay.Close();
        await Eventually.Until(() => stops.State == TransportState.Disconnected, "the outage");
        await MosquittoSubscriber.PublishAsync(broker, Halt, "stop");
        Assert.Null(_safety.Standing);
        relay.Open();
        await HaltedAsync();
    }

    [Fact]
    public async Task A_halt_outlives_a_restart_of_a_broker_with_a_store()
    {
        await using var broker = await MosquittoBroker.StartAsync(own =>
            ["persistence true", $"persistence_location {own.Folder}/"]);
        await using var relay = TcpRelay.To(broker.Port);
        await using var stops = await ConnectAsync(relay.Port);
        relay.Close();
        await Eventually.Until(() => stops.State == TransportState.Disconnected, "the outage");
        await MosquittoSubscriber.PublishAsync(broker, Halt, "stop");
        await broker.TerminateAsync();
        await broker.RestartAsync();
        relay.Open();
        await HaltedAsync();
    }

    [Fact]
    public async Task Its_own_probe_halts_nobody_but_a_twin_under_the_same_name()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var watcher = await MosquittoSubscriber.StartAsync(broker, Halt);
        await using var stops = await ConnectAsync(broker.Port);
        await Eventually.Until(() => watcher.On(Halt).Count >= 3, "three probes");
        Assert.Null(_safety.Standing);
        Assert.All(watcher.On(Halt), probe => Assert.Equal((0, false), (probe.Quality, probe.Retained)));
        Assert.Null(stops.Trouble);

        var twin = new MqttRoleOfTwin();
        await using var other = twin.Transport(Options(broker.Port) with { ClientId = "twin" });
        other.Start();
        await HaltedAsync();
    }

    [Fact]
    public async Task A_halt_longer_than_any_message_counts()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var stops = await ConnectAsync(broker.Port);
        await MosquittoSubscriber.PublishAsync(broker, Halt, new string('x', 600_000));
        await HaltedAsync();
    }

    [Theory]
    [InlineData("topic write #", "'read' on 'edge/robot/halt'")]
    [InlineData("topic read #", "'write' on 'edge/robot/halt'")]
    public async Task What_the_access_list_denies_is_said_with_what_to_add(string rights, string expected)
    {
        await using var broker = await MosquittoBroker.StartAsync(own =>
        {
            File.WriteAllText(Path.Combine(own.Folder, "acl"), $"{rights}\n");
            return [$"acl_file {own.Folder}/acl"];
        });
        await using var stops = Create(broker.Port);
        stops.Start();
        await Eventually.Until(
            () => stops.Trouble is { NeedsAttention: true } trouble
                && trouble.Reason.Contains(expected, StringComparison.Ordinal),
            () => $"{expected}, but: {stops.Trouble}");
        Assert.True(_log.Count(LogLevel.Warning) >= 1);
    }

    [Fact]
    public async Task A_frozen_broker_is_noticed_by_its_silence_and_its_return_by_a_probe()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var stops = await ConnectAsync(broker.Port);
        broker.Freeze();
        await Eventually.Until(() => _probe.LostFor > TimeSpan.FromSeconds(1), "the silence");
        await Eventually.Until(
            () => stops.Trouble?.Reason.Contains("does not answer", StringComparison.Ordinal) == true, "the trouble");
        broker.Thaw();
        await Eventually.Until(() => stops.Trouble is null && _probe.LostFor < TimeSpan.FromSeconds(1), "the return");
    }

    [Fact]
    public async Task The_example_of_rights_lets_devices_hear_and_speak_operators_command_and_others_watch()
    {
        await using var broker = await MosquittoBroker.StartAsync(own =>
        {
            foreach (var user in (string[])["robot", "operator", "viewer"]) AddUser(own.Folder, user);
            return
            [
                "allow_anonymous false", $"password_file {own.Folder}/passwd", $"acl_file {Deployed("mosquitto.acl")}",
            ];
        });
        var options = Options(broker.Port) with { Username = "robot", Password = "pw" };
        await using var device = new MqttTransport(options, SensorClock.System, _log);
        await using var stops = Create(options);
        var heard = new TaskCompletionSource<string>();
        device.Inbound = (topic, _, _) => heard.TrySetResult(topic);
        device.Start();
        stops.Start();
        await Eventually.Until(() => stops.Counters.Received > 0, "a probe that comes back");
        var published = new PublishOptions { Quality = QualityOfService.AtLeastOnce };
        string[] said = ["scene", "command/a/result", "safety", "health", "stats", "action", "tracks/front"];
        foreach (var topic in said) device.Publish(topic, "x"u8, published);
        await Eventually.Until(() => device.Counters.Delivered == said.Length, () => $"{device.Counters.Delivered}");

        await SendAsync(broker, "viewer", "halt");
        await SendAsync(broker, "viewer", "command");
        await SendAsync(broker, "operator", "command");
        Assert.Equal("command", await heard.Task.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Null(_safety.Standing);
        await SendAsync(broker, "operator", "halt");
        await HaltedAsync();
        await using var viewer = await MosquittoSubscriber.StartSilentAsync(
            new BrokerAccess(broker.Port, "-u", "viewer", "-P", "pw"), "edge/robot/scene",
            () => device.Publish("scene", "x"u8, published));
    }

    private static async Task SendAsync(MosquittoBroker broker, string user, string topic)
    {
        using var process = Process.Start(
            "mosquitto_pub", ["-p", $"{broker.Port}", "-u", user, "-P", "pw", "-t", $"edge/robot/{topic}", "-m", "x"]);
        await process.WaitForExitAsync();
    }

    private static void AddUser(string folder, string user)
    {
        var file = Path.Combine(folder, "passwd");
        if (!File.Exists(file)) File.WriteAllText(file, "");
        using var process = Process.Start("mosquitto_passwd", ["-b", file, user, "pw"]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private static string Deployed(string file, [CallerFilePath] string path = "") => Path.GetFullPath(
        Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "..", "..", "..", "deploy", file));

    private static MqttSettings Options(int port) => new()
    {
        Port = port,
        Device = "robot",
        ReconnectMinMs = 10,
        ReconnectMaxMs = 50,
    };

    private MqttTransport Create(MqttSettings options)
    {
        var stops = new MqttTransport(options, SensorClock.System, _log, MqttRole.Stops(_probe));
        stops.Inbound = (_, _, _) => _safety.Halt("a message on the halt topic");
        return stops;
    }

    private MqttTransport Create(int port) => Create(Options(port));

    private async Task<MqttTransport> ConnectAsync(int port)
    {
        var stops = Create(port);
        stops.Start();
        await Eventually.Until(() => stops.Counters.Received > 0, "a probe that comes back");
        return stops;
    }

    private Task HaltedAsync() => Eventually.Until(() => _safety.Standing is not null, "the halt");

    /// <summary>Another process with the device's name, and so another number.</summary>
    private sealed class MqttRoleOfTwin
    {
        private readonly StopProbe _probe = new(SensorClock.System, StopProbe.LongestPeriod);

        public MqttTransport Transport(MqttSettings options) =>
            new(options, SensorClock.System, new ListLogger<MqttTransport>(), MqttRole.Stops(_probe));
    }
}
