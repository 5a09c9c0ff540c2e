using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using MQTTnet.Exceptions;

namespace EdgePerception.Runtime.Messaging.Transports.Mqtt;

/// <summary>The broker does not want this connection; the message is its reason.</summary>
internal class MqttRefusedException(string reason, bool takenOver = false) : Exception(reason)
{
    /// <summary>Whether it says that another client took the session over.</summary>
    public bool TakenOver => takenOver;
}

/// <summary>The broker does not speak the version of the greeting; the message is for when it speaks no other either.</summary>
internal sealed class MqttVersionRefusedException() : MqttRefusedException("the broker speaks neither MQTT 5 nor 3.1.1");

/// <summary>Puts in words why a connection failed.</summary>
internal static class MqttFault
{
    // What TLS makes of one who hangs up on its greeting, or answers in another language.
    private static readonly string[] InTheClear =
        ["unexpected EOF", "corrupted frame", "wrong version number", "packet length too long"];

    /// <summary>How far a connection had come when it failed.</summary>
    public enum Stage
    {
        /// <summary>Nobody has taken the connection yet, or TLS is not agreed on.</summary>
        Connecting,

        /// <summary>The greeting is out, and the broker has not answered it.</summary>
        Greeting,

        /// <summary>Packets flow.</summary>
        Serving,
    }

    /// <summary>What went wrong, one line without an end.</summary>
    /// <param name="exception">What ended it.</param>
    /// <param name="stage">When.</param>
    /// <param name="options">Where to, and how.</param>
    /// <param name="certificate">Why the broker's certificate was refused, where it was.</param>
    public static string Describe(Exception exception, Stage stage, MqttOptions options, string? certificate)
    {
        if (certificate is not null) return certificate;
        if (exception is MqttRefusedException or TimeoutException) return exception.Message;
        if (exception is AuthenticationException) return NoTls(exception, options);
        if (stage == Stage.Connecting && exception is SocketException unreachable) return Words(unreachable);
        var reason = exception switch
        {
            EndOfStreamException => exception.Message,
            _ when Socket(exception) is { } socket => Words(socket),
            _ when TlsAlert(exception) is { } alert => $"the connection was lost: {alert}",
            MqttProtocolViolationException => $"what came is not MQTT ({exception.Message.TrimEnd('.')})",
            IOException => "the connection was lost",
            _ => $"what came is not MQTT ({exception.GetType().Name})",
        };
        return stage == Stage.Serving ? reason : Unanswered(reason, options);
    }

    /// <summary>What is said when a connection ends before the broker has answered the greeting.</summary>
    public static string Unanswered(string reason, MqttOptions options)
    {
        var doubt = !options.Tls ? ", and one without TLS"
            : options.TlsCertFile.Length > 0 ? ""
            : ", and does it ask for a certificate of this device (mqtt.tlsCertFile)";
        return $"{reason}, before the broker answered; is that port an MQTT broker's{doubt}?";
    }

    /// <summary>MQTTnet's name of a reason code in words: <c>BadUserNameOrPassword</c> is "Bad user name or password".</summary>
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
        return $"{text} ({new string([.. broker.Where(letter => !char.IsControl(letter)).Take(200)])})";
    }

    private static string NoTls(Exception exception, MqttOptions options)
    {
        var words = exception.GetBaseException().Message;
        if (Socket(exception) is not null || Array.Exists(InTheClear, sign => words.Contains(sign, StringComparison.OrdinalIgnoreCase)))
            return $"no TLS at port {options.Port}: what answers there does not encrypt, and mqtt.tls asks for it";
        return $"TLS failed: {Short(words)}";
    }

    private static string? TlsAlert(Exception exception) =>
        exception is IOException { InnerException: not null and not SocketException } ? Short(exception.GetBaseException().Message) : null;

    // OpenSSL: "error:0A00045C:SSL routines::tlsv13 alert certificate required"; what is behind the last colon is for people.
    private static string Short(string words) => words[(words.LastIndexOf(':') + 1)..].Trim().TrimEnd('.');

    private static string Words(SocketException exception) => new SocketException((int)exception.SocketErrorCode).Message;

    private static SocketException? Socket(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is SocketException socket) return socket;
        }

        return null;
    }
}
