using System.Globalization;
using System.Security.Cryptography;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq.Gate;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq;

/// <summary>Makes sockets of the library that the configuration names.</summary>
internal static class ZeroMqSockets
{
    // The longest command with which a client begins an encrypted connection, its routing id included, has 600 bytes.
    private const int HandshakeBytes = 1024;

    /// <summary>A bound socket behind its gate.</summary>
    /// <param name="name">Its owner's name, for logs.</param>
    /// <param name="options">The section, free of faults.</param>
    /// <param name="key">The key of the endpoint (<c>publish</c>), for what may be wrong with it.</param>
    /// <param name="endpoint">Where peers connect.</param>
    /// <param name="settings">What it is made with; the keys are the section's.</param>
    /// <param name="limits">What each peer may do; the mechanism is the section's.</param>
    /// <param name="clock">The clock of the gate's times.</param>
    /// <param name="logger">Takes the public key of an encrypted socket, and whom the gate refuses.</param>
    /// <exception cref="MessagingException">
    /// The library is not installed, a key does not fit, or the endpoint is taken; one clear line that names the key.
    /// </exception>
    public static GatedSocket Bind(
        string name, ZeroMqSettings options, string key, string endpoint, ZeroMqSocketSettings settings,
        GateLimits limits, SensorClock clock, ILogger logger)
    {
        var keys = CurveKeys.Read(options.Curve);
        if (keys is not null)
        {
            settings = settings with { Curve = keys, MaxFrameBytes = settings.MaxFrameBytes + HandshakeBytes };
            limits = limits with { Mechanism = ZmtpMechanism.Curve };
        }

        var socket = Create(options.Library, settings);
        try
        {
            socket.Bind(InnerEndpoint(options.Library));
            var gated = new GatedSocket(name, socket, endpoint, limits, clock, logger);
            if (keys is not null) MessagingLog.Encrypted(logger, gated.Endpoint, Z85.Encode(keys.Public));
            if (WarningOf(options) is { } warning) MessagingLog.WeakEncryption(logger, warning);
            return gated;
        }
        catch (MessagingException exception)
        {
            socket.Dispose();
            throw new MessagingException($"zeromq.{key}: {exception.Message}", exception);
        }
    }

    /// <summary>What stands in the way of the section on this machine, one line; null if nothing does.</summary>
    public static string? FaultOf(ZeroMqSettings options)
    {
        try
        {
            if (options.Library == ZeroMqLibrary.Libzmq) LibZmq.Load();
            CurveKeys.Read(options.Curve);
            return null;
        }
        catch (MessagingException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>What the section does not keep to though it can run, one line; null if it keeps to all.</summary>
    public static string? WarningOf(ZeroMqSettings options) =>
        options is { Library: ZeroMqLibrary.Netmq, Curve: not null }
            ? "zeromq.curve: netmq encrypts, but a client with keys that breaks the protocol within what it encrypts "
                + "ends the service, and who looks for netmq's inner port on this machine goes past the keys; "
                + "where a program may mean harm take zeromq.library: libzmq"
            : null;

    // Where the gate reaches the socket: for libzmq a name that only this process may connect to. NetMQ has TCP alone;
    // an address that is drawn keeps out who tries the ports of 127.0.0.1, not who looks for it.
    private static string InnerEndpoint(ZeroMqLibrary library)
    {
        if (library == ZeroMqLibrary.Libzmq) return $"ipc://@edge-perception-{Guid.NewGuid():N}";
        var drawn = RandomNumberGenerator.GetBytes(3);
        return string.Create(
            CultureInfo.InvariantCulture, $"tcp://127.{1 + (drawn[0] % 254)}.{drawn[1]}.{1 + (drawn[2] % 254)}:0");
    }

    private static IZeroMqSocket Create(ZeroMqLibrary library, ZeroMqSocketSettings settings) =>
        library == ZeroMqLibrary.Libzmq ? new LibZmqSocket(settings) : new NetMqSocket(settings);
}
