using System.Runtime.InteropServices;

namespace EdgePerception.Runtime.Messaging.Transports.Mqtt;

/// <summary>
/// Puts in words why a connection failed. The library's own words are poor: "Success" where the broker hung up in the
/// middle of a packet, "Unknown error" for a silent one, "A TLS error occurred" for everything about certificates,
/// whose reason it only logs.
/// </summary>
internal static class MqttFault
{
    private const int TryAgain = 11;

    // What OpenSSL makes of one who hangs up on its greeting, or answers in another language.
    private static readonly string[] InTheClear = ["unexpected eof", "wrong version number", "packet length too long"];

    /// <summary>What went wrong, or null when nothing did.</summary>
    /// <param name="error">The library's error.</param>
    /// <param name="errno">The system's, where the library's refers to it.</param>
    /// <param name="logged">What the library logged as an error since the attempt to connect, newest last.</param>
    /// <param name="answered">Whether the broker had answered the connection before.</param>
    /// <param name="options">Where to, and how.</param>
    public static string? Describe(int error, int errno, string logged, bool answered, MqttOptions options)
    {
        if (error == LibMosquitto.Success) return null;
        if (error == LibMosquitto.KeepAlive)
            return $"the broker has not answered for {options.KeepAliveS} s; it or the network hangs";
        var reason = error switch
        {
            LibMosquitto.Tls or LibMosquitto.ConnectionLost => "the connection was lost" + Detail(logged),
            // What a read that ends within a packet leaves: no error of the system's, or a stale one.
            LibMosquitto.Errno when errno is 0 or TryAgain => "the connection was closed in the middle of a packet",
            LibMosquitto.Errno => Marshal.GetPInvokeErrorMessage(errno),
            // Bytes that the library cannot read it reports as whatever broke first, want of memory included.
            _ => answered ? Library(error) : "what came is not MQTT version 5",
        };
        if (answered) return reason;
        if (error == LibMosquitto.Tls) return Greeting(logged, options);
        var doubt = !options.Tls ? ", and one without TLS"
            : options.TlsCertFile.Length > 0 ? ""
            : ", and does it ask for a certificate of this device (mqtt.tlsCertFile)";
        return $"{reason}, before the broker answered; is that port an MQTT 5 broker's{doubt}?";
    }

    /// <summary>The library's own words for one of its errors.</summary>
    public static unsafe string Library(int error)
    {
        var text = LibMosquitto.Text(LibMosquitto.ErrorText(error)).TrimEnd('.');
        return text.StartsWith("Unknown error", StringComparison.Ordinal) ? $"error {error} of libmosquitto" : text;
    }

    private static string Greeting(string logged, MqttOptions options)
    {
        var authority = options.TlsCaFile.Length > 0 ? options.TlsCaFile : "the system's authorities";
        if (Has(logged, "host name verification failed"))
            return $"the broker's certificate is not for the host '{options.Host}'";
        if (Has(logged, "certificate verify failed"))
        {
            return $"the broker's certificate is not trusted: {authority} did not sign it, or it is not valid at this"
                + " machine's time";
        }

        if (logged.Length == 0 || Array.Exists(InTheClear, words => Has(logged, words)))
            return $"no TLS at port {options.Port}: what answers there does not encrypt, and mqtt.tls asks for it";
        return "TLS failed" + Detail(logged);
    }

    // "Error: Unable to load client key file." in the library's words, or, where it has none, the end of OpenSSL's:
    // "OpenSSL Error[0]: error:0A00045C:SSL routines::tlsv13 alert certificate required".
    private static string Detail(string logged)
    {
        const string Own = "Error: ";
        var lines = logged.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines.Length == 0) return "";
        var own = Array.Find(lines, line => line.StartsWith(Own, StringComparison.Ordinal));
        var words = own is null ? lines[^1][(lines[^1].LastIndexOf(':') + 1)..] : own[Own.Length..];
        return $": {words.Trim().TrimEnd('.')}";
    }

    private static bool Has(string logged, string words) => logged.Contains(words, StringComparison.OrdinalIgnoreCase);
}
