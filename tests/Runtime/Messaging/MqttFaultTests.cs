using EdgePerception.Runtime.Messaging.Transports.Mqtt;

namespace EdgePerception.Runtime.Tests.Messaging;

/// <summary>What is said of the library's errors that no real broker here brings about at will.</summary>
public sealed class MqttFaultTests
{
    private const string Own = "Error: ";
    private const string OpenSsl = "OpenSSL Error[0]: error:0A000086:SSL routines:";
    private static readonly MqttOptions Plain = new() { Host = "broker.local", Port = 1883, KeepAliveS = 7 };
    private static readonly MqttOptions Secure = Plain with { Tls = true, TlsCaFile = "ca.pem" };

    [Theory]
    [InlineData(0, 0, null)]
    [InlineData(19, 0, "the broker has not answered for 7 s; it or the network hangs")]
    [InlineData(7, 0, "the connection was lost")]
    [InlineData(14, 104, "Connection reset by peer")]
    [InlineData(14, 0, "the connection was closed in the middle of a packet")]
    [InlineData(14, 11, "the connection was closed in the middle of a packet")]
    [InlineData(2, 0, "A network protocol error occurred when communicating with the broker")]
    [InlineData(250, 0, "error 250 of libmosquitto")]
    public void A_connection_that_stood_ends_for_a_reason(int error, int errno, string? reason) =>
        Assert.Equal(reason, MqttFault.Describe(error, errno, "", answered: true, Plain));

    [Theory]
    [InlineData(OpenSsl + "tls_process_server_certificate:certificate verify failed\n", "not trusted: ca.pem did not")]
    [InlineData(Own + "host name verification failed.\n" + OpenSsl + ":certificate verify failed\n", "not for the")]
    [InlineData(OpenSsl + "ssl3_get_record:wrong version number\n", "no TLS at port 1883")]
    [InlineData("", "no TLS at port 1883")]
    [InlineData(OpenSsl + ":sslv3 alert handshake failure\n", "TLS failed: sslv3 alert handshake failure")]
    [InlineData(Own + "Unable to load key file.\n" + OpenSsl + ":values mismatch\n", "TLS failed: Unable to load key")]
    public void A_tls_greeting_fails_for_a_reason(string logged, string reason)
    {
        var greeting = MqttFault.Describe(LibMosquitto.Tls, 0, logged, answered: false, Secure);
        Assert.Contains(reason, greeting, StringComparison.Ordinal);
        var later = MqttFault.Describe(LibMosquitto.Tls, 0, logged, answered: true, Secure);
        Assert.StartsWith("the connection was lost", later, StringComparison.Ordinal);
    }
}
