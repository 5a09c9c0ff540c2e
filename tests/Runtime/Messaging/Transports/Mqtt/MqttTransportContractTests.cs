using EdgePerception.Runtime.Messaging;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.Mqtt;
using EdgePerception.Sensors.Time;
using EdgePerception.Tests.Support;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.Mqtt;

/// <summary>
/// The contract against a real mosquitto and a separate client; the line to the broker is cut by a relay.
/// </summary>
public sealed class MqttTransportContractTests : PeerContract
{
    private MosquittoBroker _broker = null!;
    private MosquittoSubscriber? _peer;
    private TcpRelay _relay = null!;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (_peer is not null) await _peer.DisposeAsync();
        await _relay.DisposeAsync();
        await _broker.DisposeAsync();
    }

    internal override async Task<IMessageTransport> CreateAsync()
    {
        _broker = await MosquittoBroker.StartAsync();
        _relay = TcpRelay.To(_broker.Port);
        var options = new MqttSettings
        {
            Port = _relay.Port,
            Device = "robot",
            EventQueue = EventQueue,
            StreamQueue = EventQueue,
            ReconnectMinMs = 10,
            ReconnectMaxMs = 50,
        };
        // One that hears all that the service's two do.
        var role = new MqttRole(Topics.Inbound, IsDevice: true);
        return new MqttTransport(options, SensorClock.System, new ListLogger<MqttTransport>(), role);
    }

    protected override async Task ConnectAsync()
    {
        _peer = await MosquittoSubscriber.StartAsync(_broker, "edge/#");
        Transport.Start();
        await Eventually.Until(() => Transport.State == TransportState.Connected, "the connection");
    }

    protected override IReadOnlyList<string> Received(string topic) =>
        [.. (_peer?.On($"edge/robot/{topic}") ?? []).Select(message => message.Text)];

    protected override async Task StartWithoutPeerAsync()
    {
        _relay.Close();
        _peer = await MosquittoSubscriber.StartAsync(_broker, "edge/#");
        Transport.Start();
    }

    protected override Task PeerGoesAwayAsync()
    {
        _relay.Close();
        return Task.CompletedTask;
    }

    protected override Task PeerComesBackAsync()
    {
        _relay.Open();
        return Task.CompletedTask;
    }

    protected override async Task SendAsync(InboundTopic topic, string text) =>
        await MosquittoSubscriber.PublishAsync(_broker, $"edge/robot/{topic.Name}", text);

    protected override async Task ConnectWithKeptMessageAsync(InboundTopic topic, string text)
    {
        await MosquittoSubscriber.PublishAsync(_broker, $"edge/robot/{topic.Name}", text, "-r");
        await ConnectAsync();
    }
}
