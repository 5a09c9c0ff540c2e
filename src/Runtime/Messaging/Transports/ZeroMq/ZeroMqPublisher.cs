using EdgePerception.Runtime.Messaging.Encoding;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq.Gate;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq;

/// <summary>
/// Publishes as [topic][header][payload] to every subscriber on this machine; levels of a topic are parted by points.
/// A subscriber that falls behind misses messages, which shows there as a gap in the sequence, while the others get
/// all; with libzmq it is counted here once each time that one begins to miss some, which is all that the library
/// tells, and NetMQ tells nothing. Who subscribes is sent the newest value of each retained topic at once, which plain
/// PUB/SUB has not; earlier subscribers see that value again, with the same number.
/// </summary>
public sealed class ZeroMqPublisher : QueuedTransport
{
    private const int IdleMs = 1000;
    private const int MaxCachedTopics = 256;
    private const int MaxSubscriptionBytes = TopicName.MaxTopicLength + 1;

    // A subscriber says nothing but what it subscribes to.
    private static readonly GateLimits PeerLimits = new()
    {
        PeerTypes = ["SUB", "XSUB"],
        MessageParts = 1,
        FrameBytes = MaxSubscriptionBytes,
        MessageBytes = MaxSubscriptionBytes,
        SubscriptionBytes = TopicName.MaxTopicLength,
        Subscriptions = 100,
    };

    private readonly ZeroMqSettings _options;
    private readonly Dictionary<string, byte[]> _topicFrames = [];
    private readonly SubscriptionTable _subscribed = new();
    private GatedSocket? _gated;
    private long _subscriptions;

    /// <summary>A publisher that has not been bound.</summary>
    /// <exception cref="MessagingException">The options are wrong; the line names all of it.</exception>
    public ZeroMqPublisher(ZeroMqSettings options, SensorClock clock, ILogger<ZeroMqPublisher> logger)
        : base("zeromq", Limits(options), options.ShutdownMs, clock, logger) => _options = options;

    /// <summary>Where subscribers connect, once started; with the port that the system chose for port 0.</summary>
    public string Endpoint => _gated?.Endpoint ?? "";

    /// <summary>How many subscriptions were made since the start; those that ended are counted too.</summary>
    public long Subscriptions => Interlocked.Read(ref _subscriptions);

    /// <inheritdoc/>
    public override bool IsWanted(string topic) => _subscribed.Covers(topic);

    /// <inheritdoc/>
    protected override void Open()
    {
        var settings = new ZeroMqSocketSettings(
            ZeroMqSocketKind.Publisher, _options.SubscriberQueue, MaxSubscriptionBytes);
        _gated = ZeroMqSockets.Bind(Name, _options, "publish", _options.Publish, settings, PeerLimits, Clock, Logger);
    }

    /// <inheritdoc/>
    protected override void Run()
    {
        MessagingLog.Connected(Logger, Name, Endpoint);
        Become(TransportState.Connected);
        while (!Stopping)
        {
            _gated!.Socket.Wait(WakeUp, IdleMs);
            ReadSubscriptions();
            SendAll();
            if (_gated!.Trouble is var trouble && trouble != Trouble?.Reason)
                Trouble = trouble is null ? null : new TransportTrouble(trouble, NeedsAttention: false);
        }

        SendAll();
    }

    /// <inheritdoc/>
    protected override ValueTask ReleaseAsync() => _gated?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void ReadSubscriptions()
    {
        Span<byte> frame = stackalloc byte[MaxSubscriptionBytes];
        while (_gated!.Socket.Receive(frame, out _) is var length and >= 0)
        {
            if (length == 0 || frame[0] > 1) continue;
            var prefix = System.Text.Encoding.UTF8.GetString(frame[1..Math.Min(length, frame.Length)]);
            if (frame[0] == 0)
            {
                _subscribed.End(prefix);
                continue;
            }

            _subscribed.Begin(prefix);
            Interlocked.Increment(ref _subscriptions);
            Outbox.Repeat(message => SubscriptionTable.Begins(message.Topic, prefix));
        }
    }

    private void SendAll()
    {
        while (Outbox.TryDequeue(Clock.Monotonic, out var message))
        {
            Send(message);
            message.Release();
        }
    }

    private void Send(in OutboundMessage message)
    {
        var topic = TopicFrame(message.Topic);
        Span<byte> header = stackalloc byte[EnvelopeHeader.Size];
        EnvelopeHeader.Write(header, message.Options.Stamp);

        // One that is full does not keep the message from the others.
        var socket = _gated!.Socket;
        var behind = socket.Send(topic, more: true) != SendOutcome.Sent;
        socket.Send(header, more: true);
        socket.Send(message.Payload);
        if (behind) Counters.Drop(DropReason.PeerBehind);
        else Counters.Deliver(message.Length);
    }

    private byte[] TopicFrame(string topic)
    {
        if (_topicFrames.TryGetValue(topic, out var frame)) return frame;
        if (_topicFrames.Count == MaxCachedTopics) _topicFrames.Clear();
        return _topicFrames[topic] = System.Text.Encoding.UTF8.GetBytes(topic.Replace('/', '.'));
    }

    private static QueueLimits Limits(ZeroMqSettings options)
    {
        SettingsFaults.ThrowIfAny("zeromq", options);
        return new QueueLimits(options.EventQueue, options.StreamQueue);
    }
}
