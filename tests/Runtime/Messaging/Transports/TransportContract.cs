using System.Collections.Concurrent;
using System.Text;
using EdgePerception.Runtime.Messaging;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Tests.Support;

namespace EdgePerception.Runtime.Tests.Messaging.Transports;

/// <summary>What every transport promises at the seam; each has a derived class that brings its peer.</summary>
public abstract class TransportContract : IAsyncLifetime
{
    protected static readonly PublishOptions Stream = new() { Quality = QualityOfService.AtMostOnce };
    protected static readonly PublishOptions Event = new() { Quality = QualityOfService.AtLeastOnce };
    protected static readonly PublishOptions State = new() { Quality = QualityOfService.AtLeastOnce, Retain = true };

    /// <summary>How many events wait at most in the transports that are made.</summary>
    protected const int EventQueue = 8;

    /// <summary>The transport under test, not started.</summary>
    internal IMessageTransport Transport { get; private set; } = null!;

    public virtual async Task InitializeAsync() => Transport = await CreateAsync();

    public virtual async Task DisposeAsync() => await Transport.DisposeAsync();

    /// <summary>Makes a transport and its peer, neither started.</summary>
    internal abstract Task<IMessageTransport> CreateAsync();

    /// <summary>Starts the transport, with a peer that listens to everything.</summary>
    protected abstract Task ConnectAsync();

    /// <summary>What the peer received on a topic, as text.</summary>
    protected abstract IReadOnlyList<string> Received(string topic);

    [Fact]
    public async Task A_message_reaches_the_peer_with_its_bytes()
    {
        await ConnectAsync();
        var text = string.Concat(Enumerable.Repeat("ä€😀\0", 1000));
        Assert.True(Publish("scene", text, Event));
        await Eventually.Until(() => Received("scene").Count == 1, "the message");
        Assert.Equal(text, Received("scene")[0]);
    }

    [Fact]
    public async Task Events_keep_their_order()
    {
        await ConnectAsync();
        for (var i = 0; i < 200; i++)
        {
            Publish("stats", $"{i}", Event);
            await Eventually.Until(() => Transport.Counters.Pending < EventQueue, "room");
        }

        await Eventually.Until(
            () => Received("stats").Count == 200, () => $"200 events, {Received("stats").Count} came");
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{i}"), Received("stats"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/+/b")]
    [InlineData("a/#")]
    [InlineData("/a")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("$SYS/a")]
    [InlineData("a b")]
    [InlineData("a\0b")]
    public async Task A_topic_that_cannot_be_published_to_is_refused_and_counted(string topic)
    {
        await ConnectAsync();
        Assert.False(Publish(topic, "x", Event));
        Assert.Equal(1, Transport.Counters.DroppedFor(DropReason.BadTopic));
    }

    [Fact]
    public async Task A_message_that_is_too_long_is_refused_and_counted()
    {
        await ConnectAsync();
        Assert.False(Transport.Publish("scene", new byte[Outbox.MaxPayloadBytes + 1], Event));
        Assert.Equal(1, Transport.Counters.DroppedFor(DropReason.TooLarge));
    }

    [Fact]
    public async Task An_expired_message_is_not_sent()
    {
        await ConnectAsync();
        Publish("action", "late", Event with { Deadline = TimeSpan.Zero });
        Publish("action", "in time", Event with { Deadline = TimeSpan.MaxValue });
        await Eventually.Until(() => Received("action").Count > 0, "the action that is in time");
        Assert.Equal(["in time"], Received("action"));
        Assert.Equal(1, Transport.Counters.DroppedFor(DropReason.Expired));
    }

    [Fact]
    public async Task After_the_end_everything_published_was_delivered_or_counted_as_dropped()
    {
        await ConnectAsync();
        var publishing = Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < 500; i++)
                Publish($"tracks/{thread}", $"{i}", (i % 3) switch { 0 => Stream, 1 => Event, _ => State });
        })).ToArray();
        await Eventually.Until(() => Transport.Counters.Accepted > 300, "some of the messages");
        await Transport.DisposeAsync();
        await Task.WhenAll(publishing);
        Assert.Equal(2000, Transport.Counters.Accepted);
        Assert.Equal(2000, Transport.Counters.Delivered + Transport.Counters.Dropped);
        Assert.Equal(0, Transport.Counters.Pending);
    }

    [Fact]
    public async Task Publishing_after_the_end_is_refused_and_counted()
    {
        await ConnectAsync();
        await Transport.DisposeAsync();
        Assert.False(Publish("scene", "x", Event));
        Assert.Equal(1, Transport.Counters.DroppedFor(DropReason.Shutdown));
        Assert.Equal(TransportState.Stopped, Transport.State);
    }

    [Fact]
    public async Task It_may_end_twice_and_without_having_begun()
    {
        Publish("scene", "x", Event);
        await Transport.DisposeAsync();
        await Transport.DisposeAsync();
        Assert.Equal(0, Transport.Counters.Pending);
    }

    [Fact]
    public async Task The_state_is_told_from_start_to_end()
    {
        var states = new ConcurrentQueue<TransportState>();
        Transport.StateChanged += states.Enqueue;
        await ConnectAsync();
        await Eventually.Until(() => Transport.State == TransportState.Connected, "the connection");
        await Transport.DisposeAsync();
        Assert.Equal([TransportState.Disconnected, TransportState.Connected, TransportState.Stopped], states);
    }

    [Fact]
    public async Task A_listener_to_the_state_that_throws_does_not_end_it()
    {
        Transport.StateChanged += state =>
        {
            if (state == TransportState.Connected) throw new InvalidOperationException("on purpose");
        };
        await ConnectAsync();
        Publish("scene", "x", Event);
        await Eventually.Until(() => Received("scene").Count == 1, "the message");
    }

    protected bool Publish(string topic, string text, PublishOptions options) =>
        Transport.Publish(topic, Encoding.UTF8.GetBytes(text), options);
}

