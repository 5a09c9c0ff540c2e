using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq.Gate;

/// <summary>
/// The front door of a ZeroMQ socket. Peers connect here, each is given a connection of its own to the socket behind,
/// and what goes either way is passed on unchanged; but what a peer sends is read along first, and one that goes beyond
/// <see cref="GateLimits"/> is cut off before the library sees it. The libraries themselves keep the parts of a message
/// without bound until the last has come, and every subscription.
/// <para>
/// One thread of its own does all of it and never waits for a single peer: one that does not read holds up itself
/// alone, and the memory of a connection is at most two chunks of <see cref="RelayLane.ChunkBytes"/>. Members are safe
/// from any thread.
/// </para>
/// </summary>
public sealed class ConnectionGate : IAsyncDisposable
{
    private const int IdleMs = 1000;
    private const int ShutdownMs = 2000;
    private const int Interrupted = 4;

    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);
    private static readonly TotalCounter RefusedMetric = new(
        "edge_perception.messaging.connections_refused", "{connection}", "Connections that were ended or not taken",
        "gate", "reason");

    private readonly string _name;
    private readonly string _endpoint;
    private readonly GateLimits _limits;
    private readonly SensorClock _clock;
    private readonly Action<GateRefusal>? _refused;
    private readonly TransportThread _thread;
    private readonly EndPoint _service;
    private readonly SocketAddress _serviceAddress;
    private readonly List<GateConnection> _connections = [];
    private readonly TakenIdentities _identities = new();
    private readonly long[] _refusals = new long[Enum.GetValues<GateReason>().Length];
    private readonly WakeUp.PollItem[] _items;
    private readonly byte[] _chunk = new byte[RelayLane.ChunkBytes];
    private GateListener? _listener;
    private TimeSpan _acceptAgain = TimeSpan.MinValue;
    private int _count;
    private int _disposed;

    /// <summary>A gate that does not listen yet.</summary>
    /// <param name="name">Its name, for logs and metrics.</param>
    /// <param name="endpoint">
    /// Where peers connect: <c>tcp://127.0.0.1:PORT</c> (0 for any), <c>ipc://PATH</c> or <c>ipc://@NAME</c>.
    /// </param>
    /// <param name="innerEndpoint">Where the library's socket is bound; the same forms.</param>
    /// <param name="limits">What each peer may do.</param>
    /// <param name="clock">The clock of the times.</param>
    /// <param name="logger">Hears of faults of the gate itself.</param>
    /// <param name="refused">
    /// Hears of each connection that is ended or not taken, on the gate's thread; it must not block. A peer may bring
    /// about any number of them, so whoever logs them bounds the rate.
    /// </param>
    /// <exception cref="MessagingException">An endpoint is none.</exception>
    public ConnectionGate(
        string name,
        string endpoint,
        string innerEndpoint,
        GateLimits limits,
        SensorClock clock,
        ILogger logger,
        Action<GateRefusal>? refused = null)
    {
        (_name, _endpoint, _limits, _clock, _refused) = (name, endpoint, limits, clock, refused);
        _service = GateListener.Address(innerEndpoint);
        _serviceAddress = _service.Serialize();
        _items = new WakeUp.PollItem[2 + 2 * limits.Connections];
        _thread = new TransportThread(name, ShutdownMs, clock, logger, limits.IsUrgent);
    }

    /// <summary>Where peers connect, once started; with the port that the system chose for port 0.</summary>
    public string Endpoint { get; private set; } = "";

    /// <summary>How many peers are connected, those included that have not ended the handshake.</summary>
    public int Connections => Volatile.Read(ref _count);

    /// <summary>How many connections were ended or not taken for one reason.</summary>
    public long RefusedFor(GateReason reason) => Interlocked.Read(ref _refusals[(int)reason]);

    /// <summary>Binds and starts.</summary>
    /// <exception cref="MessagingException">The endpoint is taken or cannot be had; one clear line.</exception>
    public void Start() => _thread.Start(Open, Run);

    /// <summary>Closes all connections.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        if (await _thread.StopAsync().ConfigureAwait(false)) _thread.Dispose();
    }

    private void Open()
    {
        _listener = GateListener.Listen(_endpoint);
        Endpoint = _listener.Endpoint;
    }

    private void Run()
    {
        try
        {
            while (!_thread.IsStopping) Turn();
        }
        finally
        {
            _listener!.Dispose();
            foreach (var connection in _connections) connection.Dispose();
            _connections.Clear();
            Volatile.Write(ref _count, 0);
        }
    }

    private void Turn()
    {
        var count = Arm(out var milliseconds);
        var happened = WakeUp.Poll(ref _items[0], (nuint)count, milliseconds);
        if (happened < 0 && Marshal.GetLastPInvokeError() is var error and not Interrupted)
            throw new MessagingException($"{_name}: cannot wait: {Marshal.GetPInvokeErrorMessage(error)}");
        if (happened < 0) return;
        if (_items[0].Returned != 0) _thread.WakeUp.Reset();
        var now = _clock.Monotonic;
        for (var i = _connections.Count - 1; i >= 0; i--)
        {
            var connection = _connections[i];
            connection.Serve(_items[2 + 2 * i].Returned, _items[3 + 2 * i].Returned, _chunk, now);
            if (connection.Refusal is { } reason) Refuse(reason, connection.Peer);
            if (connection.IsOver || connection.Refusal is not null) Remove(i);
        }

        if (_items[1].Returned != 0) Accept(now);
    }

    /// <summary>Writes down what to wait for; the number of items, and how long to wait at most.</summary>
    private int Arm(out int milliseconds)
    {
        var now = _clock.Monotonic;
        var until = now + TimeSpan.FromMilliseconds(IdleMs);
        var accepting = now >= _acceptAgain;
        if (!accepting && _acceptAgain < until) until = _acceptAgain;
        _items[0] = new WakeUp.PollItem { Descriptor = _thread.WakeUp.Descriptor, Events = WakeUp.PollIn };
        _items[1] = new WakeUp.PollItem
        {
            Descriptor = accepting ? (int)_listener!.Socket.Handle : -1,
            Events = WakeUp.PollIn,
        };
        var count = 2;
        foreach (var connection in _connections)
        {
            var due = connection.Arm(now, out _items[count], out _items[count + 1]);
            if (due < until) until = due;
            count += 2;
        }

        milliseconds = Math.Max(0, (int)Math.Ceiling((until - now).TotalMilliseconds));
        return count;
    }

    private void Accept(TimeSpan now)
    {
        Socket? peer = null;
        try
        {
            peer = _listener!.Socket.Accept();
            if (Obstacle(peer) is { } obstacle)
            {
                Refuse(obstacle, GateConnection.Describe(peer));
                peer.Dispose();
                return;
            }

            GateListener.Prepare(peer);
            Connect(peer, now);
        }
        catch (SocketException exception)
        {
            peer?.Dispose();
            if (exception.SocketErrorCode is SocketError.WouldBlock or SocketError.ConnectionAborted) return;

            // The peer stays in the system's queue, so the listener would report it again at once.
            _acceptAgain = now + AcceptPause;
            Refuse(GateReason.NoResources, $"a peer that waits ({exception.Message})");
        }
    }

    private GateReason? Obstacle(Socket peer)
    {
        if (_connections.Count >= _limits.Connections) return GateReason.TooManyConnections;
        return (int)peer.Handle >= _limits.Descriptors ? GateReason.NoResources : null;
    }

    private void Connect(Socket peer, TimeSpan now)
    {
        var service = GateListener.NewSocket(_service);
        if (!GateListener.BeginConnect(service, _serviceAddress))
        {
            Refuse(GateReason.NoService, GateConnection.Describe(peer));
            service.Dispose();
            peer.Dispose();
            return;
        }

        _connections.Add(new GateConnection(peer, service, _limits, _identities, now));
        Volatile.Write(ref _count, _connections.Count);
    }

    private void Remove(int at)
    {
        _connections[at].Dispose();
        _connections[at] = _connections[^1];
        _connections.RemoveAt(_connections.Count - 1);
        Volatile.Write(ref _count, _connections.Count);
    }

    private void Refuse(GateReason reason, string peer)
    {
        Interlocked.Increment(ref _refusals[(int)reason]);
        RefusedMetric.Add(1, _name, TagNames.Of(reason));
        if (_refused is not null) _thread.Guard(_refused, new GateRefusal(reason, peer), nameof(GateRefusal));
    }
}
