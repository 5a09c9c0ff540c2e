using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq.Gate;

/// <summary>
/// A peer and its connection to the socket behind the gate. Bytes go both ways unchanged; those of the peer are looked
/// at before. The gate's thread only.
/// </summary>
internal sealed class GateConnection : IDisposable
{
    /// <summary>How long what was on its way when one side ended has to arrive; then both are closed.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(2);

    private readonly GateLimits _limits;
    private readonly Socket _peer;
    private readonly Socket _service;
    private readonly RelayLane _inbound;
    private readonly RelayLane _outbound;
    private readonly ZmtpInspector _inspector;
    private readonly ByteBudget? _budget;
    private readonly TimeSpan _accepted;
    private TimeSpan _heldUntil;
    private TimeSpan? _ending;
    private bool _connecting = true;
    private bool _held;

    /// <summary>Takes both sockets over; the one to the service may still be connecting.</summary>
    public GateConnection(Socket peer, Socket service, GateLimits limits, TakenIdentities identities, TimeSpan now)
    {
        (_peer, _service, _limits, _accepted, _heldUntil) = (peer, service, limits, now, now);
        (_inbound, _outbound) = (new RelayLane(peer, service), new RelayLane(service, peer));
        _inspector = new ZmtpInspector(limits, identities);
        if (limits.Mechanism == ZmtpMechanism.Curve)
            _budget = new ByteBudget(limits.CurveBurstBytes, limits.CurveBytesPerSecond, now);
        Peer = Describe(peer);
    }

    /// <summary>Who the peer is, for people.</summary>
    public string Peer { get; }

    /// <summary>Why it is to be cut off, if it is.</summary>
    public GateReason? Refusal { get; private set; }

    /// <summary>Whether there is nothing left to do but to close it.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Who connects, so far as the system tells.</summary>
    public static string Describe(Socket peer)
    {
        const int SocketLevel = 1;
        const int PeerCredentials = 17;
        try
        {
            if (peer.AddressFamily != AddressFamily.Unix) return $"{peer.RemoteEndPoint}";
            Span<int> credentials = stackalloc int[3];
            peer.GetRawSocketOption(SocketLevel, PeerCredentials, MemoryMarshal.AsBytes(credentials));
            return $"process {credentials[0]} of user {credentials[1]}";
        }
        catch (SocketException)
        {
            return "a peer that has gone";
        }
    }

    /// <summary>Says what to wait for, and until when at most.</summary>
    public TimeSpan Arm(TimeSpan now, out WakeUp.PollItem peer, out WakeUp.PollItem service)
    {
        short peerEvents = 0, serviceEvents = 0;
        var available = _budget?.Available(now) ?? RelayLane.ChunkBytes;
        if (_connecting)
        {
            serviceEvents = WakeUp.PollOut;
        }
        else
        {
            if (_inbound.IsReading && available > 0) peerEvents |= WakeUp.PollIn;
            if (_inbound.IsBlocked) serviceEvents |= WakeUp.PollOut;
            if (_outbound.IsReading) serviceEvents |= WakeUp.PollIn;
            if (_outbound.IsBlocked) peerEvents |= WakeUp.PollOut;
        }

        _held = _inbound.IsBlocked || available == 0;
        (peer, service) = (Item(_peer, peerEvents), Item(_service, serviceEvents));
        var until = Deadline();
        return available == 0 && _budget!.NextAt(now) is var next && next < until ? next : until;
    }

    /// <summary>Passes on what can be; <see cref="Refusal"/> and <see cref="IsOver"/> then say how it stands.</summary>
    /// <param name="peer">What happened at the peer's socket.</param>
    /// <param name="service">What happened at the service's.</param>
    /// <param name="chunk">A buffer to use meanwhile.</param>
    /// <param name="now">The monotonic time.</param>
    public void Serve(short peer, short service, Span<byte> chunk, TimeSpan now)
    {
        // While the peer is not read, it is not the peer who is slow.
        if (_held) _heldUntil = now;
        if (_connecting && service != 0)
        {
            if (service != WakeUp.PollOut) Refusal = GateReason.NoService;
            _connecting = false;
        }
        else if (!_connecting)
        {
            Relay(peer, service, chunk, now);
        }

        IsOver = _inbound.IsDone || _outbound.IsDone;
        if (_inbound.HasEnded || _outbound.HasEnded || _inbound.IsBroken || _outbound.IsBroken) _ending ??= now;
        if (IsOver || Refusal is not null || now < Deadline()) return;
        if (_ending is not null) IsOver = true;
        else Refusal = _inspector.IsEstablished ? GateReason.SlowMessage : GateReason.SlowHandshake;
    }

    public void Dispose()
    {
        _inspector.GiveBackIdentity();
        _peer.Dispose();
        _service.Dispose();
    }

    private void Relay(short peer, short service, Span<byte> chunk, TimeSpan now)
    {
        // Only what was waited for is tried, so that a socket which reports its end all the time is left alone.
        var (fromPeer, fromService) = (_inbound.IsReading, _outbound.IsReading);
        if (service != 0 && _inbound.IsBlocked) _inbound.Flush();
        if (peer != 0 && _outbound.IsBlocked) _outbound.Flush();
        if (fromService && (service & ~WakeUp.PollOut) != 0) _outbound.Write(chunk[.._outbound.Read(chunk)]);
        if (fromPeer && (peer & ~WakeUp.PollOut) != 0) RelayInspected(chunk, now);
    }

    private void RelayInspected(Span<byte> chunk, TimeSpan now)
    {
        var allowed = Math.Min(chunk.Length, _budget?.Available(now) ?? chunk.Length);
        if (allowed == 0) return;
        var read = _inbound.Read(chunk[..allowed]);
        _budget?.Spend(read);
        var passed = _inspector.Inspect(chunk[..read], now, out var refusal);
        _inbound.Write(chunk[..passed]);
        Refusal = refusal;
    }

    private TimeSpan Deadline()
    {
        if (_ending is { } ending) return ending + Linger;
        if (!_inspector.IsEstablished) return _accepted + _limits.HandshakeTime;
        if (_held || _inspector.Unfinished is not { } begun) return TimeSpan.MaxValue;
        return (begun > _heldUntil ? begun : _heldUntil) + _limits.MessageTime;
    }

    // A descriptor below 0 is passed over; with no events it would still report its end, at once and for ever.
    private static WakeUp.PollItem Item(Socket socket, short events) =>
        new() { Descriptor = events == 0 ? -1 : (int)socket.Handle, Events = events };
}
