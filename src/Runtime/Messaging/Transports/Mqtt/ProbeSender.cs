using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace EdgePerception.Runtime.Messaging.Transports.Mqtt;

/// <summary>
/// Sends the probes of one transport. They are not acknowledged, lest the broker keep one for a time without us; one
/// that does not come back is followed by one that is, since the answer tells why. The sending thread's, but for what
/// says otherwise.
/// </summary>
/// <param name="probe">What is sent.</param>
/// <param name="root">What all topics of the device begin with, with the last <c>/</c>.</param>
/// <param name="packets">Makes the packets.</param>
/// <param name="numbers">Numbers those that are acknowledged.</param>
/// <param name="clock">The clock.</param>
internal sealed class ProbeSender(
    StopProbe probe, string root, PublishPackets packets, UnacknowledgedEvents numbers, SensorClock clock)
{
    private volatile int _unacknowledged;
    private bool _isSaid;

    /// <summary>A new connection.</summary>
    public void Begin()
    {
        _unacknowledged = 0;
        probe.Begin(clock.Monotonic);
    }

    /// <summary>How long until the next one is due, or <paramref name="other"/> where that is sooner.</summary>
    public TimeSpan UntilDue(TimeSpan other)
    {
        var left = probe.UntilDue(clock.Monotonic);
        return left < other ? left : other;
    }

    /// <summary>Sends one where it is due.</summary>
    public void Send(MqttConnection connection, MqttTerms terms)
    {
        var now = clock.Monotonic;
        if (probe.UntilDue(now) > TimeSpan.Zero) return;
        var packet = packets.Probe(Topics.Halt.Name, probe.Next(now), probe.IsOverdue, terms);
        if (packet.QualityOfServiceLevel > MqttQualityOfServiceLevel.AtMostOnce)
            _unacknowledged = packet.PacketIdentifier = numbers.NextId();
        connection.Send(packet);
    }

    /// <summary>Takes the answer to one; the receiving thread's.</summary>
    public void Take(MqttPubAckPacket answer)
    {
        if (answer.PacketIdentifier == _unacknowledged) probe.Answer(answer.ReasonCode);
    }

    /// <summary>Takes the broker's denial of the subscription; the receiving thread's.</summary>
    public void Deny() => probe.Deny();

    /// <summary>Takes one of our own back; false where the message is a halt. The receiving thread's.</summary>
    public bool TryTakeBack(ReadOnlySpan<byte> payload) => probe.TryTakeBack(payload);

    /// <summary>Why they do not come back, told once each time; null where they do.</summary>
    public TransportTrouble? Trouble(bool isOld, ILogger logger, string transport, string peer)
    {
        var trouble = probe.Trouble(root + Topics.Halt.Name, isOld);
        if (trouble is not null && !_isSaid) MessagingLog.StopsUnheard(logger, transport, peer, trouble.Reason);
        if (trouble is null && _isSaid) MessagingLog.StopsHeardAgain(logger, transport, peer);
        _isSaid = trouble is not null;
        return trouble;
    }
}
