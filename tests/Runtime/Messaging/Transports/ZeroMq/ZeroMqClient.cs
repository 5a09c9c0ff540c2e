using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using NetMQ;
using NetMQ.Sockets;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.ZeroMq;

/// <summary>What a client's end is made with.</summary>
internal sealed record ClientSettings
{
    public string? RoutingId { get; init; }

    /// <summary>What it subscribes to; a dealer without.</summary>
    public string? Prefix { get; init; }

    /// <summary>Messages that wait for it at most; 0 without bound.</summary>
    public int Queue { get; init; } = 1000;

    /// <summary>The server's public key.</summary>
    public byte[]? ServerKey { get; init; }

    /// <summary>The own keys, where the server's is known.</summary>
    public NetMQCertificate Own { get; init; } = new();
}

/// <summary>A subscriber's or controller's socket, of one library or the other; one thread's.</summary>
internal abstract class ZeroMqClient : IDisposable
{
    public static ZeroMqClient Connect(ZeroMqLibrary library, string endpoint, ClientSettings settings) =>
        library == ZeroMqLibrary.Libzmq ? new LibZmqClient(endpoint, settings) : new NetMqClient(endpoint, settings);

    /// <summary>Sends a message; false when there is no room for it.</summary>
    public abstract bool Send(params byte[][] frames);

    /// <summary>The next message's frames; none when none comes within the time.</summary>
    public abstract byte[][]? Receive(int milliseconds = 0);

    public abstract void Dispose();
}

/// <summary>The reference library's own end.</summary>
internal sealed unsafe class LibZmqClient : ZeroMqClient
{
    private readonly LibZmqHandle _handle;
    private readonly byte[] _frame = new byte[2 << 20];

    public LibZmqClient(string endpoint, ClientSettings settings)
    {
        _handle = new LibZmqHandle(settings.Prefix is null ? LibZmqKind.Dealer : LibZmqKind.Subscriber);
        _handle.Set(ZeroMqOption.ReceiveHighWaterMark, settings.Queue);
        if (settings.RoutingId is { } id) _handle.Set(ZeroMqOption.RoutingId, Bytes(id));
        if (settings.ServerKey is { } server)
        {
            _handle.Set(ZeroMqOption.CurveServerKey, server);
            _handle.Set(ZeroMqOption.CurvePublicKey, settings.Own.PublicKey);
            _handle.Set(ZeroMqOption.CurveSecretKey, settings.Own.SecretKey);
        }

        if (settings.Prefix is { } prefix) _handle.Set(ZeroMqOption.Subscribe, Bytes(prefix));
        _handle.Connect(endpoint);
    }

    public override bool Send(params byte[][] frames)
    {
        for (var i = 0; i < frames.Length; i++)
            if (_handle.Send(frames[i], i < frames.Length - 1) != SendOutcome.Sent) return false;
        return true;
    }

    public override byte[][]? Receive(int milliseconds = 0)
    {
        if (!Wait(milliseconds)) return null;
        var frames = new List<byte[]>();
        bool more;
        do
        {
            var length = Receive(_frame, out more);
            frames.Add(_frame[..length]);
        }
        while (more);
        return [.. frames];
    }

    /// <summary>One frame, as the service's sockets receive it.</summary>
    public int Receive(Span<byte> frame, out bool more) => _handle.Receive(frame, out more);

    /// <summary>Waits until a frame can be received; false when the time is over.</summary>
    public bool Wait(int milliseconds)
    {
        var item = new LibZmq.PollItem { Socket = _handle.Socket, Events = LibZmq.PollIn };
        return LibZmq.Poll(&item, 1, milliseconds) > 0;
    }

    public override void Dispose() => _handle.Dispose();

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}

/// <summary>NetMQ's end.</summary>
internal sealed class NetMqClient : ZeroMqClient
{
    private readonly NetMQSocket _socket;

    public NetMqClient(string endpoint, ClientSettings settings)
    {
        _socket = settings.Prefix is null ? new DealerSocket() : new SubscriberSocket();
        _socket.Options.Linger = TimeSpan.Zero;
        _socket.Options.ReceiveHighWatermark = settings.Queue;
        if (settings.RoutingId is { } id) _socket.Options.Identity = System.Text.Encoding.UTF8.GetBytes(id);
        if (settings.ServerKey is { } server)
        {
            _socket.Options.CurveServerCertificate = NetMQCertificate.FromPublicKey(server);
            _socket.Options.CurveCertificate = settings.Own;
        }

        if (settings.Prefix is { } prefix) ((SubscriberSocket)_socket).Subscribe(prefix);
        _socket.Connect(endpoint);
    }

    public override bool Send(params byte[][] frames) => _socket.TrySendMultipartBytes(frames);

    public override byte[][]? Receive(int milliseconds = 0)
    {
        var frames = new List<byte[]>();
        var time = TimeSpan.FromMilliseconds(milliseconds);
        return _socket.TryReceiveMultipartBytes(time, ref frames!) ? [.. frames] : null;
    }

    public override void Dispose() => _socket.Dispose();
}
