using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgePerception.Fusion.Inference;

namespace EdgePerception.Runtime.Messaging.Transports.Mqtt;

/// <summary>The embedded broker's certificate with its key, from PEM files.</summary>
internal static class BrokerCertificate
{
    /// <summary>Both, with the certificates behind it in the file, which lead to an authority.</summary>
    /// <exception cref="MessagingException">They cannot be used; the line says which file and why.</exception>
    public static SslStreamCertificateContext Load(MqttOptions options)
    {
        try
        {
            using var read = Read(options);
            // As the key of a PEM file it is none that the platform's TLS takes everywhere; within an archive it is.
            var usable = X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null);
            X509Certificate2Collection behind = [];
            behind.ImportFromPem(Text(options.BrokerCertFile));
            return SslStreamCertificateContext.Create(usable, behind, offline: true);
        }
        catch (Exception e) when (e is IOException or CryptographicException)
        {
            throw new MessagingException($"mqtt.brokerCertFile cannot be used: {e.Message}", e);
        }
    }

    /// <summary>What is wrong with the files, where they can be read at all.</summary>
    /// <param name="options">The files, and the host that the certificate must be for.</param>
    /// <param name="now">The wall clock.</param>
    public static OptionFault? FaultOf(MqttOptions options, DateTimeOffset now)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(Text(options.BrokerCertFile));
            var (from, until) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
            if (now < from) return Fault($"is not valid before {from:u}; it is {now:u} here");
            if (now > until) return Fault($"is not valid after {until:u}; it is {now:u} here");
            if (!certificate.MatchesHostname(options.Host, allowWildcards: false, allowCommonName: false))
                return Fault($"is not for '{options.Host}': it must have mqtt.host among its names");
        }
        catch (Exception e) when (e is IOException or CryptographicException or ArgumentException)
        {
            return Fault("holds no certificate in PEM form");
        }

        try
        {
            Read(options).Dispose();
            return null;
        }
        catch (Exception e) when (e is IOException or CryptographicException or ArgumentException)
        {
            const string Reason = "holds no private key in PEM form, not encrypted, that fits brokerCertFile";
            return new OptionFault("brokerKeyFile", Reason);
        }

        static OptionFault Fault(string reason) => new("brokerCertFile", reason);
    }

    private static X509Certificate2 Read(MqttOptions options) =>
        X509Certificate2.CreateFromPem(Text(options.BrokerCertFile), Text(options.BrokerKeyFile));

    private static string Text(string path)
    {
        using var reader = new StreamReader(RegularFile.Open(path, OptionFaults.MaxFileBytes));
        return reader.ReadToEnd();
    }
}