/// <summary>What a transport promises in addition whose peer can be away and can speak.</summary>
public abstract class PeerContract : TransportContract
{
    /// <summary>Takes the peer away until <see cref="PeerComesBackAsync"/>; what it received stays.</summary>
    protected abstract Task PeerGoesAwayAsync();

    /// <summary>Brings the peer back, listening to everything.</summary>
    protected abstract Task PeerComesBackAsync();

    /// <summary>Starts the transport while the peer is away.</summary>
    protected abstract Task StartWithoutPeerAsync();

    /// <summary>Sends a message to the transport.</summary>
    protected abstract Task SendAsync(InboundTopic topic, string text);

    /// <summary>Lets a message that was kept from before arrive at the transport as it connects.</summary>
    protected abstract Task ConnectWithKeptMessageAsync(InboundTopic topic, string text);

    [Fact]
    public async Task Events_outlast_a_peer_that_is_away_and_streams_are_dropped()
    {
        await StartWithoutPeerAsync();
        for (var i = 0; i < 3; i++) Assert.True(Publish("scene", $"{i}", Event));
        Assert.False(Publish("detections/front", "stale", Stream));
        Assert.Equal(1, Transport.Counters.DroppedFor(DropReason.Disconnected));
        await PeerComesBackAsync();
        await Eventually.Until(() => Received("scene").Count == 3, "the events");
        Assert.Equal(["0", "1", "2"], Received("scene"));
        Assert.Empty(Received("detections/front"));
    }

    [Fact]
    public async Task A_full_queue_drops_its_oldest_events()
    {
        await StartWithoutPeerAsync();
        for (var i = 0; i < EventQueue + 5; i++) Publish("scene", $"{i}", Event);
        Assert.Equal(5, Transport.Counters.DroppedFor(DropReason.QueueFull));
        await PeerComesBackAsync();
        await Eventually.Until(() => Received("scene").Count == EventQueue, "the newest events");
        Assert.Equal(Enumerable.Range(5, EventQueue).Select(i => $"{i}"), Received("scene"));
    }

    [Fact]
    public async Task Of_a_retained_topic_only_the_newest_value_waits()
    {
        await StartWithoutPeerAsync();
        for (var i = 0; i < 10; i++) Publish("safety", $"{i}", State);
        Publish("health", "ok", State);
        Assert.Equal(9, Transport.Counters.DroppedFor(DropReason.Coalesced));
        await PeerComesBackAsync();
        await Eventually.Until(() => Received("safety").Count > 0 && Received("health").Count > 0, "the states");
        Assert.All(Received("safety"), value => Assert.Equal("9", value));
    }

    [Fact]
    public async Task After_an_outage_it_reconnects_and_says_retained_values_again()
    {
        await ConnectAsync();
        Publish("safety", "act", State);
        await Eventually.Until(() => Received("safety").Count == 1, "the state");
        await PeerGoesAwayAsync();
        await Eventually.Until(() => Transport.State == TransportState.Disconnected, "the outage to be noticed");
        await PeerComesBackAsync();
        await Eventually.Until(() => Received("safety").Count > 1, "the state again");
        Assert.Equal("act", Received("safety")[^1]);
        Assert.Equal(2, Transport.Counters.Connections);
    }

    [Fact]
    public async Task What_arrives_is_handed_on()
    {
        var arrived = Listen();
        await ConnectAsync();
        await SendAsync(Topics.Command, "{\"id\":\"1\"}");
        await Eventually.Until(() => !arrived.IsEmpty, "the command");
        Assert.Equal(["command {\"id\":\"1\"} False"], arrived);
        Assert.Equal(1, Transport.Counters.Received);
    }

    [Theory]
    [InlineData("command")]
    [InlineData("resume")]
    [InlineData("listen")]
    [InlineData("arm")]
    public async Task A_kept_message_that_would_set_the_robot_in_motion_is_ignored_and_counted(string name)
    {
        var arrived = Listen();
        await ConnectWithKeptMessageAsync(Topics.Inbound.Single(topic => topic.Name == name), "kept");
        await Eventually.Until(() => Transport.Counters.RefusedFor(RefusalReason.Retained) == 1, "the refusal");
        Assert.Empty(arrived);
    }

    [Fact]
    public async Task A_kept_halt_counts()
    {
        var arrived = Listen();
        await ConnectWithKeptMessageAsync(Topics.Halt, "kept");
        await Eventually.Until(() => !arrived.IsEmpty, "the halt");
        Assert.Equal(["halt kept True"], arrived);
    }

    [Fact]
    public async Task A_handler_that_throws_is_counted_and_the_next_message_arrives()
    {
        var calls = 0;
        Transport.Inbound = (_, _, _) =>
        {
            if (Interlocked.Increment(ref calls) == 1) throw new InvalidOperationException("on purpose");
        };
        await ConnectAsync();
        await SendAsync(Topics.Halt, "1");
        await SendAsync(Topics.Halt, "2");
        await Eventually.Until(
            () => Volatile.Read(ref calls) == 2 && Transport.Counters.Received == 1, "the second message");
        Assert.Equal(1, Transport.Counters.RefusedFor(RefusalReason.HandlerFailed));
    }

    private ConcurrentQueue<string> Listen()
    {
        var arrived = new ConcurrentQueue<string>();
        Transport.Inbound =
            (topic, payload, retained) => arrived.Enqueue($"{topic} {Encoding.UTF8.GetString(payload)} {retained}");
        return arrived;
    }
}
