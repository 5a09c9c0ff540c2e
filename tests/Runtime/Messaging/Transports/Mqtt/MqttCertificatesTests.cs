using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.Mqtt;
using EdgePerception.Tests.Support;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.Mqtt;

/// <summary>Certificates and keys that do not fit: which, and why, before anything is opened.</summary>
public sealed class MqttCertificatesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public MqttCertificatesTests() => TestCertificates.Write(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_fits_is_taken() => Assert.Empty(Options("ca.pem", "client.pem", "client.key").Faults());

    [Theory]
    [InlineData("empty.pem", "client.pem", "client.key", "tlsCaFile", "names a file that holds no certificate in PEM")]
    [InlineData("client.key", "client.pem", "client.key", "tlsCaFile", "names a file that holds no certificate in PEM")]
    [InlineData("damaged.pem", "client.pem", "client.key", "tlsCaFile", "names a file with a damaged certificate")]
    [InlineData("ca.pem", "client.key", "client.key", "tlsCertFile", "names a file that holds no certificate in PEM")]
    [InlineData("ca.pem", "client.pem", "client.pem", "tlsKeyFile", "names a file that holds no private key in PEM")]
    [InlineData(
        "ca.pem", "client.pem", "server.key", "tlsKeyFile", "names a key that does not belong to the certificate")]
    [InlineData("ca.pem", "client.pem", "locked.key", "tlsKeyFile", "names a key that is encrypted")]
    [InlineData("ca.pem", "damaged.pem", "client.key", "tlsKeyFile", "or one of them is damaged")]
    public void What_does_not_fit_is_said_by_its_key_and_the_transport_does_not_start(
        string authority, string certificate, string key, string wrong, string reason)
    {
        _folder.Write("empty.pem", "");
        _folder.Write("damaged.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        _folder.Write(
            "locked.key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
        var options = Options(authority, certificate, key);
        var fault = Assert.Single(options.Faults());
        Assert.Equal(wrong, fault.Key);
        Assert.Contains(reason, fault.Reason, StringComparison.Ordinal);
        var thrown = Assert.Throws<MessagingException>(() => new MqttCertificates(options).Dispose());
        Assert.StartsWith($"mqtt.{wrong} ", thrown.Message, StringComparison.Ordinal);
    }

    private MqttSettings Options(string authority, string certificate, string key) => new()
    {
        Tls = true,
        TlsCaFile = Path.Combine(_folder.Path, authority),
        TlsCertFile = Path.Combine(_folder.Path, certificate),
        TlsKeyFile = Path.Combine(_folder.Path, key),
    };
}
