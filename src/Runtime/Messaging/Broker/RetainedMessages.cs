using System.Buffers;
using MQTTnet;

namespace EdgePerception.Runtime.Messaging.Broker;

/// <summary>
/// The books on the retained messages that MQTTnet's server keeps, so that they stay bounded. It also mends that the
/// server leaves the old message in its place where a new one has the same payload, with the old one's expiry and
/// properties (MQTT 5 §3.3.1.3 wants it replaced). Safe from any thread.
/// </summary>
internal sealed class RetainedMessages
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _kept = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>
    /// Takes note of a message that is about to be kept, or with an empty payload forgotten. False where there is no
    /// room for it.
    /// </summary>
    public bool TryKeep(MqttApplicationMessage message)
    {
        lock (_gate)
        {
            if (message.Payload.IsEmpty)
            {
                Forget(message.Topic);
                return true;
            }

            var size = BrokerMessages.Size(message);
            _kept.TryGetValue(message.Topic, out var old);
            if (old is null && _kept.Count >= BrokerLimits.RetainedTopics) return false;
            if (_bytes + size - (old?.Bytes ?? 0) > BrokerLimits.RetainedBytes) return false;
            _bytes += size - (old?.Bytes ?? 0);
            var kept = old is not null && IsSame(old.Message, message) ? Renew(old.Message, message) : message;
            _kept[message.Topic] = new Entry(kept, size);
            return true;
        }
    }

    /// <summary>Forgets those whose life is over, and says which topics the server is to forget as well.</summary>
    public IReadOnlyList<string> ForgetOver(TimeSpan now)
    {
        lock (_gate)
        {
            string[] over = [.. _kept.Where(IsOver).Select(each => each.Key)];
            foreach (var topic in over) Forget(topic);
            return over;
        }

        bool IsOver(KeyValuePair<string, Entry> each) => BrokerMessages.IsOver(each.Value.Message.UserProperties, now);
    }

    private void Forget(string topic)
    {
        if (_kept.Remove(topic, out var old)) _bytes -= old.Bytes;
    }

    private static bool IsSame(MqttApplicationMessage old, MqttApplicationMessage message)
    {
        if (old.QualityOfServiceLevel != message.QualityOfServiceLevel) return false;
        return old.Payload.IsSingleSegment && message.Payload.IsSingleSegment
            ? old.Payload.FirstSpan.SequenceEqual(message.Payload.FirstSpan)
            : old.Payload.ToArray().AsSpan().SequenceEqual(message.Payload.ToArray());
    }

    // It is this object that the server goes on keeping.
    private static MqttApplicationMessage Renew(MqttApplicationMessage old, MqttApplicationMessage message)
    {
        old.UserProperties = message.UserProperties;
        old.MessageExpiryInterval = message.MessageExpiryInterval;
        old.ContentType = message.ContentType;
        old.ResponseTopic = message.ResponseTopic;
        old.CorrelationData = message.CorrelationData;
        old.PayloadFormatIndicator = message.PayloadFormatIndicator;
        return old;
    }

    private sealed record Entry(MqttApplicationMessage Message, long Bytes);
}
