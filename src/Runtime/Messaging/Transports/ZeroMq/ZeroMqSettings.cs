using System.ComponentModel.DataAnnotations;
using System.Net;

namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq;

/// <summary>Which implementation of ZeroMQ serves.</summary>
public enum ZeroMqLibrary
{
    /// <summary>NetMQ: managed, comes with the program, TCP alone.</summary>
    Netmq,

    /// <summary>
    /// libzmq, which must be installed: also <c>ipc://</c>, lists of allowed keys, and counts of subscribers that fall
    /// behind.
    /// </summary>
    Libzmq,
}

/// <summary>
/// Encryption of both ZeroMQ sockets (CURVE): only clients that know the server's public key can connect. Section
/// <c>zeromq.curve</c> of the configuration.
/// </summary>
public sealed record ZeroMqCurveSettings : IValidatableObject
{
    /// <summary>
    /// File whose first line is the server's secret key, 40 characters as <c>zmq_curve_keypair</c> makes them;
    /// relative to the configuration file.
    /// </summary>
    public string SecretKeyFile { get; init; } = "";

    /// <summary>
    /// File of the public keys that may connect, one a line, lines with <c>#</c> passed over; everybody who knows the
    /// server's key when empty. Read at the start alone. Needs libzmq. Relative to the configuration file.
    /// </summary>
    public string AllowedKeysFile { get; init; } = "";

    /// <summary>What is wrong with the keys; what stands in the files is seen at the start.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (SecretKeyFile.Length == 0)
        {
            yield return new ValidationResult(
                "must name the file of the server's secret key", [nameof(SecretKeyFile)]);
        }
    }
}

/// <summary>The two ZeroMQ sockets. Section <c>zeromq</c> of the configuration.</summary>
public sealed record ZeroMqSettings : IValidatableObject
{
    private const string Tcp = "tcp://";
    private const string Ipc = "ipc://";

    // With more NetMQ tells its sender only each time that all but 1,024 were taken, and so drops with so few waiting.
    private const int MaxNetMqQueue = 2048;
    private const int MaxLibZmqQueue = 100_000;

    /// <summary>Which implementation serves.</summary>
    public ZeroMqLibrary Library { get; init; } = ZeroMqLibrary.Netmq;

    /// <summary>
    /// Where subscribers connect: <c>tcp://127.0.0.1:PORT</c>, <c>tcp://[::1]:PORT</c> or, with libzmq,
    /// <c>ipc://PATH</c>.
    /// </summary>
    public string Publish { get; init; } = "tcp://127.0.0.1:5556";

    /// <summary>Where robot controllers connect; the same forms.</summary>
    public string Actions { get; init; } = "tcp://127.0.0.1:5557";

    /// <summary>Encryption of both sockets; none when left out.</summary>
    public ZeroMqCurveSettings? Curve { get; init; }

    /// <summary>
    /// Messages that wait for one subscriber, 1 to 100000, with NetMQ to 2048; then it misses some, and the rest does
    /// not.
    /// </summary>
    [Range(1, MaxLibZmqQueue)]
    public int SubscriberQueue { get; init; } = 256;

    /// <summary>Events that wait for the sending thread, 1 to 1000000.</summary>
    [Range(1, 1_000_000)]
    public int EventQueue { get; init; } = 1024;

    /// <summary>Stream messages that wait for the sending thread, 1 to 1000000.</summary>
    [Range(1, 1_000_000)]
    public int StreamQueue { get; init; } = 256;

    /// <summary>
    /// Messages that wait for one controller, 1 to 1000. Few, because an action that waits grows stale.
    /// </summary>
    [Range(1, 1000)]
    public int ControllerQueue { get; init; } = 16;

    /// <summary>Controllers that may be registered at once, 1 to 1024.</summary>
    [Range(1, 1024)]
    public int MaxControllers { get; init; } = 64;

    /// <summary>Milliseconds of silence after which a controller's connection is given up, 300 to 600000.</summary>
    [Range(300, 600_000)]
    public int ControllerTimeoutMs { get; init; } = 3000;

    /// <summary>
    /// File of the controllers that may register, one a line: its name, a blank, and a token of at least 16 characters,
    /// which it must give. Empty lets every program that may connect take a name that is free. Read at the start
    /// alone. Relative to the configuration file.
    /// </summary>
    public string ControllersFile { get; init; } = "";

