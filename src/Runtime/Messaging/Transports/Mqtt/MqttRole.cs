namespace EdgePerception.Runtime.Messaging.Transports.Mqtt;

/// <summary>What a connection is to the broker: the device itself, or somebody who talks to it.</summary>
/// <param name="Inbound">What it listens to, below the device's prefix.</param>
/// <param name="IsDevice">Whether it says by the topic <c>available</c> that the device lives.</param>
public sealed record MqttRole(IReadOnlyList<InboundTopic> Inbound, bool IsDevice)
{
    /// <summary>The device.</summary>
    public static MqttRole Device { get; } = new(Topics.Inbound, true);

    /// <summary>Somebody who sends the device a command and waits for its answer.</summary>
    public static MqttRole Sender(string commandId) =>
        new([new InboundTopic(Topics.CommandResult.For(commandId), AcceptsRetained: false)], false);
}
