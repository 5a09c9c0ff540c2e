using System.Buffers;

namespace EdgePerception.Runtime.Messaging.Transports;

/// <summary>How much a transport keeps while its peer is away or behind.</summary>
/// <param name="Events">Messages of QoS 1 that wait at most.</param>
/// <param name="Streams">Messages of QoS 0 that wait at most.</param>
public readonly record struct QueueLimits(int Events, int Streams);

/// <summary>One message on its way; its bytes are rented, and whoever takes it from the queue releases it.</summary>
internal readonly record struct OutboundMessage(string Topic, byte[] Buffer, int Length, PublishOptions Options)
{
    public ReadOnlySpan<byte> Payload => Buffer.AsSpan(0, Length);

    public void Release() => ArrayPool<byte>.Shared.Return(Buffer);

    public static OutboundMessage Copy(string topic, ReadOnlySpan<byte> payload, in PublishOptions options)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(payload.Length, 1));
        payload.CopyTo(buffer);
        return new OutboundMessage(topic, buffer, payload.Length, options);
    }
}

/// <summary>
/// The bounded queue between the service and one transport's thread. Three classes in falling priority: retained state
/// (the newest value per topic, after one that outlasts it), events (QoS 1) and streams (QoS 0), each in order of
/// arrival, the oldest of a class going first when it is full. It also remembers the newest value of every retained
/// topic, because a broker that restarts has forgotten it and a ZeroMQ subscriber that joins late never had it. Steady
/// state allocates nothing.
/// </summary>
public sealed class Outbox
{
    /// <summary>Longest payload that is taken.</summary>
    public const int MaxPayloadBytes = 1 << 20;

    /// <summary>Retained topics that are remembered at most; further ones are refused.</summary>
    public const int MaxRetainedTopics = 64;

    private readonly Lock _lock = new();
    private readonly QueueLimits _limits;
    private readonly TransportCounters _counters;
    private readonly List<OutboundMessage> _states = [];
    private readonly List<OutboundMessage> _remembered = [];
    private readonly Queue<OutboundMessage> _events = [];
    private readonly Queue<OutboundMessage> _streams = [];
    private bool _closed;

    /// <summary>An empty queue that counts into <paramref name="counters"/>.</summary>
    public Outbox(QueueLimits limits, TransportCounters counters)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.Events, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.Streams, 1);
        (_limits, _counters) = (limits, counters);
    }

    /// <summary>How many messages wait.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _states.Count + _events.Count + _streams.Count;
        }
    }

    internal bool Enqueue(string topic, ReadOnlySpan<byte> payload, in PublishOptions options, bool connected)
    {
        _counters.Accept();
        lock (_lock)
        {
            if (Obstacle(topic, payload, options, connected) is { } reason)
            {
                _counters.Drop(reason);
                return false;
            }

            if (options.Retain) EnqueueState(OutboundMessage.Copy(topic, payload, options));
            else if (options.Quality == QualityOfService.AtLeastOnce)
                Push(_events, _limits.Events, topic, payload, options);
            else Push(_streams, _limits.Streams, topic, payload, options);
            return true;
        }
    }

    internal bool TryDequeue(TimeSpan now, out OutboundMessage message)
    {
        lock (_lock)
        {
            while (TryTake(out message))
            {
                if (message.Options.Deadline is not { } deadline || now < deadline) return true;
                _counters.Drop(DropReason.Expired);
                message.Release();
            }

            return false;
        }
    }

    /// <summary>Drops the streams that wait, which would be stale when the peer comes back.</summary>
    internal void DropStreams()
    {
        lock (_lock) Drain(_streams, DropReason.Disconnected);
    }

    /// <summary>Puts the remembered retained values on their way again, those that are asked for.</summary>
    internal void Repeat(Func<OutboundMessage, bool> wanted)
    {
        lock (_lock)
        {
            foreach (var message in _remembered)
            {
                if (!wanted(message) || IndexOf(_states, message.Topic) >= 0) continue;
                _counters.Accept();
                _states.Add(OutboundMessage.Copy(message.Topic, message.Payload, message.Options));
            }
        }
    }

    /// <summary>Takes nothing more, and drops what still waits.</summary>
    internal void Close()
    {
        lock (_lock)
        {
            _closed = true;
            while (TryTake(out var message))
            {
                _counters.Drop(DropReason.Shutdown);
                message.Release();
            }

            foreach (var message in _remembered) message.Release();
            _remembered.Clear();
        }
    }

    private DropReason? Obstacle(string topic, ReadOnlySpan<byte> payload, in PublishOptions options, bool connected)
    {
        if (_closed) return DropReason.Shutdown;
        if (!TopicName.IsPublishable(topic)) return DropReason.BadTopic;
        if (payload.Length > MaxPayloadBytes) return DropReason.TooLarge;
        if (options.Retain)
            return _remembered.Count == MaxRetainedTopics && IndexOf(_remembered, topic) < 0 ? DropReason.QueueFull
                : null;
        return options.Quality == QualityOfService.AtMostOnce && !connected ? DropReason.Disconnected : null;
    }

    private void EnqueueState(in OutboundMessage message)
    {
        Replace(_remembered, OutboundMessage.Copy(message.Topic, message.Payload, message.Options));
        // The place of the first that it replaces, so that a topic which changes all the time has its turn, too.
        var place = -1;
        for (var i = 0; i < _states.Count; i++)
        {
            var waiting = _states[i];
            if (waiting.Topic != message.Topic || (waiting.Options.Outlasts && !message.Options.Outlasts)) continue;
            waiting.Release();
            _counters.Drop(DropReason.Coalesced);
            if (place < 0) place = i;
            else _states.RemoveAt(i--);
        }

        if (place < 0) _states.Add(message);
        else _states[place] = message;
    }

    private void Push(
        Queue<OutboundMessage> queue, int limit, string topic, ReadOnlySpan<byte> payload, in PublishOptions options)
    {
        if (queue.Count == limit)
        {
            queue.Dequeue().Release();
            _counters.Drop(DropReason.QueueFull);
        }

        queue.Enqueue(OutboundMessage.Copy(topic, payload, options));
    }

    private bool TryTake(out OutboundMessage message)
    {
        if (_states.Count == 0) return _events.TryDequeue(out message) || _streams.TryDequeue(out message);
        message = _states[0];
        _states.RemoveAt(0);
        return true;
    }

    private void Drain(Queue<OutboundMessage> queue, DropReason reason)
    {
        while (queue.TryDequeue(out var message))
        {
            _counters.Drop(reason);
            message.Release();
        }
    }

    private static void Replace(List<OutboundMessage> messages, in OutboundMessage message)
    {
        var index = IndexOf(messages, message.Topic);
        if (index < 0)
        {
            messages.Add(message);
            return;
        }

        messages[index].Release();
        messages[index] = message;
    }

    private static int IndexOf(List<OutboundMessage> messages, string topic)
    {
        for (var i = 0; i < messages.Count; i++)
        {
            if (messages[i].Topic == topic) return i;
        }

        return -1;
    }
}
