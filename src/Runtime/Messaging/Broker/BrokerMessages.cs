using EdgePerception.Sensors.Diagnostics;
using MQTTnet;
using MQTTnet.Packets;

namespace EdgePerception.Runtime.Messaging.Broker;

/// <summary>
/// A message's user properties, and when its life is over on the monotonic clock (MQTT 5 §3.3.2.3.3). MQTTnet keeps no
/// time of arrival; but it hands this very list on to each copy of the message, and so the time comes with it.
/// </summary>
internal sealed class DatedProperties : List<MqttUserProperty>
{
    public DatedProperties(IEnumerable<MqttUserProperty>? properties, TimeSpan over)
        : base(properties ?? []) => Over = over;

    public TimeSpan Over { get; }
}

/// <summary>What a message costs, and what is told about those that do not arrive.</summary>
internal static class BrokerMessages
{
    private const int Overhead = 256;

    private static readonly TotalCounter DroppedMetric = new(
        "edge_perception.broker.dropped", "{message}", "Messages that the embedded broker did not deliver to a client",
        "reason");
    private static readonly TotalCounter RefusedMetric = new(
        "edge_perception.broker.refused", "{attempt}", "What the embedded broker refused its clients", "reason");

    /// <summary>About what it takes in memory and on the wire, bytes; never less than the latter.</summary>
    public static long Size(MqttPublishPacket packet) => Overhead + packet.Payload.Length
        + Length(packet.Topic) + Length(packet.ResponseTopic) + Length(packet.ContentType)
        + (packet.CorrelationData?.Length ?? 0) + Size(packet.UserProperties);

    /// <inheritdoc cref="Size(MqttPublishPacket)"/>
    public static long Size(MqttApplicationMessage message) => Overhead + message.Payload.Length
        + Length(message.Topic) + Length(message.ResponseTopic) + Length(message.ContentType)
        + (message.CorrelationData?.Length ?? 0) + Size(message.UserProperties);

    /// <summary>Whether its life is over.</summary>
    public static bool IsOver(List<MqttUserProperty>? properties, TimeSpan now) =>
        properties is DatedProperties dated && dated.Over <= now;

    /// <summary>Counts a message that one client does not get.</summary>
    public static void CountDropped(string reason) => DroppedMetric.Add(1, reason);

    /// <summary>Counts what a client wanted and was refused.</summary>
    public static void CountRefused(string reason) => RefusedMetric.Add(1, reason);

    private static long Size(List<MqttUserProperty>? properties) =>
        properties?.Sum(property => 5L + Length(property.Name) + property.ValueBuffer.Length) ?? 0;

    private static long Length(string? text) => text is null ? 0 : System.Text.Encoding.UTF8.GetByteCount(text);
}
