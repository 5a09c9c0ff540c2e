using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgePerception.Runtime.Messaging.Transports.Mqtt;

/// <summary>The embedded broker's certificate with its key, from PEM files.</summary>
internal static class BrokerCertificate
{
    private const string CertificateKey = "mqtt.brokerCertFile";

    /// <summary>Both, with the certificates behind it in the file, which lead to an authority.</summary>
    /// <exception cref="MessagingException">They cannot be used; one line says which file and why.</exception>
    public static SslStreamCertificateContext Load(MqttSettings options)
    {
        using var read = Read(options);
        try
        {
            var behind = ReadAll(options);
            // The platform's TLS does not take a key everywhere that came alone; within an archive it does.
            var usable = X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null);
            return SslStreamCertificateContext.Create(usable, behind, offline: true);
        }
        catch (CryptographicException e)
        {
            throw new MessagingException($"{CertificateKey} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>Whether they can serve that host at this time, and the service itself will trust them.</summary>
    /// <exception cref="MessagingException">They cannot; one line says which file and why.</exception>
    public static void Check(MqttSettings options, DateTimeOffset now)
    {
        using var certificate = Read(options);
        var (from, until) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
        if (now < from) throw Fault($"is not valid before {from:u}; it is {now:u} here");
        if (now > until) throw Fault($"is not valid after {until:u}; it is {now:u} here");
        if (!certificate.MatchesHostname(options.Host, allowWildcards: false, allowCommonName: false))
            throw Fault($"is not for '{options.Host}': it must have mqtt.host among its names");
        using var trust = new MqttCertificates(options);
        if (!trust.Trusts(certificate, ReadAll(options)))
        {
            var authority = options.TlsCaFile.Length > 0
                ? "none of mqtt.tlsCaFile"
                : "none of the system's; name it in mqtt.tlsCaFile";
            throw Fault($"would not be trusted by the service itself: the authority that signed it is {authority}");
        }

        static MessagingException Fault(string reason) => new($"{CertificateKey} {reason}");
    }

    private static X509Certificate2Collection ReadAll(MqttSettings options) =>
        MqttCertificates.ReadAll(CertificateKey, options.BrokerCertFile);

    private static X509Certificate2 Read(MqttSettings options) => MqttCertificates.ReadWithKey(
        CertificateKey, options.BrokerCertFile, "mqtt.brokerKeyFile", options.BrokerKeyFile);
}
