using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.Mqtt;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.Mqtt;

/// <summary>What is said of connections that fail, and of those that another client takes away.</summary>
public sealed class MqttConnectionTests
{
    private readonly ListLogger<MqttTransport> _log = new();

    [Fact]
    public async Task A_broker_whose_certificate_another_authority_signed_is_not_trusted()
    {
        await using var broker = await MosquittoBroker.StartTlsAsync();
        TestCertificates.Write(Directory.CreateDirectory($"{broker.Folder}/other").FullName);
        var options = Options(broker.Port) with { Tls = true, TlsCaFile = $"{broker.Folder}/other/ca.pem" };
        await using var transport = Create(options);
        transport.Start();
        await Eventually.Until(() => _log.Count(LogLevel.Debug) >= 2, "further attempts");
        Assert.Equal(TransportState.Disconnected, transport.State);
        Assert.Equal(0, transport.Counters.Connections);
        Says($"the broker's certificate is not trusted: {broker.Folder}/other/ca.pem did not sign it");
    }

    [Fact]
    public async Task A_certificate_that_was_refused_is_not_blamed_for_a_broker_that_is_gone()
    {
        await using var broker = await MosquittoBroker.StartTlsAsync();
        TestCertificates.Write(Directory.CreateDirectory($"{broker.Folder}/other").FullName);
        var options = Options(broker.Port) with { Tls = true, TlsCaFile = $"{broker.Folder}/other/ca.pem" };
        await using var transport = Create(options);
        transport.Start();
        await Eventually.Until(() => _log.Count(LogLevel.Warning) == 1, "the certificate's refusal");
        await broker.KillAsync();
        await Eventually.Until(
            () => transport.Trouble?.Reason.Contains("Connection refused", StringComparison.Ordinal) ?? false,
            "the new reason");
    }

    [Fact]
    public async Task A_certificate_whose_time_is_over_is_said_with_its_time()
    {
        await using var broker = await MosquittoBroker.StartTlsAsync(goodFor: TimeSpan.FromDays(-1));
        var options = Options(broker.Port) with { Tls = true, TlsCaFile = $"{broker.Folder}/ca.pem" };
        await using var transport = Create(options);
        transport.Start();
        await Eventually.Until(() => _log.Count(LogLevel.Warning) == 1, "the reason");
        Says("the broker's certificate is not trusted: it is valid from 20");
    }

    [Fact]
    public async Task A_certificate_for_another_host_and_one_that_is_asked_for_and_missing_are_said()
    {
        await using var broker = await MosquittoBroker.StartTlsAsync(asksForCertificate: true);
        var options = Options(broker.Port) with { Tls = true, TlsCaFile = $"{broker.Folder}/ca.pem" };
        await using (var elsewhere = Create(options with { Host = "localhost" }))
        {
            elsewhere.Start();
            await Eventually.Until(() => _log.Count(LogLevel.Warning) == 1, "the reason");
            Says("the broker's certificate is not for the host 'localhost', but for 127.0.0.1");
        }

        await using var unknown = Create(options);
        unknown.Start();
        await Eventually.Until(() => _log.Count(LogLevel.Warning) == 2, "the reason");
        var said = _log.Lines.Last(line => line.Level == LogLevel.Warning).Text;
        Assert.Contains("whether it asks for a certificate of this device", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_is_to_be_encrypted_is_never_made_in_the_clear()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var transport = Create(Options(broker.Port) with { Tls = true });
        transport.Start();
        await Eventually.Until(() => _log.Count(LogLevel.Debug) >= 2, "further attempts");
        Assert.Equal(0, transport.Counters.Connections);
        Says($"no TLS at port {broker.Port}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("\u0020\u007f and no more")]
    [InlineData("\u00f0\u0000")]
    public async Task What_is_no_broker_is_said_and_never_success(string answer)
    {
        await using var stranger = new TcpStub([.. answer.Select(character => (byte)character)]);
        await using var transport = Create(Options(stranger.Port));
        transport.Start();
        await Eventually.Until(() => _log.Count(LogLevel.Debug) >= 2, "further attempts");
        Says(", before the broker answered; check that this port is an MQTT broker's, without TLS");
        Assert.DoesNotContain(_log.Lines, line => line.Text.Contains("Success", StringComparison.Ordinal));
        Assert.Equal(0, transport.Counters.Connections);
    }

    [Fact]
    public async Task Two_devices_under_one_name_are_told_once_each_back_off_and_settle_when_one_ends()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var (firstLog, secondLog) = (new ListLogger<MqttTransport>(), new ListLogger<MqttTransport>());

        // A connection counts as sound after three times the longest wait, in which a busy machine lets the other try.
        var options = Options(broker.Port) with { ReconnectMaxMs = 1000 };
        await using var first = new MqttTransport(options, SensorClock.System, firstLog);
        await using var second = new MqttTransport(options, SensorClock.System, secondLog);
        first.Start();
        second.Start();
        foreach (var (transport, log) in new[] { (first, firstLog), (second, secondLog) })
        {
            await Eventually.Until(() => transport.Trouble is { NeedsAttention: true }, "the contest");
            await Eventually.Until(() => transport.Counters.Connections > 6, "further rounds");
            const string Another = "another client uses the client id 'edge-perception-robot', such as a second";
            var told = Assert.Single(log.Lines, line => line.Text.Contains(Another, StringComparison.Ordinal));
            Assert.Equal(LogLevel.Warning, told.Level);
        }

        await second.DisposeAsync();
        await Eventually.Until(() => first is { Trouble: null, State: TransportState.Connected }, "peace");
        Assert.Contains("is connected", firstLog.Lines[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_says_that_it_gave_the_session_to_another_is_quoted_once()
    {
        // Accepts, and then disconnects with reason 0x8E, as brokers do that tell.
        await using var broker = new TcpStub([0x20, 0x03, 0x00, 0x00, 0x00, 0xE0, 0x02, 0x8E, 0x00]);
        await using var transport = Create(Options(broker.Port));
        transport.Start();
        await Eventually.Until(() => broker.Connections >= 4, "further attempts");
        Says("the broker ended the connection: Session taken over; another client uses the client id 'edge-perception");
        Assert.True(transport.Trouble is { NeedsAttention: true });
    }

    private void Says(string reason)
    {
        var said = _log.Lines.Single(line => line.Level == LogLevel.Warning).Text;
        Assert.True(said.Contains(reason, StringComparison.Ordinal), said);
    }

    private static MqttSettings Options(int port) =>
        new() { Port = port, Device = "robot", ReconnectMinMs = 10, ReconnectMaxMs = 50 };

    private MqttTransport Create(MqttSettings options) => new(options, SensorClock.System, _log);
}
