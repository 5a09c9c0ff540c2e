using System.Text;
using EdgePerception.Runtime.Messaging;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.InMemory;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;
using Google.Protobuf;

namespace EdgePerception.Runtime.Tests.Pipeline;

/// <summary>A publisher whose messages are kept, as they would go to MQTT, in their order.</summary>
internal sealed class RecordedMessages : IAsyncDisposable
{
    private readonly List<(string Topic, string Text)> _sent = [];
    private readonly InMemoryTransport _transport;

    private RecordedMessages(SensorClock clock, Func<OutboundTopic, bool>? carries)
    {
        _transport = new InMemoryTransport(
            Take, new QueueLimits(1000, 1000), clock, new ListLogger<InMemoryTransport>());
        _transport.Start();
        var route = MessageRoute.Mqtt(_transport);
        Publisher = new MessagePublisher([route with { Carries = carries ?? route.Carries }], clock);
    }

    /// <param name="clock">Numbers and times.</param>
    /// <param name="carries">Which topics are kept; those of MQTT where it is null.</param>
    public static RecordedMessages Start(SensorClock clock, Func<OutboundTopic, bool>? carries = null) =>
        new(clock, carries);

    public MessagePublisher Publisher { get; }

    /// <summary>All that was published so far, once it has arrived.</summary>
    public async Task<IReadOnlyList<(string Topic, string Text)>> AllAsync()
    {
        await Eventually.Until(() => _transport.Counters.Pending == 0, "the messages");
        lock (_sent) return [.. _sent];
    }

    /// <summary>The messages of a topic.</summary>
    public async Task<IReadOnlyList<T>> OnAsync<T>(string topic) where T : IMessage, new() =>
        [.. (await AllAsync()).Where(sent => sent.Topic == topic)
            .Select(sent => JsonParser.Default.Parse<T>(sent.Text))];

    public async ValueTask DisposeAsync()
    {
        await _transport.DisposeAsync();
        Publisher.Dispose();
    }

    private void Take(string topic, ReadOnlySpan<byte> payload, in PublishOptions options)
    {
        lock (_sent) _sent.Add((topic, Encoding.UTF8.GetString(payload)));
    }
}
