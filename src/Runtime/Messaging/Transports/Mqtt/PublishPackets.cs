using System.Buffers;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace EdgePerception.Runtime.Messaging.Transports.Mqtt;

/// <summary>
/// Makes MQTT's packets of our messages, within what the broker grants. It is one packet, filled anew each time, which
/// is true until the next one. One thread's.
/// </summary>
/// <param name="root">What all topics of the device begin with, with the last <c>/</c>.</param>
internal sealed class PublishPackets(string root)
{
    private const int MaxCachedTopics = 256;

    // Fixed header, number, expiry.
    private const int Overhead = 32;

    private readonly Dictionary<string, string> _fullNames = [];
    private readonly MqttPublishPacket _packet = new();

    /// <summary>Why a message cannot be sent; null if it can.</summary>
    public DropReason? Obstacle(in OutboundMessage message, MqttTerms terms, TimeSpan now)
    {
        if (message.Options.Deadline is { } deadline && now >= deadline) return DropReason.Expired;
        var most = message.Length + System.Text.Encoding.UTF8.GetMaxByteCount(FullName(message).Length) + Overhead;
        return (uint)most > terms.MaxPacketBytes ? DropReason.TooLarge : null;
    }

    /// <summary>The packet of a message, without a number; its payload is the message's own.</summary>
    /// <param name="message">The message.</param>
    /// <param name="terms">What the broker grants.</param>
    /// <param name="now">The monotonic instant, from which its expiry counts.</param>
    /// <param name="isLast">
    /// Whether these are the last words, which stay true after the end and so are kept without one.
    /// </param>
    public MqttPublishPacket Of(in OutboundMessage message, MqttTerms terms, TimeSpan now, bool isLast)
    {
        var options = message.Options;
        return Fill(
            FullName(message), new ReadOnlySequence<byte>(message.Buffer, 0, message.Length),
            options.Quality, options.Retain, options.Deadline - now ?? (isLast ? null : options.Life), terms);
    }

    /// <summary>The packet of a retained event of the transport's own, without a number.</summary>
    public MqttPublishPacket Own(string topic, ReadOnlyMemory<byte> payload, MqttTerms terms) =>
        Fill(
            root + topic, new ReadOnlySequence<byte>(payload),
            QualityOfService.AtLeastOnce, retain: true, expiry: null, terms);

    /// <summary>The packet of a probe, without a number; acknowledged where that is asked for.</summary>
    public MqttPublishPacket Probe(string topic, byte[] payload, bool isAcknowledged, MqttTerms terms) =>
        Fill(
            root + topic, new ReadOnlySequence<byte>(payload),
            isAcknowledged ? QualityOfService.AtLeastOnce : QualityOfService.AtMostOnce, retain: false, StopProbe.Life,
            terms);

    private MqttPublishPacket Fill(
        string topic, ReadOnlySequence<byte> payload,
        QualityOfService quality, bool retain, TimeSpan? expiry, MqttTerms terms)
    {
        var isEvent = quality == QualityOfService.AtLeastOnce
            && terms.MaxQuality > MqttQualityOfServiceLevel.AtMostOnce;
        _packet.Topic = topic;
        _packet.Payload = payload;
        _packet.PacketIdentifier = 0;
        _packet.QualityOfServiceLevel =
            isEvent ? MqttQualityOfServiceLevel.AtLeastOnce : MqttQualityOfServiceLevel.AtMostOnce;
        _packet.Retain = retain && terms.Retains;
        _packet.MessageExpiryInterval =
            expiry is { } time ? (uint)Math.Clamp(Math.Ceiling(time.TotalSeconds), 1, uint.MaxValue) : 0;
        return _packet;
    }

    private string FullName(in OutboundMessage message)
    {
        if (message.Options.AbsoluteTopic) return message.Topic;
        if (_fullNames.TryGetValue(message.Topic, out var name)) return name;
        if (_fullNames.Count == MaxCachedTopics) _fullNames.Clear();
        return _fullNames[message.Topic] = root + message.Topic;
    }
}
