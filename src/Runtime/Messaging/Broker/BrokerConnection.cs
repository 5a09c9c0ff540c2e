using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;
using MQTTnet.Adapter;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace EdgePerception.Runtime.Messaging.Broker;

/// <summary>
/// One client of the embedded broker, between the wire and MQTTnet's server, for what the latter leaves out: ids for
/// clients that bring none, in version 3.1.1 as well; expiry at the moment of sending; a bound to what is on its way to
/// a client that does not acknowledge. A message that is not sent after all is acknowledged in the client's place,
/// since the server would keep it until then.
/// </summary>
internal sealed class BrokerConnection(
    IMqttChannelAdapter inner, BrokerChannel channel, SensorClock clock, ILogger logger) : IMqttChannelAdapter
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ushort, long> _unacknowledged = [];
    private readonly ConcurrentQueue<MqttPacket> _answers = new();
    private readonly ConcurrentQueue<int[]> _filterOrders = new();
    private readonly HashSet<string> _filters = new(StringComparer.Ordinal);
    private MqttConnectPacket? _connect;
    private bool _wasNamedHere;
    private TimeSpan _session;
    private int _held;
    private long _heldBytes;

    /// <summary>Whether a message is on its way to the client, or was sent and is not acknowledged.</summary>
    public bool IsBusy
    {
        get
        {
            lock (_gate) return _held > 0;
        }
    }

    /// <summary>What is on its way to the client.</summary>
    public HeldMessages Held
    {
        get
        {
            lock (_gate) return new HeldMessages(_held, _heldBytes);
        }
    }

    /// <summary>
    /// How long the client wants its session kept once it is gone. Version 3.1.1 knows no time for it, and 3.1 is given
    /// none.
    /// </summary>
    public TimeSpan WantedSession
    {
        get
        {
            if (_wasNamedHere || _connect is not { } connect) return TimeSpan.Zero;
            return PacketFormatterAdapter.ProtocolVersion switch
            {
                MqttProtocolVersion.V500 => TimeSpan.FromSeconds(connect.SessionExpiryInterval),
                MqttProtocolVersion.V311 when !connect.CleanSession => TimeSpan.MaxValue,
                _ => TimeSpan.Zero,
            };
        }
    }

    public long BytesReceived => inner.BytesReceived;

    public long BytesSent => inner.BytesSent;

    public X509Certificate2? ClientCertificate => inner.ClientCertificate;

    public EndPoint RemoteEndPoint => inner.RemoteEndPoint;

    public EndPoint LocalEndPoint => inner.LocalEndPoint;

    public bool IsSecureConnection => inner.IsSecureConnection;

    public MqttPacketFormatterAdapter PacketFormatterAdapter => inner.PacketFormatterAdapter;

    /// <summary>Takes account of a message for this client; false where there are too many already.</summary>
    public bool TryHold(long bytes)
    {
        lock (_gate)
        {
            if (_held >= BrokerLimits.HeldMessages || _heldBytes + bytes > BrokerLimits.HeldBytes) return false;
            _held++;
            _heldBytes += bytes;
            return true;
        }
    }

    /// <summary>
    /// Grants the client's session a life, or none; before the server looks at its greeting. What has waited counts as
    /// held.
    /// </summary>
    public void Grant(TimeSpan life, HeldMessages waiting)
    {
        (_session, _held, _heldBytes) = (life, waiting.Messages, waiting.Bytes);
        if (WantedSession > TimeSpan.Zero && life == TimeSpan.Zero) BrokerLog.NoSession(logger, Name);
        _connect!.SessionExpiryInterval = (uint)life.TotalSeconds;
        _connect.CleanSession |= life == TimeSpan.Zero;
    }

    /// <summary>Gives up a message that was held and will not be sent.</summary>
    public void Drop(MqttPublishPacket packet, string reason)
    {
        BrokerMessages.CountDropped(reason);
        Settle(BrokerMessages.Size(packet));
        if (packet.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtLeastOnce)
            _answers.Enqueue(new MqttPubAckPacket { PacketIdentifier = packet.PacketIdentifier });
        else if (packet.QualityOfServiceLevel == MqttQualityOfServiceLevel.ExactlyOnce)
            _answers.Enqueue(new MqttPubCompPacket { PacketIdentifier = packet.PacketIdentifier });
    }

    /// <summary>Takes note of a topic filter; false where the client has too many.</summary>
    public bool TrySubscribe(string filter)
    {
        lock (_gate)
            return _filters.Contains(filter) || (_filters.Count < BrokerLimits.Subscriptions && _filters.Add(filter));
    }

    /// <summary>Forgets a topic filter.</summary>
    public void Unsubscribe(string filter)
    {
        lock (_gate) _filters.Remove(filter);
    }

    public Task ConnectAsync(CancellationToken cancellationToken) => inner.ConnectAsync(cancellationToken);

    public Task DisconnectAsync(CancellationToken cancellationToken) => inner.DisconnectAsync(cancellationToken);

    public void ResetStatistics() => inner.ResetStatistics();

    public async Task<MqttPacket?> ReceivePacketAsync(CancellationToken cancellationToken)
    {
        if (_answers.TryDequeue(out var answer)) return answer;
        MqttPacket? packet;
        try
        {
            packet = await inner.ReceivePacketAsync(cancellationToken);
        }
        catch (Exception e) when (
            channel.WasTooLong && (e is MqttProtocolViolationException or MqttCommunicationException))
        {
            BrokerMessages.CountRefused("packet_too_large");
            BrokerLog.TooLong(logger, Name, $"{RemoteEndPoint}", channel.MaxBodyBytes);
            return await EndAsync(MqttDisconnectReasonCode.PacketTooLarge, cancellationToken);
        }
        catch (MqttProtocolViolationException e)
        {
            BrokerMessages.CountRefused("malformed");
            BrokerLog.Refused(logger, Name, $"{RemoteEndPoint}", $"what it sends is not MQTT: {e.Message}");
            return await EndAsync(MqttDisconnectReasonCode.MalformedPacket, cancellationToken);
        }

        switch (packet)
        {
            case MqttConnectPacket connect:
                Prepare(connect);
                break;
            case MqttPubAckPacket acknowledged:
                Acknowledge(acknowledged.PacketIdentifier);
                break;
            case MqttPubCompPacket completed:
                Acknowledge(completed.PacketIdentifier);
                break;
            case MqttSubscribePacket subscribe:
                // The server takes filters by quality and answers in that order, not in the client's (§3.9.3).
                _filterOrders.Enqueue([.. subscribe.TopicFilters.Select((filter, at) => (filter, at))
                    .OrderByDescending(each => each.filter.QualityOfServiceLevel).Select(each => each.at)]);
                break;
            // Nobody was offered any (MQTT 5 §3.2.2.3.8), and the server would remember 65,535 names for each client.
            case MqttPublishPacket { TopicAlias: > 0 }:
                return await EndAsync(MqttDisconnectReasonCode.TopicAliasInvalid, cancellationToken);
            // To the server this is a good end, which publishes no will; but the client asks for it (§3.14.2.1).
            case MqttDisconnectPacket { ReasonCode: MqttDisconnectReasonCode.DisconnectWithWillMessage }:
                return null;
            // What was granted to its greeting counts, and no more.
            case MqttDisconnectPacket end:
                end.SessionExpiryInterval = 0;
                break;
        }

        return packet;
    }

    public async Task SendPacketAsync(MqttPacket packet, CancellationToken cancellationToken)
    {
        switch (packet)
        {
            case MqttConnAckPacket { ReasonCode: MqttConnectReasonCode.Success } accepted:
                channel.MaxBodyBytes = BrokerLimits.PacketBytes;
                accepted.AssignedClientIdentifier = _wasNamedHere ? _connect!.ClientId : null;
                accepted.MaximumPacketSize = BrokerLimits.PacketBytes;
                accepted.TopicAliasMaximum = 0;
                accepted.SessionExpiryInterval = (uint)_session.TotalSeconds;
                break;
            case MqttSubAckPacket granted when _filterOrders.TryDequeue(out var order):
                granted.ReasonCodes =
                    [.. order.Zip(granted.ReasonCodes).OrderBy(each => each.First).Select(each => each.Second)];
                break;
            case MqttPublishPacket message:
                await SendAsync(message, cancellationToken);
                return;
        }

        await inner.SendPacketAsync(packet, cancellationToken);
    }

    public void Dispose() => inner.Dispose();

    private string Name => BrokerLog.Plain(_connect?.ClientId);

    private void Prepare(MqttConnectPacket connect)
    {
        _connect = connect;
        var version = PacketFormatterAdapter.ProtocolVersion;
        // Version 3.1.1 allows a client without an id a clean session alone (MQTT-3.1.3-8), 3.1 none at all.
        var mayBeNamedHere = version == MqttProtocolVersion.V500
            || (version == MqttProtocolVersion.V311 && connect.CleanSession);
        if (string.IsNullOrEmpty(connect.ClientId) && mayBeNamedHere)
            (connect.ClientId, _wasNamedHere) = ($"auto-{Guid.NewGuid():N}", true);
    }

    private async Task SendAsync(MqttPublishPacket message, CancellationToken cancellationToken)
    {
        if (message.UserProperties is DatedProperties dated)
        {
            var left = dated.Over - clock.Monotonic;
            if (left <= TimeSpan.Zero)
            {
                Drop(message, "expired");
                return;
            }

            message.MessageExpiryInterval = (uint)Math.Ceiling(left.TotalSeconds);
        }

        var size = BrokerMessages.Size(message);
        if (_connect!.MaximumPacketSize is > 0 and var most && size > most)
        {
            Drop(message, "too_large");
            return;
        }

        var isAcknowledged = message.QualityOfServiceLevel > MqttQualityOfServiceLevel.AtMostOnce;
        if (isAcknowledged) lock (_gate) _unacknowledged[message.PacketIdentifier] = size;
        try
        {
            await inner.SendPacketAsync(message, cancellationToken);
        }
        finally
        {
            if (!isAcknowledged) Settle(size);
        }
    }

    private void Acknowledge(ushort id)
    {
        lock (_gate)
        {
            if (_unacknowledged.Remove(id, out var bytes)) Settle(bytes);
        }
    }

    private void Settle(long bytes)
    {
        lock (_gate)
        {
            _held--;
            _heldBytes -= bytes;
        }
    }

    private async Task<MqttPacket?> EndAsync(MqttDisconnectReasonCode reason, CancellationToken cancellationToken)
    {
        if (_connect is not null && PacketFormatterAdapter.ProtocolVersion == MqttProtocolVersion.V500)
            await inner.SendPacketAsync(new MqttDisconnectPacket { ReasonCode = reason }, cancellationToken);
        return null;
    }
}
