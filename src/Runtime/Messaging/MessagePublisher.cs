using System.Collections.Concurrent;
using EdgePerception.Runtime.Messaging.Encoding;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Sensors.Synchronization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace EdgePerception.Runtime.Messaging;

/// <summary>One transport and how it wants its messages.</summary>
/// <param name="Transport">Carries them.</param>
/// <param name="Encoding">Makes their bytes.</param>
/// <param name="Carries">Which topics go there.</param>
/// <param name="StreamsMaxHz">Messages a second at most on each topic that may be thinned; 0 for all.</param>
public sealed record MessageRoute(
    IMessageTransport Transport, IMessageEncoding Encoding, Func<OutboundTopic, bool> Carries, double StreamsMaxHz = 0)
{
    /// <summary>JSON over MQTT; what may be thinned is, because people and fleets watch there.</summary>
    public static MessageRoute Mqtt(IMessageTransport transport, double streamsMaxHz = 5) =>
        new(transport, new JsonEncoding(), static topic => topic.OnMqtt, streamsMaxHz);

    /// <summary>Protobuf over ZeroMQ, everything.</summary>
    public static MessageRoute ZeroMq(IMessageTransport transport) =>
        new(transport, new ProtobufEncoding(), static topic => topic.OnZeroMq);
}

/// <summary>
/// Numbers, times, encodes and hands messages to every transport that carries their topic. Safe from any thread:
/// messages of one topic are numbered in the order of the calls, and callers of different topics do not wait for each
/// other. Never waits for a peer.
/// </summary>
public sealed class MessagePublisher(IReadOnlyList<MessageRoute> routes, SensorClock clock) : IDisposable
{
    private readonly ConcurrentDictionary<(OutboundTopic Topic, string Instance), Line> _lines = new();

    /// <summary>
    /// Publishes a message whose header, where it has one, holds the capture times; number and publish time are written
    /// into it here.
    /// </summary>
    /// <param name="topic">Where.</param>
    /// <param name="message">What; not kept.</param>
    /// <param name="instance">The camera of the topic, where it has one.</param>
    /// <param name="deadline">Monotonic instant from which the message must not be sent any more.</param>
    public void Publish(OutboundTopic topic, IMessage message, string instance = "", TimeSpan? deadline = null)
    {
        if (topic == Topics.Action && message is Messages.Action action) WriteRemaining(action, deadline);
        var line = _lines.GetOrAdd((topic, instance), static (key, count) => new Line(key.Topic.For(key.Instance), count), routes.Count);
        lock (line)
        {
            var options = new PublishOptions
            {
                Quality = topic.Quality,
                Retain = topic.Retain,
                Life = topic.Life,
                Deadline = deadline,
                Stamp = Stamp(message, ++line.Sequence),
            };
            for (var i = 0; i < routes.Count; i++)
            {
                if (routes[i].Carries(topic) && IsDue(line, i, topic)) Send(line, routes[i], message, options);
            }
        }
    }

    /// <summary>
    /// Publishes the answer to a command at <c>command/&lt;id&gt;/result</c>, and at its <paramref name="replyTo"/>,
    /// which <see cref="Commands.CommandReader"/> has checked. An answer without a usable id goes to
    /// <c>command/invalid/result</c>.
    /// </summary>
    public void PublishResult(GroundingAnswer answer, string replyTo = "")
    {
        var id = TopicName.IsName(answer.Id) ? answer.Id : Topics.InvalidCommandId;
        using var line = new Line(Topics.CommandResult.For(id), 0);
        var options = new PublishOptions { Quality = Topics.CommandResult.Quality, Stamp = Stamp(answer, 1) };
        foreach (var route in routes)
        {
            if (!route.Carries(Topics.CommandResult)) continue;
            Send(line, route, answer, options);
            if (replyTo.Length == 0) continue;
            route.Transport.Publish(replyTo, line.Buffer.Written, options with { AbsoluteTopic = true });
        }
    }

    /// <summary>Gives the buffers back; nothing may be published after.</summary>
    public void Dispose()
    {
        foreach (var line in _lines.Values) line.Dispose();
        _lines.Clear();
    }

    private static void Send(Line line, MessageRoute route, IMessage message, in PublishOptions options)
    {
        line.Buffer.Clear();
        route.Encoding.Encode(message, line.Buffer);
        route.Transport.Publish(line.Topic, line.Buffer.Written, options);
    }

    private bool IsDue(Line line, int route, OutboundTopic topic)
    {
        if (!topic.MayBeThinned || routes[route].StreamsMaxHz is not (> 0 and var hertz)) return true;
        var now = clock.Monotonic;
        if (now < line.NotBefore[route]) return false;
        line.NotBefore[route] = now + TimeSpan.FromSeconds(1 / hertz);
        return true;
    }

    private MessageStamp Stamp(IMessage message, ulong sequence)
    {
        var published = clock.Now.Utc;
        var captured = 0L;
        if (message is IStamped stamped)
        {
            stamped.Header ??= new Header();
            stamped.Header.Sequence = unchecked((uint)sequence);
            stamped.Header.PublishedAt = Timestamp.FromDateTimeOffset(published);
            if (stamped.Header.CapturedAt is { } at) captured = at.Seconds * 1_000_000_000 + at.Nanos;
        }

        return new MessageStamp(sequence, captured, UnixNs(published));
    }

    private void WriteRemaining(Messages.Action action, TimeSpan? deadline)
    {
        if (deadline is { } end) action.RemainingMs = (uint)Math.Clamp((end - clock.Monotonic).TotalMilliseconds, 0, uint.MaxValue);
    }

    private static long UnixNs(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks * 100;

    /// <summary>What is known of one topic: its last number and, for each route, when it may be sent again.</summary>
    private sealed class Line(string topic, int routes) : IDisposable
    {
        public string Topic { get; } = topic;

        public PooledBuffer Buffer { get; } = new();

        public TimeSpan[] NotBefore { get; } = new TimeSpan[routes];

        public ulong Sequence { get; set; }

        public void Dispose() => Buffer.Dispose();
    }
}
