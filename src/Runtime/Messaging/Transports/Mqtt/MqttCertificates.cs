using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgePerception.Fusion.Inference;

namespace EdgePerception.Runtime.Messaging.Transports.Mqtt;

/// <summary>
/// Whom a TLS connection to the broker trusts and what this device shows, read once from PEM files, and the reason why
/// a broker's certificate was refused. One thread's.
/// </summary>
internal sealed class MqttCertificates : IDisposable
{
    /// <summary>How large certificates, keys and files of passwords may be.</summary>
    public const long MaxFileBytes = 1 << 20;

    private readonly string _authority;
    private readonly X509Certificate2Collection _trusted = [];
    private readonly X509Certificate2Collection _own = [];

    /// <summary>Reads the files.</summary>
    /// <exception cref="MessagingException">
    /// One holds no certificate, or the key does not fit; one clear line.
    /// </exception>
    public MqttCertificates(MqttSettings options)
    {
        _authority = options.TlsCaFile.Length > 0 ? options.TlsCaFile : "the system's authorities";
        try
        {
            if (options.TlsCaFile.Length > 0) _trusted = ReadAll("mqtt.tlsCaFile", options.TlsCaFile);
            if (options.TlsCertFile.Length > 0)
                _own.Add(ReadWithKey("mqtt.tlsCertFile", options.TlsCertFile, "mqtt.tlsKeyFile", options.TlsKeyFile));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Why the certificate of the newest attempt was refused; null if it was not.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Begins a new attempt, which may come to an end before it comes to certificates.</summary>
    public void Forget() => Refusal = null;

    /// <summary>What a new connection is to ask for.</summary>
    public SslClientAuthenticationOptions ForHost(string host)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = host,
            ClientCertificates = _own,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                (Refusal = Judge(host, certificate as X509Certificate2, chain, errors)) is null,
        };
        if (_trusted.Count > 0) options.CertificateChainPolicy = Policy();
        return options;
    }

    /// <summary>Whether a connection would trust a broker that shows this certificate.</summary>
    /// <param name="certificate">The broker's.</param>
    /// <param name="behind">Those that it shows with it, which may lead to an authority.</param>
    public bool Trusts(X509Certificate2 certificate, X509Certificate2Collection behind)
    {
        const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
        using var chain = new X509Chain();
        chain.ChainPolicy = Policy();
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        chain.ChainPolicy.ExtraStore.AddRange(behind);
        return chain.Build(certificate);
    }

    /// <summary>A certificate with its private key.</summary>
    /// <param name="certificateKey">The configuration's key of the certificate's file.</param>
    /// <param name="certificateFile">PEM file of the certificate, and of those between it and its authority.</param>
    /// <param name="keyKey">The configuration's key of the private key's file.</param>
    /// <param name="keyFile">PEM file of the private key, not encrypted.</param>
    /// <exception cref="MessagingException">One clear line that names the key.</exception>
    public static X509Certificate2 ReadWithKey(
        string certificateKey, string certificateFile, string keyKey, string keyFile)
    {
        var (certificate, key) = (ReadText(certificateKey, certificateFile), ReadText(keyKey, keyFile));
        if (!certificate.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal))
            throw new MessagingException(
                $"{certificateKey} names a file that holds no certificate in PEM (-----BEGIN CERTIFICATE-----)");
        if (key.Contains("ENCRYPTED", StringComparison.Ordinal))
            throw new MessagingException($"{keyKey} names a key that is encrypted; it must be without a password");
        if (!key.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
            throw new MessagingException(
                $"{keyKey} names a file that holds no private key in PEM (-----BEGIN PRIVATE KEY-----)");
        try
        {
            return X509Certificate2.CreateFromPem(certificate, key);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new MessagingException(
                $"{keyKey} names a key that does not belong to the certificate of {certificateKey}, "
                + $"or one of them is damaged: {exception.Message}", exception);
        }
    }

    /// <summary>All certificates of a PEM file.</summary>
    /// <param name="key">The configuration's key of the file.</param>
    /// <param name="file">The file.</param>
    /// <exception cref="MessagingException">
    /// It holds none, or a damaged one; one clear line that names the key.
    /// </exception>
    public static X509Certificate2Collection ReadAll(string key, string file)
    {
        X509Certificate2Collection all = [];
        try
        {
            all.ImportFromPem(ReadText(key, file));
        }
        catch (CryptographicException exception)
        {
            throw new MessagingException(
                $"{key} names a file with a damaged certificate: {exception.Message}", exception);
        }

        return all.Count > 0
            ? all
            : throw new MessagingException(
                $"{key} names a file that holds no certificate in PEM (-----BEGIN CERTIFICATE-----)");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var certificate in _trusted.Concat(_own)) certificate.Dispose();
    }

    private X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        if (_trusted.Count == 0) return policy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(_trusted);
        return policy;
    }

    private static string ReadText(string key, string file)
    {
        try
        {
            return System.Text.Encoding.Latin1.GetString(RegularFile.ReadAll(file, MaxFileBytes));
        }
        catch (IOException exception)
        {
            throw new MessagingException($"{key} names a file that cannot be read: {exception.Message}", exception);
        }
    }

    private string? Judge(string host, X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None) return null;
        if (certificate is null) return "the broker shows no certificate";
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return $"the broker's certificate is not for the host '{host}'{Names(certificate)}";
        var untimely = chain?.ChainStatus.Any(status => status.Status == X509ChainStatusFlags.NotTimeValid) ?? false;
        var (begin, end) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
        var reason = untimely
            ? string.Create(CultureInfo.InvariantCulture,
                $"it is valid from {begin:yyyy-MM-dd HH:mm} "
                + $"to {end:yyyy-MM-dd HH:mm} UTC; it or its authority is not valid at this machine's time")
            : $"{_authority} did not sign it, or not for this use";
        return $"the broker's certificate is not trusted: {reason}";
    }

    private static string Names(X509Certificate2 certificate)
    {
        const int Most = 4, MaxOfName = 64;
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(extension =>
                extension.EnumerateDnsNames().Concat(extension.EnumerateIPAddresses().Select(Text)))
            .Take(Most).Select(name => MqttFault.Clean(name, MaxOfName)).ToList();
        return names.Count == 0 ? "" : $", but for {string.Join(", ", names)}";
    }

    private static string Text(IPAddress address) => address.ToString();
}
