using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq;

/// <summary>Makes sockets of the library that the configuration names.</summary>
internal static class ZeroMqSockets
{
    // The longest command with which a client begins an encrypted connection, its routing id included, has 600 bytes.
    private const int HandshakeBytes = 1024;

    /// <summary>A bound socket.</summary>
    /// <param name="options">The section, free of faults.</param>
    /// <param name="key">The key of the endpoint (<c>publish</c>), for what may be wrong with it.</param>
    /// <param name="endpoint">Where to bind.</param>
    /// <param name="settings">What it is made with; the keys are the section's.</param>
    /// <param name="logger">Takes the public key of an encrypted socket, which its clients need.</param>
    /// <exception cref="MessagingException">
    /// The library is not installed, a key does not fit, or the endpoint is taken; one clear line that names the key.
    /// </exception>
    public static IZeroMqSocket Bind(
        ZeroMqOptions options, string key, string endpoint, ZeroMqSocketSettings settings, ILogger logger)
    {
        var keys = CurveKeys.Read(options.Curve);
        if (keys is not null)
            settings = settings with { Curve = keys, MaxFrameBytes = settings.MaxFrameBytes + HandshakeBytes };
        var socket = Create(options.Library, settings);
        try
        {
            socket.Bind(endpoint);
            if (keys is not null) MessagingLog.Encrypted(logger, socket.Endpoint, Z85.Encode(keys.Public));
            if (WarningOf(options) is { } warning) MessagingLog.WeakEncryption(logger, warning);
            return socket;
        }
        catch (MessagingException exception)
        {
            socket.Dispose();
            throw new MessagingException($"zeromq.{key}: {exception.Message}", exception);
        }
    }

    /// <summary>What stands in the way of the section on this machine, one line; none when nothing does.</summary>
    public static string? FaultOf(ZeroMqOptions options)
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

    /// <summary>What the section does not keep to though it can run, one line; none when it keeps to all.</summary>
    public static string? WarningOf(ZeroMqOptions options) =>
        options is { Library: ZeroMqLibrary.Netmq, Curve: not null }
            ? "zeromq.curve: netmq encrypts, but lets in clients of ZeroMQ's protocol versions 1 and 2 without keys; "
                + "to keep others out take zeromq.library: libzmq"
            : null;

    private static IZeroMqSocket Create(ZeroMqLibrary library, ZeroMqSocketSettings settings) =>
        library == ZeroMqLibrary.Libzmq ? new LibZmqSocket(settings) : new NetMqSocket(settings);
}
