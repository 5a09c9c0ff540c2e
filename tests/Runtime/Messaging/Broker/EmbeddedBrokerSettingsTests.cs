using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.Mqtt;
using EdgePerception.Tests.Support;

namespace EdgePerception.Runtime.Tests.Messaging.Broker;

/// <summary>What <c>check</c> says of an embedded broker that cannot be, one line for each fault.</summary>
public sealed class EmbeddedBrokerSettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public EmbeddedBrokerSettingsTests() => TestCertificates.Write(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("::1")]
    public void It_serves_this_machine(string host) =>
        Assert.Empty(new MqttSettings { Embedded = true, Host = host }.Faults());

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("192.168.1.5")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("robot.local")]
    public void And_no_other_yet(string host)
    {
        var fault = Only(new MqttSettings { Embedded = true, Host = host });
        Assert.Equal("host", fault.Key);
        Assert.Equal(
            $"'{host}' must be 127.0.0.1, ::1 or localhost with embedded: true, since that broker has no users"
            + " and access lists yet; for other machines run a broker such as mosquitto, with embedded: false",
            fault.Reason);
        Assert.Empty(new MqttSettings { Host = host }.Faults());
    }

    [Fact]
    public void A_host_that_may_hold_a_password_is_not_quoted()
    {
        var fault = Only(new MqttSettings { Embedded = true, Host = "robot:hunter2@broker" });
        Assert.DoesNotContain("hunter2", fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_user_check_warns()
    {
        var open = new MqttSettings { Embedded = true };
        Assert.Contains("any program of this machine", open.Warning, StringComparison.Ordinal);
        Assert.Null(new MqttSettings { Embedded = true, Username = "robot", Password = "x" }.Warning);
        Assert.Null(new MqttSettings().Warning);
    }

    [Fact]
    public void A_certificate_with_its_key_is_taken() => Assert.Empty(Tls().Faults());

    [Fact]
    public void Files_and_keys_that_do_not_go_together_are_faults()
    {
        Assert.Equal("brokerCertFile", Only(Tls() with { BrokerCertFile = "", BrokerKeyFile = "" }).Key);
        Assert.Equal("brokerKeyFile", Only(Tls() with { BrokerKeyFile = "" }).Key);
        Assert.Equal("brokerCertFile", Only(Tls() with { Embedded = false }).Key);
        Assert.Equal("brokerCertFile", Only(Tls() with { Tls = false, TlsCaFile = "" }).Key);
        Assert.Equal("brokerKeyFile", Only(Tls() with { BrokerKeyFile = In("none") }).Key);
        var client = Only(Tls() with { TlsCertFile = In("client.pem"), TlsKeyFile = In("client.key") });
        Assert.Equal("tlsCertFile", client.Key);
        Assert.Contains("asks for no client's certificate", client.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_that_cannot_serve_is_a_fault_that_says_why()
    {
        Says("names a key that does not belong to", Tls() with { BrokerKeyFile = In("client.key") });
        Says("names a file that holds no private key", Tls() with { BrokerKeyFile = In("ca.pem") });
        Says("names a file that holds no certificate", Tls() with { BrokerCertFile = In("server.key") });
        Says("is not for '::1'", Tls() with { Host = "::1" });
        var now = DateTimeOffset.UtcNow;
        Says("is not valid after", Signed(now.AddDays(-2), now.AddDays(-1)));
        Says("is not valid before", Signed(now.AddDays(1), now.AddDays(2)));
    }

    [Fact]
    public void A_certificate_that_the_service_itself_would_not_trust_is_a_fault()
    {
        const string Reason = "would not be trusted by the service itself: the authority that signed it is none of ";
        var own = Signed(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        Says(Reason + "mqtt.tlsCaFile", own);
        Says(Reason + "the system's; name it in mqtt.tlsCaFile", Tls() with { TlsCaFile = "" });
        Assert.Empty((own with { TlsCaFile = own.BrokerCertFile }).Faults());
    }

    private static void Says(string reason, MqttSettings options) =>
        Assert.StartsWith(reason, Only(options).Reason, StringComparison.Ordinal);

    private static SettingsFault Only(MqttSettings options) => Assert.Single(options.Faults());

    private string In(string name) => Path.Combine(_folder.Path, name);

    private MqttSettings Tls() => new()
    {
        Embedded = true,
        Tls = true,
        TlsCaFile = In("ca.pem"),
        BrokerCertFile = In("server.pem"),
        BrokerKeyFile = In("server.key"),
    };

    private MqttSettings Signed(DateTimeOffset from, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=own", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(from, until);
        return Tls() with
        {
            BrokerCertFile = _folder.Write("own.pem", certificate.ExportCertificatePem()),
            BrokerKeyFile = _folder.Write("own.key", key.ExportPkcs8PrivateKeyPem()),
        };
    }
}
