using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace EdgePerception.Runtime.Messaging.Transports.Mqtt;

/// <summary>What a broker grants with its answer to the greeting.</summary>
/// <param name="InFlight">Events that it may owe an acknowledgement for at once.</param>
/// <param name="MaxPacketBytes">Longest packet that it takes.</param>
/// <param name="MaxQuality">Highest quality of service that it offers.</param>
/// <param name="Retains">Whether it keeps retained messages.</param>
/// <param name="KeepAlive">How long it may hear nothing of us.</param>
internal sealed record MqttTerms(
    int InFlight, uint MaxPacketBytes, MqttQualityOfServiceLevel MaxQuality, bool Retains, TimeSpan KeepAlive);

/// <summary>
/// The greeting (MQTT 5 §3.1 and §3.2, 3.1.1 likewise). The clean start is on purpose: commands that a session kept for
/// an absent robot would all be stale. Halts would not, and so have a session of their own.
/// </summary>
internal static class MqttHandshake
{
    // What a broker of version 3.1.1 answers to a greeting of version 5 (3.1.1 §3.2.2.3), in place of 0x84.
    private const int UnacceptableVersion = 1;

    /// <summary>What topic <c>available</c> says of a device that is gone.</summary>
    public static readonly byte[] Offline = [.. "offline"u8];

    /// <summary>Greets the broker and reads its answer.</summary>
    /// <exception cref="MqttRefusedException">It does not want us.</exception>
    /// <exception cref="MqttVersionRefusedException">It does not speak this version.</exception>
    public static MqttTerms Greet(
        MqttConnection connection, MqttSettings options, MqttProtocolVersion version, MqttRole role)
    {
        connection.Send(Greeting(options, role));
        return connection.Receive(out _) switch
        {
            MqttConnAckPacket answer => Terms(answer, options, version),
            MqttDisconnectPacket end => throw MqttFault.Ended(end),
            null => throw new EndOfStreamException("the connection was closed"),
            var other => throw new MqttProtocolViolationException($"{other.GetType().Name} in place of CONNACK"),
        };
    }

    private static MqttConnectPacket Greeting(MqttSettings options, MqttRole role)
    {
        var packet = new MqttConnectPacket
        {
            ClientId = options.EffectiveClientId,
            CleanSession = role.Session == TimeSpan.Zero,
            SessionExpiryInterval = (uint)role.Session.TotalSeconds,
            KeepAlivePeriod = (ushort)options.KeepAliveS,
            // A broker drops what is longer, and no halt is to be dropped.
            MaximumPacketSize = role.Probe is null ? (uint)options.MaxInboundBytes : 0,
            RequestProblemInformation = true,
        };
        if (options.Username.Length > 0)
        {
            packet.Username = options.Username;
            if (options.ReadPassword() is { } password) packet.Password = System.Text.Encoding.UTF8.GetBytes(password);
        }

        if (!role.IsDevice) return packet;
        packet.WillFlag = packet.WillRetain = true;
        packet.WillQoS = MqttQualityOfServiceLevel.AtLeastOnce;
        packet.WillTopic = options.TopicRoot + Topics.Available;
        packet.WillMessage = Offline;
        return packet;
    }

    private static MqttTerms Terms(MqttConnAckPacket answer, MqttSettings options, MqttProtocolVersion version)
    {
        var isNew = version == MqttProtocolVersion.V500;
        var reason = isNew ? answer.ReasonCode : Reason(answer.ReturnCode);
        if (reason == MqttConnectReasonCode.UnsupportedProtocolVersion || (isNew && (int)reason == UnacceptableVersion))
            throw new MqttVersionRefusedException();
        if (reason != MqttConnectReasonCode.Success)
            throw new MqttRefusedException(
                $"the broker refuses us: {MqttFault.Reason(reason, (int)reason, answer.ReasonString)}");
        var keepAlive = TimeSpan.FromSeconds(options.KeepAliveS);
        if (!isNew)
            return new MqttTerms(
                options.MaxInFlight, uint.MaxValue, MqttQualityOfServiceLevel.AtLeastOnce, true, keepAlive);
        var asked = answer.ServerKeepAlive > 0 ? TimeSpan.FromSeconds(answer.ServerKeepAlive) : keepAlive;
        return new MqttTerms(
            answer.ReceiveMaximum > 0 ? Math.Min(options.MaxInFlight, answer.ReceiveMaximum) : options.MaxInFlight,
            answer.MaximumPacketSize > 0 ? answer.MaximumPacketSize : uint.MaxValue,
            answer.MaximumQoS, answer.RetainAvailable, asked < keepAlive ? asked : keepAlive);
    }

    private static MqttConnectReasonCode Reason(MqttConnectReturnCode code) => code switch
    {
        MqttConnectReturnCode.ConnectionAccepted => MqttConnectReasonCode.Success,
        MqttConnectReturnCode.ConnectionRefusedUnacceptableProtocolVersion =>
            MqttConnectReasonCode.UnsupportedProtocolVersion,
        MqttConnectReturnCode.ConnectionRefusedIdentifierRejected => MqttConnectReasonCode.ClientIdentifierNotValid,
        MqttConnectReturnCode.ConnectionRefusedServerUnavailable => MqttConnectReasonCode.ServerUnavailable,
        MqttConnectReturnCode.ConnectionRefusedBadUsernameOrPassword => MqttConnectReasonCode.BadUserNameOrPassword,
        MqttConnectReturnCode.ConnectionRefusedNotAuthorized => MqttConnectReasonCode.NotAuthorized,
        _ => MqttConnectReasonCode.UnspecifiedError,
    };
}
