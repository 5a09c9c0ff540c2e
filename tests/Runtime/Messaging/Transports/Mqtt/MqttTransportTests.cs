using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.Mqtt;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.Mqtt;

/// <summary>What is MQTT's own, against a real mosquitto that is killed, frozen and restarted.</summary>
public sealed class MqttTransportTests
{
    private static readonly PublishOptions Event = new() { Quality = QualityOfService.AtLeastOnce };

    private readonly ListLogger<MqttTransport> _log = new();

    [Fact]
    public async Task Available_says_online_offline_by_the_will_and_offline_at_the_end()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var peer = await MosquittoSubscriber.StartAsync(broker, "edge/#");
        await using var relay = TcpRelay.To(broker.Port);
        await using var transport = Create(Options(relay.Port));
        transport.Start();
        await Availability(peer, "online");
        relay.Cut();
        await Availability(peer, "online", "offline", "online");
        await transport.DisposeAsync();
        await Availability(peer, "online", "offline", "online", "offline");

        await using var late = await MosquittoSubscriber.StartAsync(broker, "edge/robot/available");
        await Eventually.Until(() => late.On("edge/robot/available").Count == 1, "the value that the broker keeps");
        Assert.True(late.On("edge/robot/available")[0].Retained);
        Assert.Equal("offline", late.On("edge/robot/available")[0].Text);
    }

    [Fact]
    public async Task Quality_retention_and_expiry_reach_a_subscriber_as_the_table_says()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var peer = await MosquittoSubscriber.StartAsync(broker, "edge/#");
        await using var transport = await ConnectAsync(Options(broker.Port));
        transport.Publish("detections/front", "a"u8, new PublishOptions());
        transport.Publish("scene", "b"u8, Event);
        transport.Publish("safety", "c"u8, Event with { Retain = true });
        transport.Publish("fleet/replies/ui", "d"u8, Event with { AbsoluteTopic = true });
        transport.Publish(
            "action", "e"u8, Event with { Deadline = SensorClock.System.Monotonic + TimeSpan.FromHours(1) });
        await Eventually.Until(() => peer.On("edge/robot/action").Count == 1, "the messages");
        Assert.Equal(0, peer.On("edge/robot/detections/front")[0].Quality);
        Assert.Equal(1, peer.On("edge/robot/scene")[0].Quality);
        await using var late = await MosquittoSubscriber.StartAsync(broker, "#");
        await Eventually.Until(() => late.On("edge/robot/safety").Count == 1, "the value that the broker keeps");
        Assert.Empty(late.On("edge/robot/scene"));
        await transport.DisposeAsync();
        Assert.Equal(5, transport.Counters.Delivered);
    }

    [Fact]
    public async Task A_state_with_a_life_expires_unless_it_is_said_again_and_the_last_one_before_an_orderly_end_stays()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var peer = await MosquittoSubscriber.StartAsync(broker, "edge/robot/safety");
        await using var transport = await ConnectAsync(Options(broker.Port));
        var state = Event with { Retain = true, Life = TimeSpan.FromSeconds(30) };
        transport.Publish("safety", "act"u8, state);
        await Eventually.Until(() => peer.On("edge/robot/safety").Count == 1, "the state");
        Assert.InRange(peer.On("edge/robot/safety")[0].Expiry ?? 0, 1, 30);
        transport.Publish("safety", "halt"u8, state);
        transport.Publish("stats", "kept as it is"u8, Event with { Retain = true });
        await transport.DisposeAsync();
        await Eventually.Until(() => peer.On("edge/robot/safety") is [.., { Expiry: null }], "the last words");
        await using var late = await MosquittoSubscriber.StartAsync(broker, "edge/robot/#");
        var kept = Assert.Single(late.On("edge/robot/safety"));
        Assert.Equal(("halt", null), (kept.Text, kept.Expiry));
        Assert.Equal(0, transport.Counters.Pending);
    }

    [Fact]
    public async Task Every_event_over_two_orderly_restarts_of_the_broker_arrives()
    {
        await using var broker =
            await MosquittoBroker.StartAsync(own =>
                ["persistence true", $"persistence_location {own.Folder}/", "max_queued_messages 0"]);
        await using var peer =
            await MosquittoSubscriber.StartAsync(broker, "edge/robot/scene", "-c", "-i", "peer", "-x", "3600");
        await using var transport = await ConnectAsync(Options(broker.Port) with { EventQueue = 10_000 });
        for (var restart = 0; restart <= 2; restart++)
        {
            for (var i = 0; i < 500; i++)
                transport.Publish("scene", Encoding.UTF8.GetBytes($"{(restart * 500) + i}"), Event);
            if (restart == 2) break;
            await broker.TerminateAsync();
            await broker.RestartAsync();
            await Eventually.Until(() => transport.Counters.Connections == restart + 2, "the reconnection");
        }

        await Eventually.Until(
            () => transport.Counters.Pending == 0, () => $"{transport.Counters.Pending} are still on their way");
        await Eventually.Until(() => Numbers(peer).Count == 1500, () => $"only {Numbers(peer).Count} of 1500 came");
        Assert.Equal(1500, transport.Counters.Delivered);
        Assert.Equal(0, transport.Counters.Dropped);
        Assert.Equal(3, transport.Counters.Connections);
    }

    [Fact]
    public async Task Every_event_over_kills_of_the_broker_is_acknowledged_or_counted_as_dropped()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var transport = await ConnectAsync(Options(broker.Port) with { EventQueue = 100 });
        for (var kill = 0; kill < 3; kill++)
        {
            for (var i = 0; i < 300; i++) transport.Publish("scene", "x"u8, Event);
            await broker.KillAsync();
            await Eventually.Until(() => transport.State == TransportState.Disconnected, "the outage to be noticed");
            for (var i = 0; i < 300; i++) transport.Publish("scene", "x"u8, Event);
            await broker.RestartAsync();
            await Eventually.Until(() => transport.State == TransportState.Connected, "the reconnection");
        }

        await Eventually.Until(
            () => transport.Counters.Pending == 0, () => $"{transport.Counters.Pending} are still on their way");
        Assert.Equal(1800, transport.Counters.Delivered + transport.Counters.DroppedFor(DropReason.QueueFull));
        Assert.True(transport.Counters.DroppedFor(DropReason.QueueFull) >= 600,
            "an outage of 300 messages must have overrun a queue of 100");
    }

    [Fact]
    public async Task A_broker_that_is_absent_at_start_is_said_once_and_found_when_it_comes()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await broker.KillAsync();
        await using var transport = Create(Options(broker.Port));
        transport.Start();
        await Eventually.Until(() => _log.Count(LogLevel.Debug) >= 5, "further attempts");
        var warning = Assert.Single(_log.Lines, line => line.Level == LogLevel.Warning).Text;
        Assert.Contains($"127.0.0.1:{broker.Port}: Connection refused", warning, StringComparison.Ordinal);
        await broker.RestartAsync();
        await Eventually.Until(() => transport.State == TransportState.Connected, "the connection");
    }

    [Fact]
    public async Task A_frozen_broker_is_noticed_by_the_keepalive_and_used_again_when_it_thaws()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var transport =
            await ConnectAsync(Options(broker.Port) with { KeepAliveS = 5, ConnectTimeoutMs = 500 });
        broker.Freeze();
        for (var i = 0; i < 100; i++) Assert.True(transport.Publish("scene", "x"u8, Event));
        await Eventually.Until(() => transport.State == TransportState.Disconnected, "the keepalive");
        var warning = Assert.Single(_log.Lines, line => line.Level == LogLevel.Warning).Text;
        Assert.Contains(" has not answered for 5 s", warning, StringComparison.Ordinal);
        broker.Thaw();
        await Eventually.Until(
            () => transport.State == TransportState.Connected && transport.Counters.Pending == 0, "the events");
        Assert.Equal(100, transport.Counters.Delivered + transport.Counters.Dropped);
        Assert.Equal(1, _log.Count(LogLevel.Warning));
    }

    [Fact]
    public async Task No_wake_up_is_lost_in_300_starts_in_a_row()
    {
        // Nothing else wakes the sending thread within the hour that it may wait, so that a lost one is never made up
        // for.
        await using var broker = await MosquittoBroker.StartAsync();
        for (var start = 0; start < 300; start++)
        {
            await using var transport = Create(Options(broker.Port) with { KeepAliveS = 3600 });
            transport.Start();
            transport.Publish("scene", "early"u8, Event);
            await Eventually.Until(() => transport.Counters.Delivered == 1, () => $"the first event of start {start}");
            transport.Publish("scene", "late"u8, Event);
            await Eventually.Until(() => transport.Counters.Delivered == 2, () => $"the second event of start {start}");
        }
    }

    [Fact]
    public async Task A_frozen_broker_is_noticed_under_a_stream_as_well()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var transport =
            await ConnectAsync(Options(broker.Port) with { KeepAliveS = 5, ConnectTimeoutMs = 500 });
        broker.Freeze();
        await Eventually.Until(
            () =>
            {
                transport.Publish("detections/front", "x"u8, new PublishOptions());
                return transport.State == TransportState.Disconnected;
            },
            "the silence to be noticed");
        var warning = Assert.Single(_log.Lines, line => line.Level == LogLevel.Warning).Text;
        Assert.Contains("the broker has not answered for 5 s", warning, StringComparison.Ordinal);
        broker.Thaw();
        await Eventually.Until(() => transport.State == TransportState.Connected, "the connection");
    }

    [Fact]
    public async Task A_socket_that_is_full_is_given_up_and_nothing_is_lost_without_being_counted()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var options = Options(broker.Port) with { KeepAliveS = 5, MaxInFlight = 64, EventQueue = 64 };
        await using var transport = await ConnectAsync(options);
        broker.Freeze();
        for (var i = 0; i < 64; i++) transport.Publish("scene", new byte[Outbox.MaxPayloadBytes], Event);
        await Eventually.Until(() => transport.State == TransportState.Disconnected, "the full socket to be given up");
        var warning = Assert.Single(_log.Lines, line => line.Level == LogLevel.Warning).Text;
        Assert.Contains(
            "the broker has taken nothing for 5 s; it or the network hangs", warning, StringComparison.Ordinal);
        broker.Thaw();
        await Eventually.Until(() => transport.Counters.Pending == 0, "the events");
        Assert.Equal(64, transport.Counters.Delivered + transport.Counters.DroppedFor(DropReason.QueueFull));
    }

    [Fact]
    public async Task The_end_does_not_wait_for_a_socket_that_is_full()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var options = Options(broker.Port) with
        {
            KeepAliveS = 3600,
            MaxInFlight = 64,
            EventQueue = 64,
            ShutdownMs = 100,
        };
        await using var transport = await ConnectAsync(options);
        broker.Freeze();
        for (var i = 0; i < 64; i++) transport.Publish("scene", new byte[Outbox.MaxPayloadBytes], Event);
        await transport.DisposeAsync();
        Assert.Equal(TransportState.Stopped, transport.State);
        Assert.DoesNotContain(_log.Lines, line => line.Text.Contains("did not end within", StringComparison.Ordinal));
        Assert.Equal(0, transport.Counters.Pending);
    }

    [Fact]
    public async Task The_end_does_not_wait_for_a_broker_that_is_frozen()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var transport = await ConnectAsync(Options(broker.Port) with { ShutdownMs = 100 });
        broker.Freeze();
        for (var i = 0; i < 100; i++) transport.Publish("scene", "x"u8, Event);
        await transport.DisposeAsync();
        Assert.Equal(100,
            transport.Counters.DroppedFor(DropReason.Shutdown) + transport.Counters.DroppedFor(DropReason.QueueFull));
        Assert.Equal(0, transport.Counters.Pending);
        broker.Thaw();
    }

    [Fact]
    public async Task The_end_sends_what_waits_first()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var peer = await MosquittoSubscriber.StartAsync(broker, "edge/#");
        await using var transport = await ConnectAsync(Options(broker.Port) with { EventQueue = 1000 });
        for (var i = 0; i < 500; i++) transport.Publish("scene", Encoding.UTF8.GetBytes($"{i}"), Event);
        await transport.DisposeAsync();
        Assert.Equal(500, transport.Counters.Delivered);
        await Availability(peer, "online", "offline");
        Assert.Equal(500, Numbers(peer).Count);
    }

    [Fact]
    public async Task Over_tls_with_certificates_it_comes_back_after_the_broker_was_killed()
    {
        await using var broker = await MosquittoBroker.StartTlsAsync(asksForCertificate: true);
        var options = Options(broker.Port) with
        {
            Tls = true,
            TlsCaFile = $"{broker.Folder}/ca.pem",
            TlsCertFile = $"{broker.Folder}/client.pem",
            TlsKeyFile = $"{broker.Folder}/client.key",
            EventQueue = 1000,
        };
        await using var transport = await ConnectAsync(options);
        for (var kill = 0; kill < 2; kill++)
        {
            for (var i = 0; i < 100; i++) transport.Publish("scene", "x"u8, Event);
            await broker.KillAsync();
            await broker.RestartAsync();
            await Eventually.Until(() => transport.Counters.Connections == kill + 2, "the reconnection");
        }

        await Eventually.Until(() => transport.Counters.Pending == 0, "the events");
        Assert.Equal(200, transport.Counters.Delivered);
    }

    [Fact]
    public async Task The_end_does_not_wait_for_a_host_that_swallows_packets()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var address = (IPEndPoint)listener.LocalEndPoint!;

        // Once its backlog is full, the kernel drops further greetings without a word.
        using var first = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await first.ConnectAsync(address);
        await using var transport = Create(Options(address.Port) with { ConnectTimeoutMs = 60_000, ShutdownMs = 0 });
        transport.Start();
        await transport.DisposeAsync();
        Assert.Equal(TransportState.Stopped, transport.State);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task A_wrong_password_is_said_by_the_brokers_reason_and_the_right_one_from_a_file_works()
    {
        await using var broker = await MosquittoBroker.StartAsync(own =>
        {
            File.WriteAllText($"{own.Folder}/passwords", "robot:secret\n");
            using var hash = System.Diagnostics.Process.Start("mosquitto_passwd", ["-U", $"{own.Folder}/passwords"]);
            hash.WaitForExit();
            return ["allow_anonymous false", $"password_file {own.Folder}/passwords"];
        });
        await using var wrong = Create(Options(broker.Port) with { Username = "robot", Password = "wrong" });
        wrong.Start();
        await Eventually.Until(() => _log.Count(LogLevel.Warning) == 1, "the refusal");
        Assert.Contains("the broker refuses us: Not authorized",
            _log.Lines.Single(line => line.Level == LogLevel.Warning).Text, StringComparison.OrdinalIgnoreCase);

        await File.WriteAllTextAsync($"{broker.Folder}/secret", "secret\n");
        await using var right = await ConnectAsync(
            Options(broker.Port) with { Username = "robot", PasswordFile = $"{broker.Folder}/secret" });
    }

    [Fact]
    public async Task What_the_broker_denies_is_counted_and_a_denied_subscription_is_said()
    {
        await using var broker = await MosquittoBroker.StartAsync(own =>
        {
            File.WriteAllText($"{own.Folder}/acl", "topic write edge/robot/available\n");
            return [$"acl_file {own.Folder}/acl"];
        });
        await using var transport = await ConnectAsync(Options(broker.Port));
        transport.Publish("scene", "x"u8, Event);
        await Eventually.Until(
            () => transport.Counters.DroppedFor(DropReason.BrokerRefused) == 1, "the broker's refusal");
        Assert.Equal(0, transport.Counters.Delivered);
    }

    [Fact]
    public async Task A_packet_beyond_the_inbound_limit_does_not_reach_us()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var lengths = new List<int>();
        await using var transport = Create(Options(broker.Port) with { MaxInboundBytes = 10_000 });
        transport.Inbound = (_, payload, _) =>
        {
            lock (lengths) lengths.Add(payload.Length);
        };
        transport.Start();
        await Eventually.Until(() => transport.State == TransportState.Connected, "the connection");
        await MosquittoSubscriber.PublishAsync(broker, "edge/robot/command", new string('x', 20_000));
        await MosquittoSubscriber.PublishAsync(broker, "edge/robot/command", new string('x', 5_000));
        await Eventually.Until(() => transport.Counters.Received == 1, "the command that fits");
        Assert.Equal([5_000], lengths);
    }

    [Fact]
    public void All_that_is_wrong_with_the_options_is_said_at_once()
    {
        var options = new MqttSettings
        {
            Host = "",
            Port = 0,
            Prefix = "a/+",
            Device = "a b",
            Password = "x",
            TlsCertFile = "/nowhere.pem",
            KeepAliveS = 1,
            EventQueue = 0,
            ReconnectMinMs = 1000,
            ReconnectMaxMs = 100,
        };
        string[] keys = ["host", "port", "prefix", "device", "username", "tlsCertFile", "tlsKeyFile", "tls",
            "keepAliveS", "reconnectMaxMs", "eventQueue"];
        Assert.Equal(keys.Order(), options.Faults().Select(fault => fault.Key).Order());
        Assert.Empty(new MqttSettings().Faults());
        Assert.Throws<MessagingException>(() => Create(options));
    }

    private static MqttSettings Options(int port) => new()
    {
        Port = port,
        Device = "robot",
        EventQueue = 32,
        ReconnectMinMs = 10,
        ReconnectMaxMs = 50,
    };

    private MqttTransport Create(MqttSettings options) => new(options, SensorClock.System, _log);

    private async Task<MqttTransport> ConnectAsync(MqttSettings options)
    {
        var transport = Create(options);
        transport.Start();
        await Eventually.Until(() => transport.State == TransportState.Connected, "the connection");
        return transport;
    }

    private static async Task Availability(MosquittoSubscriber peer, params string[] expected)
    {
        // At least once means that a value may come again when its acknowledgement was lost with the connection.
        List<string> Changes()
        {
            var values = peer.On("edge/robot/available").Select(message => message.Text).ToList();
            return [.. values.Where((value, i) => i == 0 || value != values[i - 1])];
        }

        await Eventually.Until(() => Changes().Count >= expected.Length, () => $"availability {expected[^1]}");
        Assert.Equal(expected, Changes());
    }

    private static HashSet<int> Numbers(MosquittoSubscriber peer) =>
        [.. peer.On("edge/robot/scene").Select(message => int.Parse(message.Text, CultureInfo.InvariantCulture))];
}
