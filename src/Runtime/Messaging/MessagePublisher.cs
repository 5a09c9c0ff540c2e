using System.Collections.Concurrent;
using EdgePerception.Runtime.Messaging.Encoding;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Sensors.Time;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace EdgePerception.Runtime.Messaging;

/// <summary>One transport and how it wants its messages.</summary>
/// <param name="Transport">Carries them.</param>
/// <param name="Encoding">What their bytes are.</param>
/// <param name="Carries">Which topics go there.</param>
/// <param name="StreamsMaxHz">Messages a second at most on each topic that may be thinned; 0 for all.</param>
public sealed record MessageRoute(
    IMessageTransport Transport, MessageEncoding Encoding, Func<OutboundTopic, bool> Carries, double StreamsMaxHz = 0)
{
    /// <summary>JSON over MQTT; what may be thinned is, because people and fleets watch there.</summary>
    public static MessageRoute Mqtt(IMessageTransport transport, double streamsMaxHz = 5) =>
        new(transport, MessageEncoding.Json, static topic => topic.OnMqtt, streamsMaxHz);

    /// <summary>Protobuf over ZeroMQ, everything.</summary>
    public static MessageRoute ZeroMq(IMessageTransport transport) =>
        new(transport, MessageEncoding.Protobuf, static topic => topic.OnZeroMq);
}

/// <summary>
/// Numbers, times, encodes and hands messages to every transport that carries their topic, each encoded once for all of
/// them. Safe from any thread: messages of one topic are numbered in the order of the calls, and callers of different
/// topics do not wait for each other. Never waits for a peer. Allocates nothing of its own in steady state.
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
    /// <param name="outlasts">Whether it is told though a newer state came before it was sent.</param>
    public void Publish(
        OutboundTopic topic, IMessage message, string instance = "", TimeSpan? deadline = null,
        bool outlasts = false) =>
        Publish(topic, message, static message => message, instance, deadline, outlasts);

    /// <summary>
    /// Publishes a message that is made only if somebody is sent it: the topic may be thinned at the moment, or nobody
    /// subscribe to it. It has its number all the same.
    /// </summary>
    /// <param name="topic">Where.</param>
    /// <param name="source">What the message is made of.</param>
    /// <param name="make">
    /// Makes it, on the caller's thread before this returns; publishes nothing itself. Not kept.
    /// </param>
    /// <param name="instance">The camera of the topic, where it has one.</param>
    /// <param name="deadline">Monotonic instant from which the message must not be sent any more.</param>
    /// <param name="outlasts">Whether it is told though a newer state came before it was sent.</param>
    public void Publish<T>(
        OutboundTopic topic, T source, Func<T, IMessage> make, string instance = "", TimeSpan? deadline = null,
        bool outlasts = false)
    {
        var line = _lines.GetOrAdd(
            (topic, instance), static (key, count) => new Line(key.Topic.For(key.Instance), count), routes.Count);
        lock (line)
        {
            line.Sequence++;
            if (!FindDue(line, topic)) return;
            var message = make(source);
            if (message is Messages.Action action) WriteRemaining(action, deadline);
            var options = new PublishOptions
            {
                Quality = topic.Quality,
                Retain = topic.Retain,
                Life = topic.Life,
                Deadline = deadline,
                Outlasts = outlasts,
                Stamp = Stamp(message, line.Sequence),
            };
            line.Message.Encode(message);
            for (var i = 0; i < routes.Count; i++)
            {
                if (!line.IsDue[i]) continue;
                routes[i].Transport.Publish(line.Topic, line.Message.As(routes[i].Encoding), options);
            }
        }
    }

    /// <summary>
    /// Publishes the answer to a command at <c>command/&lt;id&gt;/result</c>, and at its <paramref name="replyTo"/>,
    /// which the gateway has checked. An answer without a usable id goes to
    /// <c>command/invalid/result</c>.
    /// </summary>
    public void PublishResult(GroundingAnswer answer, string replyTo = "")
    {
        var id = TopicName.IsName(answer.Id) ? answer.Id : Topics.InvalidCommandId;
        var topic = Topics.CommandResult.For(id);
        var options = new PublishOptions { Quality = Topics.CommandResult.Quality, Stamp = Stamp(answer, 1) };
        using var encoded = new EncodedMessage();
        encoded.Encode(answer);
        foreach (var route in routes)
        {
            if (!route.Carries(Topics.CommandResult)) continue;
            var payload = encoded.As(route.Encoding);
            route.Transport.Publish(topic, payload, options);
            if (replyTo.Length > 0) route.Transport.Publish(replyTo, payload, options with { AbsoluteTopic = true });
        }
    }

    /// <summary>Publishes a step of a command's life at <c>command/&lt;id&gt;/state</c>.</summary>
    /// <param name="state">The step; its id is one that can stand in a topic.</param>
    /// <param name="number">Counts the steps of this life from 1.</param>
    public void PublishState(CommandState state, uint number)
    {
        // A life is short, so that its topic keeps no buffers of its own.
        var options = new PublishOptions { Quality = Topics.CommandState.Quality, Stamp = Stamp(state, number) };
        using var encoded = new EncodedMessage();
        encoded.Encode(state);
        foreach (var route in routes)
        {
            if (route.Carries(Topics.CommandState))
                route.Transport.Publish(Topics.CommandState.For(state.Id), encoded.As(route.Encoding), options);
        }
    }

    /// <summary>Gives the buffers back; nothing may be published after.</summary>
    public void Dispose()
    {
        // A loop that could not be ended may be at one of them.
        foreach (var line in _lines.Values)
            lock (line) line.Dispose();
        _lines.Clear();
    }

    private bool FindDue(Line line, OutboundTopic topic)
    {
        var any = false;
        for (var i = 0; i < routes.Count; i++)
        {
            line.IsDue[i] = routes[i].Carries(topic)
                && (topic.Retain || routes[i].Transport.IsWanted(line.Topic)) && IsDue(line, i, topic);
            any |= line.IsDue[i];
        }

        return any;
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
            (stamped.Header.PublishedAt ??= new Timestamp()).Set(published);
            if (stamped.Header.CapturedAt is { } at) captured = at.Seconds * 1_000_000_000 + at.Nanos;
        }

        return new MessageStamp(sequence, captured, UnixNs(published));
    }

    private void WriteRemaining(Messages.Action action, TimeSpan? deadline)
    {
        if (deadline is { } end)
            action.RemainingMs = (uint)Math.Clamp((end - clock.Monotonic).TotalMilliseconds, 0, uint.MaxValue);
    }

    private static long UnixNs(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks * 100;

    /// <summary>What is known of one topic: its last number and, for each route, when it may be sent again.</summary>
    private sealed class Line(string topic, int routes) : IDisposable
    {
        public string Topic { get; } = topic;

        public EncodedMessage Message { get; } = new();

        public TimeSpan[] NotBefore { get; } = new TimeSpan[routes];

        public bool[] IsDue { get; } = new bool[routes];

        public ulong Sequence { get; set; }

        public void Dispose() => Message.Dispose();
    }
}
