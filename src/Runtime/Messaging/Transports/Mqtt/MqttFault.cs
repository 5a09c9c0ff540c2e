using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using MQTTnet.Exceptions;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace EdgePerception.Runtime.Messaging.Transports.Mqtt;

/// <summary>There is no connection, or none any more; the message says why, for people.</summary>
internal class MqttRefusedException(string reason, MqttEnd end = MqttEnd.Unexplained) : Exception(reason)
{
    /// <summary>What the broker says of it.</summary>
    public MqttEnd End => end;
}

/// <summary>
/// The broker does not speak the version of the greeting; the message is for when it speaks no other either.
/// </summary>
internal sealed class MqttVersionRefusedException()
    : MqttRefusedException("the broker speaks neither MQTT 5 nor 3.1.1");

/// <summary>The peer hung up on the greeting.</summary>
internal sealed class MqttHungUpException(string reason) : MqttRefusedException(reason);

/// <summary>Puts in words why a connection failed.</summary>
internal static class MqttFault
{
    // What TLS makes of one who hangs up on its greeting, or answers in another language.
    private static readonly string[] InTheClear =
        ["unexpected EOF", "corrupted frame", "wrong version number", "packet length too long"];

    /// <summary>What ended a connection that stood, one line without an end.</summary>
    public static string Describe(Exception exception) => exception switch
    {
        MqttRefusedException or MessagingException or TimeoutException or EndOfStreamException => exception.Message,
        _ when Socket(exception) is { } socket => Words(socket),
        _ when TlsAlert(exception) is { } alert => $"the connection was lost: {alert}",
        MqttProtocolViolationException => $"what came is not MQTT ({exception.Message.TrimEnd('.')})",
        IOException => "the connection was lost",
        _ => $"what came is not MQTT ({exception.GetType().Name})",
    };

    /// <summary>Why a connection did not come to stand, one line without an end.</summary>
    /// <param name="exception">What ended it.</param>
    /// <param name="isGreeted">Whether it was made, and the greeting is out.</param>
    /// <param name="options">Where to, and how.</param>
    public static string DescribeStart(Exception exception, bool isGreeted, MqttSettings options)
    {
        if (exception is AuthenticationException) return NoTls(exception, options);
        var reason = Describe(exception);
        if (!isGreeted || exception is MessagingException or TimeoutException) return reason;
        var doubt = !options.Tls ? "without TLS"
            : options.TlsCertFile.Length > 0 ? "and whether it trusts this device's certificate (mqtt.tlsCertFile)"
            : "and whether it asks for a certificate of this device (mqtt.tlsCertFile)";
        return $"{reason}, before the broker answered; check that this port is an MQTT broker's, {doubt}";
    }

    /// <summary>That the broker ended the connection, with its reason.</summary>
    public static MqttRefusedException Ended(MqttDisconnectPacket packet)
    {
        var reason = Reason(packet.ReasonCode, (int)packet.ReasonCode, packet.ReasonString);
        return new MqttRefusedException($"the broker ended the connection: {reason}", packet.ReasonCode switch
        {
            MqttDisconnectReasonCode.SessionTakenOver => MqttEnd.TakenOver,
            MqttDisconnectReasonCode.NormalDisconnection => MqttEnd.Unexplained,
            _ => MqttEnd.Explained,
        });
    }

    /// <summary>
    /// MQTTnet's name of a reason code in words: <c>BadUserNameOrPassword</c> is "Bad user name or password".
    /// </summary>
    /// <param name="code">The code, or one that has no name.</param>
    /// <param name="number">Its number.</param>
    /// <param name="broker">What the broker adds, from outside and so cleaned and cut.</param>
    public static string Reason(Enum code, int number, string? broker)
    {
        var name = code.ToString();
        var words = new StringBuilder();
        foreach (var letter in name)
        {
            if (words.Length > 0 && char.IsUpper(letter)) words.Append(' ');
            words.Append(words.Length > 0 ? char.ToLowerInvariant(letter) : letter);
        }

        var text = char.IsAsciiDigit(name[0]) ? $"reason {number}" : words.ToString();
        if (string.IsNullOrWhiteSpace(broker)) return text;
        return $"{text} ({Clean(broker, most: 200)})";
    }

    /// <summary>Words of somebody else's, without what is no letter of a line, and no longer than so many.</summary>
    public static string Clean(string words, int most) =>
        new([.. words.Where(letter => !char.IsControl(letter)).Take(most)]);

    /// <summary>Whether the peer has ended the connection while something was sent to it.</summary>
    public static bool IsHangUp(Exception exception) =>
        exception is SocketException or IOException { InnerException: SocketException };

    private static string NoTls(Exception exception, MqttSettings options)
    {
        var words = exception.GetBaseException().Message;
        if (Socket(exception) is not null
            || Array.Exists(InTheClear, sign => words.Contains(sign, StringComparison.OrdinalIgnoreCase)))
            return $"no TLS at port {options.Port}: what answers there does not encrypt, and mqtt.tls asks for it";
        return $"TLS failed: {Short(words)}";
    }

    private static string? TlsAlert(Exception exception) =>
        exception is IOException { InnerException: not null and not SocketException }
            ? Short(exception.GetBaseException().Message)
            : null;

    // OpenSSL: "error:0A00045C:SSL routines::tlsv13 alert certificate required"; what is behind the last colon is for
    // people.
    private static string Short(string words) => words[(words.LastIndexOf(':') + 1)..].Trim().TrimEnd('.');

    private static string Words(SocketException exception) =>
        new SocketException((int)exception.SocketErrorCode).Message;

    private static SocketException? Socket(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is SocketException socket) return socket;
        }

        return null;
    }
}
