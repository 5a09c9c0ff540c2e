using System.Net;

namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq;

/// <summary>The two ZeroMQ sockets. Section <c>zeromq</c> of the configuration.</summary>
public sealed record ZeroMqOptions : IOptionSection
{
    /// <summary>Where subscribers connect: <c>tcp://127.0.0.1:PORT</c>, <c>tcp://[::1]:PORT</c> or <c>ipc://PATH</c>.</summary>
    public string Publish { get; init; } = "tcp://127.0.0.1:5556";

    /// <summary>Where robot controllers connect; the same forms.</summary>
    public string Actions { get; init; } = "tcp://127.0.0.1:5557";

    /// <summary>Messages that wait for one subscriber, 1 to 100000; then it misses some, and the rest does not.</summary>
    public int SubscriberQueue { get; init; } = 256;

    /// <summary>Events that wait for the sending thread, 1 to 1000000.</summary>
    public int EventQueue { get; init; } = 1024;

    /// <summary>Stream messages that wait for the sending thread, 1 to 1000000.</summary>
    public int StreamQueue { get; init; } = 256;

    /// <summary>Messages that wait for one controller, 1 to 1000. Few, because an action that waits grows stale.</summary>
    public int ControllerQueue { get; init; } = 16;

    /// <summary>Controllers that may be registered at once, 1 to 1024.</summary>
    public int MaxControllers { get; init; } = 64;

    /// <summary>Milliseconds of silence after which a controller's connection is given up, 300 to 600000.</summary>
    public int ControllerTimeoutMs { get; init; } = 3000;

    /// <summary>How long the end of the service waits for the sending threads, milliseconds, 1 to 60000.</summary>
    public int ShutdownMs { get; init; } = 2000;

    /// <summary>All that is wrong with the options, as key and reason; empty when they can be used.</summary>
    public IReadOnlyList<OptionFault> Faults()
    {
        var faults = new OptionFaults();
        if (EndpointFault(Publish) is { } publish) faults.Check(false, "publish", publish);
        if (EndpointFault(Actions) is { } actions) faults.Check(false, "actions", actions);
        var same = Publish == Actions && !Publish.EndsWith(":0", StringComparison.Ordinal);
        faults.Check(!same, "actions", $"'{Actions}' is the publishing endpoint; each socket needs its own");
        faults.Range("subscriberQueue", SubscriberQueue, 1, 100_000);
        faults.Range("eventQueue", EventQueue, 1, 1_000_000);
        faults.Range("streamQueue", StreamQueue, 1, 1_000_000);
        faults.Range("controllerQueue", ControllerQueue, 1, 1000);
        faults.Range("maxControllers", MaxControllers, 1, 1024);
        faults.Range("controllerTimeoutMs", ControllerTimeoutMs, 300, 600_000);
        faults.Range("shutdownMs", ShutdownMs, 1, 60_000);
        return faults.All;
    }

    /// <summary>
    /// What is wrong with an endpoint, or null. Only this machine may connect: the sockets neither encrypt nor ask who
    /// is there. Port 0 lets the system choose one.
    /// </summary>
    public static string? EndpointFault(string endpoint)
    {
        if (endpoint.StartsWith("ipc://", StringComparison.Ordinal))
        {
            var path = endpoint["ipc://".Length..];
            if (path.Length is < 2 or > 100 || path[0] is not ('/' or '@') || path.Any(char.IsControl))
                return $"'{endpoint}' must be ipc:// with an absolute path (or @name) of at most 100 characters";
            return null;
        }

        if (!endpoint.StartsWith("tcp://", StringComparison.Ordinal) || !IPEndPoint.TryParse(endpoint["tcp://".Length..], out var address)
            || !endpoint.EndsWith($":{address.Port}", StringComparison.Ordinal))
        {
            return $"'{endpoint}' is not an endpoint: tcp://127.0.0.1:PORT or ipc:///PATH";
        }

        return IPAddress.IsLoopback(address.Address)
            ? null
            : $"'{endpoint}' would open the socket to the network, which this version does not allow: use tcp://127.0.0.1:PORT or ipc:///PATH";
    }
}