    /// <summary>
    /// Milliseconds by which a controller's wall clock may differ from this machine's, where it tells it, 10 to 60000.
    /// </summary>
    [Range(10, 60_000)]
    public int MaxClockSkewMs { get; init; } = 2000;

    /// <summary>How long the end of the service waits for the sending threads, milliseconds, 1 to 60000.</summary>
    [Range(1, 60_000)]
    public int ShutdownMs { get; init; } = 2000;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (FaultOf(Publish) is { } publish) yield return Wrong(nameof(Publish), publish);
        if (FaultOf(Actions) is { } actions) yield return Wrong(nameof(Actions), actions);
        if (Conflict is { } conflict) yield return Wrong(nameof(Actions), conflict);
        if (Library != ZeroMqLibrary.Netmq) yield break;
        if (Curve is { AllowedKeysFile.Length: > 0 })
        {
            yield return Wrong(
                nameof(Library), "netmq keeps no list of allowed keys: curve.allowedKeysFile needs libzmq");
        }

        if (SubscriberQueue is > MaxNetMqQueue and <= MaxLibZmqQueue)
        {
            yield return Wrong(
                nameof(SubscriberQueue),
                $"{SubscriberQueue} needs zeromq.library: libzmq; netmq has {MaxNetMqQueue}");
        }
    }

    /// <summary>
    /// What is wrong with an endpoint, or null. Only this machine may connect. A port has one spelling, the usual one,
    /// because an octal or decimal address is read differently by different programs. Port 0 lets the system choose
    /// one.
    /// </summary>
    public static string? EndpointFault(string endpoint)
    {
        if (endpoint.StartsWith(Ipc, StringComparison.Ordinal))
        {
            var path = endpoint[Ipc.Length..];
            var isPlace = path.Length >= 2 && (path[0] is '/' or '@') && !path.Any(char.IsControl);
            return isPlace && System.Text.Encoding.UTF8.GetByteCount(path) <= 100
                ? null
                : $"'{endpoint}' must be ipc:// with an absolute path (or @name) of at most 100 bytes";
        }

        if (!endpoint.StartsWith(Tcp, StringComparison.Ordinal)
            || !IPEndPoint.TryParse(endpoint[Tcp.Length..], out var address)
            || !endpoint.EndsWith($":{address.Port}", StringComparison.Ordinal))
        {
            return $"'{endpoint}' is not an endpoint: tcp://127.0.0.1:PORT or ipc:///PATH";
        }

        if (!IPAddress.IsLoopback(address.Address))
        {
            return $"'{endpoint}' would open the socket to the network, which this version does not allow: "
                + "use tcp://127.0.0.1:PORT or ipc:///PATH";
        }

        if (address.Address.IsIPv4MappedToIPv6) address.Address = address.Address.MapToIPv4();
        return endpoint == $"{Tcp}{address}" ? null : $"'{endpoint}' is an odd spelling of {Tcp}{address}: write that";
    }

    private string? Conflict
    {
        get
        {
            if (EndpointFault(Publish) is not null || EndpointFault(Actions) is not null) return null;
            if (Publish.StartsWith(Ipc, StringComparison.Ordinal) || Actions.StartsWith(Ipc, StringComparison.Ordinal))
                return Publish == Actions ? $"'{Actions}' is the publishing endpoint; each socket needs its own" : null;

            // Whatever address of this machine stands before it: a client that takes the wrong one would get no answer.
            var port = IPEndPoint.Parse(Actions[Tcp.Length..]).Port;
            return port != 0 && port == IPEndPoint.Parse(Publish[Tcp.Length..]).Port
                ? $"'{Actions}' has the publishing endpoint's port; each socket needs its own"
                : null;
        }
    }

    private string? FaultOf(string endpoint) =>
        EndpointFault(endpoint)
        ?? (Library == ZeroMqLibrary.Netmq && endpoint.StartsWith(Ipc, StringComparison.Ordinal)
            ? $"'{endpoint}' needs zeromq.library: libzmq; netmq has tcp://127.0.0.1:PORT"
            : null);

    private static ValidationResult Wrong(string property, string reason) => new(reason, [property]);
}
