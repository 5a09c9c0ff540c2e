using System.ComponentModel.DataAnnotations;
using System.Net;
using EdgePerception.Fusion.Inference;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Runtime.Messaging.Transports.Mqtt;

/// <summary>How to reach the MQTT broker, and under which topics. Section <c>mqtt</c> of the configuration.</summary>
public sealed record MqttSettings : IValidatableObject
{
    private const int MaxReconnectMs = 3_600_000;

    /// <summary>Host name or address of the broker, alone: port, encryption and user have keys of their own.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>TCP port of the broker, 1 to 65535; 8883 by custom with TLS.</summary>
    [Range(1, 65535)]
    public int Port { get; init; } = 1883;

    /// <summary>First levels of every topic: names of letters, digits, <c>. _ -</c>, parted by <c>/</c>.</summary>
    public string Prefix { get; init; } = "edge";

    /// <summary>Next level of every topic: the device's name. Empty takes the host's name.</summary>
    public string Device { get; init; } = "";

    /// <summary>
    /// Client id, which no other client of the broker may use. Empty makes it from the device's name.
    /// </summary>
    public string ClientId { get; init; } = "";

    /// <summary>User name; empty for none.</summary>
    public string Username { get; init; } = "";

    /// <summary>Password; empty for none. Prefer <see cref="PasswordFile"/>; the command line is refused.</summary>
    [DataType(DataType.Password)]
    public string Password { get; init; } = "";

    /// <summary>File whose first line is the password (a systemd credential); empty for none.</summary>
    public string PasswordFile { get; init; } = "";

    /// <summary>Whether the connection is encrypted and the broker's certificate checked.</summary>
    public bool Tls { get; init; }

    /// <summary>PEM file of the authorities to trust; empty trusts those of the system.</summary>
    public string TlsCaFile { get; init; } = "";

    /// <summary>PEM file of this device's certificate, where the broker asks for one; goes with the key.</summary>
    public string TlsCertFile { get; init; } = "";

    /// <summary>PEM file of this device's private key, not encrypted.</summary>
    public string TlsKeyFile { get; init; } = "";

    /// <summary>
    /// Whether the service is its own broker, for this machine alone: <see cref="Host"/> is then 127.0.0.1, ::1 or
    /// localhost. User and password are those that it asks for; without, any program of this machine may connect.
    /// </summary>
    public bool Embedded { get; init; }

    /// <summary>
    /// PEM file of the embedded broker's certificate, with those behind it that lead to an authority. For TLS; the
    /// service itself checks it by <see cref="TlsCaFile"/>, as every client does.
    /// </summary>
    public string BrokerCertFile { get; init; } = "";

    /// <summary>PEM file of the embedded broker's private key, not encrypted.</summary>
    public string BrokerKeyFile { get; init; } = "";

    /// <summary>
    /// Seconds of silence after which the broker is asked whether it lives, 5 to 3600. A frozen one is noticed after
    /// at most twice this time, and publishes the will of a device that froze after one and a half.
    /// </summary>
    [Range(5, 3600)]
    public int KeepAliveS { get; init; } = 10;

    /// <summary>
    /// How long a connection attempt may take until the broker has answered, milliseconds, 100 to 60000.
    /// </summary>
    [Range(100, 60_000)]
    public int ConnectTimeoutMs { get; init; } = 5000;

    /// <summary>
    /// First wait before a new attempt, milliseconds, 10 to 60000; each further one waits twice as long, until a
    /// connection has held for three times the longest.
    /// </summary>
    [Range(10, 60_000)]
    public int ReconnectMinMs { get; init; } = 250;

    /// <summary>Longest wait before a new attempt, milliseconds, at least the first.</summary>
    [Range(10, MaxReconnectMs)]
    public int ReconnectMaxMs { get; init; } = 5000;

    /// <summary>Messages that the broker has not acknowledged yet, at most, 1 to 65535.</summary>
    [Range(1, 65535)]
    public int MaxInFlight { get; init; } = 32;

    /// <summary>Events (QoS 1) that wait while the broker is away, 1 to 1000000; then the oldest is dropped.</summary>
    [Range(1, 1_000_000)]
    public int EventQueue { get; init; } = 1024;

    /// <summary>
    /// Stream messages (QoS 0) that wait while the broker is slow, 1 to 1000000; then the oldest is dropped.
    /// </summary>
    [Range(1, 1_000_000)]
    public int StreamQueue { get; init; } = 64;

