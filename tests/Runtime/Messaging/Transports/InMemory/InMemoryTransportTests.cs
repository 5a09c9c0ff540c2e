using System.Text;
using EdgePerception.Runtime.Messaging;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.InMemory;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.InMemory;

public sealed class InMemoryTransportTests : PeerContract
{
    private readonly List<(string Topic, string Text)> _received = [];

    private InMemoryTransport Memory => (InMemoryTransport)Transport;

    internal override Task<IMessageTransport> CreateAsync() => Task.FromResult<IMessageTransport>(
        new InMemoryTransport(
            Take, new QueueLimits(EventQueue, EventQueue), SensorClock.System, new ListLogger<InMemoryTransport>()));

    protected override async Task ConnectAsync()
    {
        Transport.Start();
        await Eventually.Until(() => Transport.State == TransportState.Connected, "the connection");
    }

    protected override IReadOnlyList<string> Received(string topic)
    {
        lock (_received) return [.. _received.Where(message => message.Topic == topic).Select(message => message.Text)];
    }

    protected override Task StartWithoutPeerAsync()
    {
        Memory.PeerIsReachable = false;
        Transport.Start();
        return Task.CompletedTask;
    }

    protected override Task PeerGoesAwayAsync()
    {
        Memory.PeerIsReachable = false;
        return Task.CompletedTask;
    }

    protected override Task PeerComesBackAsync()
    {
        Memory.PeerIsReachable = true;
        return Task.CompletedTask;
    }

    protected override Task SendAsync(InboundTopic topic, string text)
    {
        Memory.Receive(topic, Encoding.UTF8.GetBytes(text));
        return Task.CompletedTask;
    }

    protected override async Task ConnectWithKeptMessageAsync(InboundTopic topic, string text)
    {
        await ConnectAsync();
        Memory.Receive(topic, Encoding.UTF8.GetBytes(text), retained: true);
    }

    private void Take(string topic, ReadOnlySpan<byte> payload, in PublishOptions options)
    {
        lock (_received) _received.Add((topic, Encoding.UTF8.GetString(payload)));
    }
}
