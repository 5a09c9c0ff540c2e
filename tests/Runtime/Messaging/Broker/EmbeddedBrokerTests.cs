using System.Diagnostics;
using System.Text;
using EdgePerception.Runtime.Messaging.Broker;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.Mqtt;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Tests.Messaging.Broker;

/// <summary>
/// The embedded broker against mosquitto's clients, which know nothing of it, and against clients without manners.
/// </summary>
public sealed class EmbeddedBrokerTests : IAsyncLifetime, IDisposable
{
    private const string Password = "hunter2";

    private readonly ListLogger<EmbeddedBroker> _log = new();
    private readonly FakeTimeProvider _time = new();
    private readonly TemporaryFolder _folder = new();
    private readonly List<EmbeddedBroker> _brokers = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var broker in _brokers) await broker.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mqttv5", 0)]
    [InlineData("mqttv5", 1)]
    [InlineData("mqttv5", 2)]
    [InlineData("mqttv311", 0)]
    [InlineData("mqttv311", 1)]
    [InlineData("mqttv311", 2)]
    public async Task A_client_without_an_id_is_taken_and_its_message_arrives(string version, int quality)
    {
        var port = Start();
        await using var peer = await MosquittoSubscriber.StartAsync(new BrokerAccess(port), "a/#", "-q", "2");
        await SendAsync(port, "-V", version, "-q", $"{quality}", "-t", "a/b", "-m", "text");
        await Eventually.Until(() => peer.On("a/b").Count == 1, "the message");
        var message = peer.On("a/b")[0];
        Assert.Equal(("text", quality, false), (message.Text, message.Quality, message.Retained));
    }

    [Fact]
    public async Task An_id_is_assigned_in_version_5_and_a_lasting_session_without_one_is_refused_in_311()
    {
        var port = Start();
        using var five = RawMqtt.To(port);
        var answer = await five.ConnectAsync(5, "");
        Assert.Equal(0, answer[1]);
        Assert.Contains("auto-", Encoding.ASCII.GetString(answer), StringComparison.Ordinal);
        using var three = RawMqtt.To(port);
        Assert.Equal([0, 0], await three.ConnectAsync(4, ""));
        using var lasting = RawMqtt.To(port);
        await Assert.ThrowsAsync<EndOfStreamException>(() => lasting.ConnectAsync(4, "", clean: false));
        Assert.True(HasSaid("CleanSession must be set"));
    }

    [Fact]
    public async Task A_retained_message_is_kept_replaced_and_forgotten()
    {
        var access = new BrokerAccess(Start());
        await MosquittoSubscriber.PublishAsync(access, "a/kept", "one", "-r");
        await MosquittoSubscriber.PublishAsync(access, "a/kept", "two", "-r");
        await MosquittoSubscriber.PublishAsync(access, "a/gone", "one", "-r");
        await SendAsync(access.Port, "-t", "a/gone", "-r", "-n");
        await using var late = await MosquittoSubscriber.StartAsync(access, "a/#");
        var kept = Assert.Single(late.Messages, message => message.Topic.StartsWith("a/", StringComparison.Ordinal));
        Assert.Equal(("a/kept", "two", true, null), (kept.Topic, kept.Text, kept.Retained, kept.Expiry));
    }

    [Fact]
    public async Task The_life_of_a_retained_message_is_counted_down_renewed_by_the_same_one_and_ends()
    {
        var access = new BrokerAccess(Start());
        await PublishFor(access, "a/level", "act", 100);
        _time.Advance(TimeSpan.FromSeconds(40.5));
        Assert.Equal(60, Assert.Single(await KeptAsync(access, "a/level")).Expiry);
        await PublishFor(access, "a/level", "act", 100);
        _time.Advance(TimeSpan.FromSeconds(90));
        Assert.Equal(10, Assert.Single(await KeptAsync(access, "a/level")).Expiry);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Empty(await KeptAsync(access, "a/level"));
    }

    [Fact]
    public async Task A_message_whose_life_ends_in_the_queue_of_a_slow_client_is_not_sent_and_counted()
    {
        var port = Start();
        var access = new BrokerAccess(port);
        using var slow = RawMqtt.To(port, receiveBuffer: 4096);
        await slow.ConnectAsync(5, "slow");
        await slow.SubscribeAsync("a/#", 1);
        var before = Totals.Of("edge_perception.broker.dropped{reason=expired}");
        // More than the sockets take: what comes behind waits.
        var filler = _folder.Write("filler", new string('x', 1_000_000));
        for (var i = 0; i < 12; i++) await SendAsync(port, "-t", "a/filler", "-q", "1", "-f", filler);
        await PublishFor(access, "a/late", "stale", 30);
        await MosquittoSubscriber.PublishAsync(access, "a/late", "fresh");
        _time.Advance(TimeSpan.FromSeconds(30));
        string text;
        do text = Encoding.ASCII.GetString((await slow.ReceiveAsync()).Body);
        while (text.Contains("a/filler", StringComparison.Ordinal));
        Assert.Contains("fresh", text, StringComparison.Ordinal);
        Assert.Equal(before + 1, Totals.Of("edge_perception.broker.dropped{reason=expired}"));
    }

    [Fact]
    public async Task What_waits_for_a_client_that_acknowledges_nothing_is_bounded()
    {
        var port = Start();
        using var silent = RawMqtt.To(port, receiveBuffer: 4096);
        await silent.ConnectAsync(5, "silent");
        await silent.SubscribeAsync("a", 1);
        var before = Totals.Of("edge_perception.broker.dropped{reason=client_behind}");
        var large = _folder.Write("large", new string('x', 1_000_000));
        for (var i = 0; i < 20; i++) await SendAsync(port, "-t", "a", "-q", "1", "-f", large);
        Assert.Equal(before + 4, Totals.Of("edge_perception.broker.dropped{reason=client_behind}"));
    }

    [Fact]
    public async Task The_will_of_a_client_that_was_killed_is_published_and_kept()
    {
        var access = new BrokerAccess(Start());
        await using var peer = await MosquittoSubscriber.StartAsync(access, "will/#");
        await using var victim = await MosquittoSubscriber.StartAsync(
            access, "nothing",
            "--will-topic", "will/victim", "--will-payload", "gone", "--will-retain", "--will-qos", "1");
        victim.Kill();
        await Eventually.Until(() => peer.On("will/victim").Count == 1, "the will");
        Assert.Equal("gone", Assert.Single(await KeptAsync(access, "will/victim")).Text);
    }

    [Fact]
    public async Task Who_comes_with_the_id_of_another_takes_its_place_and_that_one_is_told()
    {
        var port = Start();
        using var first = RawMqtt.To(port);
        await first.ConnectAsync(5, "twin");
        using var second = RawMqtt.To(port);
        Assert.Equal(0, (await second.ConnectAsync(5, "twin"))[1]);
        Assert.Equal([0xE0, 0x02, 0x8E, 0x00], await first.ReadToEndAsync());
        await second.SubscribeAsync("a", 1);
        await MosquittoSubscriber.PublishAsync(new BrokerAccess(port), "a", "text");
        Assert.EndsWith("text", Encoding.ASCII.GetString((await second.ReceiveAsync()).Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_user_and_password_are_asked_for_and_never_told()
    {
        var file = _folder.Write("password", Password + "\n");
        var port = Start(options => options with { Username = "robot", PasswordFile = file });
        var access = new BrokerAccess(port, "-u", "robot", "-P", Password);
        await using var peer = await MosquittoSubscriber.StartAsync(access, "a/#");
        string[][] logins = [["-u", "robot", "-P", "hunter3"], ["-u", "Robot", "-P", Password], ["-u", "robot"], []];
        foreach (var login in logins)
        {
            foreach (var version in new[] { "mqttv5", "mqttv311" })
            {
                string[] said = ["-i", "intruder", "-V", version, "-t", "a/b", "-m", "x", .. login];
                var refused = await PublishAsync(port, said);
                Assert.NotEqual(0, refused.Code);
                Assert.Contains("user name or password", refused.Errors, StringComparison.OrdinalIgnoreCase);
            }
        }

        using var raw = RawMqtt.To(port);
        Assert.Equal(0x86, (await raw.ConnectAsync(5, "in\u0007truder"))[1]);
        using var old = RawMqtt.To(port);
        Assert.Equal([0, 4], await old.ConnectAsync(4, "intruder"));
        Assert.Empty(peer.On("a/b"));
        Assert.Contains(_log.Lines, line => line.Level == LogLevel.Warning
            && line.Text.Contains("client in?truder at 127.0.0.1:", StringComparison.Ordinal)
            && line.Text.EndsWith(": user name or password is wrong", StringComparison.Ordinal));
        Assert.DoesNotContain(_log.Lines, line => line.Text.Contains("hunter", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_TLS_mosquittos_client_and_the_service_itself_connect_and_one_without_does_not()
    {
        TestCertificates.Write(_folder.Path);
        string In(string name) => Path.Combine(_folder.Path, name);
        MqttSettings? used = null;
        var port = Start(options => used = options with
        {
            Tls = true,
            TlsCaFile = In("ca.pem"),
            BrokerCertFile = In("server.pem"),
            BrokerKeyFile = In("server.key"),
            Username = "robot",
            Password = Password,
            Device = "robot",
        });
        await using var peer = await MosquittoSubscriber.StartAsync(
            new BrokerAccess(port, "--cafile", In("ca.pem"), "-u", "robot", "-P", Password), "edge/#");
        await using var transport = new MqttTransport(used!, SensorClock.System, new ListLogger<MqttTransport>());
        transport.Start();
        await Eventually.Until(() => peer.On("edge/robot/available").Count == 1, "the service's word");
        Assert.NotEqual(0, (await PublishAsync(port, "-u", "robot", "-P", Password, "-t", "a", "-m", "x")).Code);
        await Eventually.Until(() => HasSaid("no TLS with 127.0.0.1:"), "the line");
    }

    [Fact]
    public async Task The_services_last_word_reaches_a_subscriber_before_the_broker_ends()
    {
        MqttSettings? used = null;
        var port = Start(options => used = options with { Device = "robot" });
        await using var peer = await MosquittoSubscriber.StartAsync(new BrokerAccess(port), "edge/#");
        var transport = new MqttTransport(used!, SensorClock.System, new ListLogger<MqttTransport>());
        transport.Start();
        await Eventually.Until(() => peer.On("edge/robot/available").Count == 1, "the first word");
        await transport.DisposeAsync();
        await _brokers[0].DisposeAsync();
        await Eventually.Until(() => peer.On("edge/robot/available").Count == 2, "the last word");
        Assert.Equal(["online", "offline"], peer.On("edge/robot/available").Select(message => message.Text));
    }

    [Fact]
    public async Task It_can_be_started_again_in_the_same_process_and_a_port_that_is_taken_is_one_line()
    {
        var port = Start();
        var taken = Assert.Throws<MessagingException>(() => Start(options => options with { Port = port }));
        Assert.Equal(
            $"mqtt.port: cannot listen on 127.0.0.1:{port}: address in use; another broker (mosquitto?) may hold it, "
            + "use it with embedded: false or choose another port", taken.Message);
        using var connected = RawMqtt.To(port);
        await connected.ConnectAsync(5, "first");
        await _brokers[0].DisposeAsync();
        Assert.Equal([0xE0, 0x02, 0x8B, 0x00], await connected.ReadToEndAsync());
        Start(options => options with { Port = port });
        using var again = RawMqtt.To(port);
        Assert.Equal(0, (await again.ConnectAsync(5, "again"))[1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_header_that_announces_256_megabytes_ends_the_connection_and_takes_no_memory(bool connects)
    {
        var port = Start();
        using var rude = RawMqtt.To(port);
        if (connects) await rude.ConnectAsync(5, "rude");
        var before = GC.GetTotalAllocatedBytes();
        await rude.SendAsync([0x30, 0xFF, 0xFF, 0xFF, 0x7F]);
        var answer = await rude.ReadToEndAsync();
        Assert.Equal(connects ? [0xE0, 0x02, 0x95, 0x00] : Array.Empty<byte>(), answer);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 64 << 20);
        Assert.Contains(_log.Lines, line => line.Text.EndsWith("bytes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_payload_of_a_megabyte_passes()
    {
        var port = Start();
        await using var peer = await MosquittoSubscriber.StartAsync(new BrokerAccess(port), "a/b");
        var file = _folder.Write("large", new string('x', 1 << 20));
        await SendAsync(port, "-V", "mqttv5", "-q", "1", "-t", "a/b", "-f", file);
        await Eventually.Until(() => peer.On("a/b").Count == 1, "the message");
        Assert.Equal(1 << 20, peer.On("a/b")[0].Payload.Length);
    }

    [Fact]
    public async Task More_connections_than_it_takes_are_closed_and_the_others_stay()
    {
        var port = Start();
        List<RawMqtt> open = [];
        try
        {
            for (var i = 0; i < BrokerLimits.Connections; i++)
            {
                open.Add(RawMqtt.To(port));
                await open[^1].ConnectAsync(5, "");
            }

            using var extra = RawMqtt.To(port);
            Assert.Empty(await extra.ReadToEndAsync());
            Assert.Equal(0, await open[0].SubscribeAsync("a", 0));
            open[1].Dispose();
            open.RemoveAt(1);
            await Eventually.UntilAsync(IsTaken, () => "room for another one");
        }
        finally
        {
            foreach (var each in open) each.Dispose();
        }

        async Task<bool> IsTaken()
        {
            using var another = RawMqtt.To(port);
            try
            {
                return (await another.ConnectAsync(5, ""))[1] == 0;
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task Topics_filters_and_numbers_of_them_have_bounds_and_answers_say_so()
    {
        var port = Start();
        using var client = RawMqtt.To(port);
        await client.ConnectAsync(5, "client");
        Assert.Equal(0x87, await client.PublishAsync("$SYS/broker", "x"));
        Assert.Equal(0x90, await client.PublishAsync("a/#", "x"));
        Assert.Equal(0x9E, await client.SubscribeAsync("$share/group/a", 0));
        Assert.Equal(0x8F, await client.SubscribeAsync("a/#/b", 0));
        Assert.Equal(0x8F, await client.SubscribeAsync("a+", 0));
        Assert.Equal([0x8F, 1], await client.SubscribeAsync(("a/#/b", 0), ("own/0", 1)));
        for (var i = 0; i < BrokerLimits.Subscriptions; i++)
            Assert.Equal(0, await client.SubscribeAsync($"own/{i}", 0));
        Assert.Equal(0x97, await client.SubscribeAsync("own/more", 0));
        Assert.Equal(0, await client.SubscribeAsync("own/0", 0));
    }

    [Fact]
    public async Task Retained_messages_are_bounded_and_those_that_are_over_make_room()
    {
        var port = Start();
        using var client = RawMqtt.To(port);
        await client.ConnectAsync(5, "client");
        await PublishFor(new BrokerAccess(port), "kept/short", "x", 10);
        for (var i = 1; i < BrokerLimits.RetainedTopics; i++) await RetainAsync(client, $"kept/{i}");
        Assert.Equal(0x97, await RetainAsync(client, "kept/more"));
        Assert.True(HasSaid("refuses a retained message of client client"));
        Assert.Equal(0x10, await RetainAsync(client, "kept/1"));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(0x10, await RetainAsync(client, "kept/more"));
    }

    private static async Task<byte> RetainAsync(RawMqtt client, string topic)
    {
        byte[] body = [0, (byte)topic.Length, .. Encoding.ASCII.GetBytes(topic), 0, 1, 0, (byte)'x'];
        await client.SendAsync([0x33, (byte)body.Length, .. body]);
        return (await client.ReceiveAsync()).Body is [_, _, var reason, ..] ? reason : (byte)0;
    }

    private static Task PublishFor(BrokerAccess access, string topic, string text, int seconds) =>
        MosquittoSubscriber.PublishAsync(
            access, topic, text, "-r", "-D", "publish", "message-expiry-interval", $"{seconds}");

    private static async Task<IReadOnlyList<ReceivedMessage>> KeptAsync(BrokerAccess access, string topic)
    {
        // What is kept comes before the marker that was sent after the subscription.
        await using var late = await MosquittoSubscriber.StartAsync(access, topic);
        return late.On(topic);
    }

    private static async Task SendAsync(int port, params string[] arguments)
    {
        var (code, errors) = await PublishAsync(port, arguments);
        Assert.True(code == 0, errors);
    }

    private static async Task<(int Code, string Errors)> PublishAsync(int port, params string[] arguments)
    {
        string[] all = ["-h", "127.0.0.1", "-p", $"{port}", .. arguments];
        using var process = Process.Start(new ProcessStartInfo("mosquitto_pub", all) { RedirectStandardError = true })!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, errors);
    }

    private bool HasSaid(string text) => _log.Lines.Any(line => line.Text.Contains(text, StringComparison.Ordinal));

    private int Start(Func<MqttSettings, MqttSettings>? change = null)
    {
        var options = new MqttSettings { Embedded = true, Port = MosquittoBroker.FreePort() };
        if (change is not null) options = change(options);
        var broker = new EmbeddedBroker(options, new SensorClock(_time), _log);
        broker.Start();
        _brokers.Add(broker);
        return options.Port;
    }
}