    /// <summary>Longest packet that the broker may send to us, bytes, 1024 to 16 MiB; it drops longer ones.</summary>
    [Range(1024, 16 << 20)]
    public int MaxInboundBytes { get; init; } = 256 * 1024;

    /// <summary>How long the end of the service waits for what is still to be sent, milliseconds, 0 to 60000.</summary>
    [Range(0, 60_000)]
    public int ShutdownMs { get; init; } = 2000;

    /// <summary>
    /// The device's name: as configured, or the host's with what no name may hold replaced by <c>-</c>.
    /// </summary>
    public string EffectiveDevice => Device.Length > 0 ? Device : HostName();

    /// <summary>The client id: as configured, or made from the device's name.</summary>
    public string EffectiveClientId => ClientId.Length > 0 ? ClientId : $"edge-perception-{EffectiveDevice}";

    /// <summary>What all topics of the device begin with, with the last <c>/</c>.</summary>
    public string TopicRoot => $"{Prefix}/{EffectiveDevice}/";

    /// <summary>The loopback address that the host stands for; none where it stands for another.</summary>
    internal IPAddress? LoopbackAddress =>
        Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
        : IPAddress.TryParse(Host, out var ip) && IPAddress.IsLoopback(ip) && !ip.IsIPv4MappedToIPv6 ? ip
        : null;

    /// <summary>What there is to say of a broker that asks nobody who he is; null where it does.</summary>
    internal string? Warning => Embedded && Username.Length == 0
        ? "mqtt.embedded without mqtt.username: any program of this machine may connect, read all and command the robot"
        : null;

