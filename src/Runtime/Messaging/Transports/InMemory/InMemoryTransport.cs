using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Messaging.Transports.InMemory;

/// <summary>
/// Receives what an in-memory transport sends; called on its thread, the bytes are valid during the call.
/// </summary>
/// <param name="topic">The topic below the device's prefix.</param>
/// <param name="payload">The bytes.</param>
/// <param name="options">How it was to be carried.</param>
public delegate void InMemoryPeer(string topic, ReadOnlySpan<byte> payload, in PublishOptions options);

/// <summary>
/// A transport within the process: for replay, for consumers in the same service, and for tests of everything above
/// the seam. Its peer can go away and come back.
/// </summary>
public sealed class InMemoryTransport(
    InMemoryPeer peer, QueueLimits limits, SensorClock clock, ILogger<InMemoryTransport> logger)
    : QueuedTransport("memory", limits, shutdownMs: 2000, clock, logger)
{
    private const int IdleMs = 1000;

    private volatile bool _reachable = true;

    /// <summary>Whether the peer is there. May be changed at any time.</summary>
    public bool PeerIsReachable
    {
        get => _reachable;
        set
        {
            _reachable = value;
            WakeUp.Set();
        }
    }

    /// <summary>Lets a message arrive, on the caller's thread.</summary>
    public void Receive(InboundTopic topic, ReadOnlySpan<byte> payload, bool retained = false)
    {
        if (State == TransportState.Connected) Arrive(topic, payload, retained);
    }

    /// <inheritdoc/>
    protected override void Run()
    {
        while (!Stopping)
        {
            FollowPeer();
            SendAll();
            WakeUp.Wait(IdleMs);
        }

        SendAll();
    }

    private void FollowPeer()
    {
        var wanted = _reachable ? TransportState.Connected : TransportState.Disconnected;
        if (wanted == State) return;
        if (wanted == TransportState.Connected && Counters.Connections > 0) Outbox.Repeat(static _ => true);
        Become(wanted);
    }

    private void SendAll()
    {
        while (_reachable && Outbox.TryDequeue(Clock.Monotonic, out var message))
        {
            var options = message.Options;
            peer(message.Topic, message.Payload, options);
            Counters.Deliver(message.Length);
            message.Release();
        }
    }
}