    /// <summary>The password, read anew where it stands in a file; none where there is none.</summary>
    /// <exception cref="MessagingException">The file cannot be read; one clear line.</exception>
    internal string? ReadPassword()
    {
        if (PasswordFile.Length == 0) return Password.Length == 0 ? null : Password;
        try
        {
            using var reader = new StreamReader(RegularFile.Open(PasswordFile, MqttCertificates.MaxFileBytes));
            return reader.ReadLine() ?? "";
        }
        catch (IOException exception)
        {
            throw new MessagingException(
                $"mqtt.passwordFile names a file that cannot be read: {exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        List<ValidationResult> trust = [.. TrustFaults()];
        List<ValidationResult> broker = [.. BrokerFaults()];
        // Certificates are opened where all that names them is as it should be.
        if (Tls && trust.Count == 0 && CertificateFault(() => new MqttCertificates(this).Dispose()) is { } untrusted)
            trust.Add(untrusted);
        if (Embedded && Tls && BrokerCertFile.Length > 0 && trust.Count + broker.Count == 0
            && CertificateFault(() => BrokerCertificate.Check(this, SensorClock.System.Now.Utc)) is { } fault)
            broker.Add(fault);
        return [.. ConnectionFaults(), .. trust, .. broker];
    }

    private IEnumerable<ValidationResult> ConnectionFaults()
    {
        if (HostFault(Host) is { } host) yield return Wrong(nameof(Host), host);
        if (!TopicName.IsPrefix(Prefix))
        {
            yield return Wrong(
                nameof(Prefix), $"'{Prefix}' must be names of letters, digits, '.', '_', '-', parted by '/'");
        }

        if (Device.Length > 0 && !TopicName.IsName(Device))
            yield return Wrong(nameof(Device), $"'{Device}' must be 1 to 64 letters, digits, '.', '_', '-'");
        if (ClientId.Length > 128 || ClientId.Any(char.IsControl))
            yield return Wrong(nameof(ClientId), "must be at most 128 characters without control characters");
        if (Username.Length == 0 && Password.Length + PasswordFile.Length > 0)
            yield return Wrong(nameof(Username), "is needed with a password");
        if (Password.Length > 0 && PasswordFile.Length > 0)
            yield return Wrong(nameof(Password), "and passwordFile exclude each other");
        if (FileFault(nameof(PasswordFile), PasswordFile) is { } file) yield return file;
        if (ReconnectMaxMs is >= 10 and <= MaxReconnectMs && ReconnectMaxMs < ReconnectMinMs)
        {
            yield return Wrong(
                nameof(ReconnectMaxMs), $"{ReconnectMaxMs} is out of range: {ReconnectMinMs} to {MaxReconnectMs}");
        }
    }

    private IEnumerable<ValidationResult> TrustFaults()
    {
        if (FileFault(nameof(TlsCaFile), TlsCaFile) is { } authorities) yield return authorities;
        if (FileFault(nameof(TlsCertFile), TlsCertFile) is { } certificate) yield return certificate;
        if (FileFault(nameof(TlsKeyFile), TlsKeyFile) is { } key) yield return key;
        if (TlsCertFile.Length > 0 != TlsKeyFile.Length > 0)
            yield return Wrong(nameof(TlsKeyFile), "and tlsCertFile go together");
        if (!Tls && TlsCaFile.Length + TlsCertFile.Length > 0)
            yield return Wrong(nameof(Tls), "must be true for the certificates to be used");
    }

    private IEnumerable<ValidationResult> BrokerFaults()
    {
        const string Loopback =
            "must be 127.0.0.1, ::1 or localhost with embedded: true, since that broker has no users"
            + " and access lists yet; for other machines run a broker such as mosquitto, with embedded: false";
        const string NoClients = "is of no use with embedded: that broker asks for no client's certificate yet";
        var (hasCert, hasKey) = (BrokerCertFile.Length > 0, BrokerKeyFile.Length > 0);
        if (FileFault(nameof(BrokerCertFile), BrokerCertFile) is { } certificate) yield return certificate;
        if (FileFault(nameof(BrokerKeyFile), BrokerKeyFile) is { } key) yield return key;
        if (hasCert != hasKey) yield return Wrong(nameof(BrokerKeyFile), "and brokerCertFile go together");
        if (hasCert && hasKey && !(Embedded && Tls))
            yield return Wrong(nameof(BrokerCertFile), "is for embedded: true with tls: true alone");
        if (!Embedded) yield break;
        if (HostFault(Host) is null && LoopbackAddress is null)
            yield return Wrong(nameof(Host), $"'{Host}' {Loopback}");
        if (Tls && !hasCert && !hasKey)
            yield return Wrong(nameof(BrokerCertFile), "and brokerKeyFile are needed with embedded and tls");
        if (TlsCertFile.Length > 0) yield return Wrong(nameof(TlsCertFile), NoClients);
    }

    private static ValidationResult Wrong(string property, string reason) => new(reason, [property]);

    // Without its name: where a password was written in place of the file that holds it, that is the password.
    private static ValidationResult? FileFault(string property, string path)
    {
        if (path.Length == 0) return null;
        try
        {
            RegularFile.Open(path, MqttCertificates.MaxFileBytes).Dispose();
            return null;
        }
        catch (IOException e)
        {
            return Wrong(property, $"names a file that cannot be read: {e.Message}");
        }
    }

    private static ValidationResult? CertificateFault(Action read)
    {
        try
        {
            read();
            return null;
        }
        catch (MessagingException exception)
        {
            // "mqtt.tlsKeyFile names …" is key and reason.
            var words = exception.Message["mqtt.".Length..].Split(' ', 2);
            return Wrong(words[0], words[1]);
        }
    }

    // What stands there instead of a host may hold a password, so that only a plain word is quoted.
    private static string? HostFault(string host)
    {
        const string Alone = "takes the host alone, such as broker.local or 192.168.1.5";
        if (host.Contains('@', StringComparison.Ordinal))
            return $"{Alone}; a user before '@' goes to username and passwordFile";
        if (host.Contains("://", StringComparison.Ordinal))
            return $"{Alone}; the scheme is mqtt, or mqtts where tls is true, and the port goes to port";
        if (host.StartsWith('[')) return $"{Alone}; an IPv6 address stands without brackets, and the port goes to port";
        if (host.Length <= 255 && Uri.CheckHostName(host) != UriHostNameType.Unknown) return null;
        if (host.Contains(':', StringComparison.Ordinal)) return $"{Alone}; a port behind ':' goes to port";
        var isPlain = host.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or ' ');
        return isPlain ? $"'{host}' is not a host name or address" : Alone;
    }

    private static string HostName()
    {
        var name = string.Concat(Environment.MachineName.Select(c => TopicName.IsName([c]) ? c : '-'));
        return name.Length == 0 ? "device" : name[..Math.Min(name.Length, TopicName.MaxNameLength)];
    }
}
