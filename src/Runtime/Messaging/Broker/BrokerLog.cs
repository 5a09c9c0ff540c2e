using Microsoft.Extensions.Logging;
using MQTTnet.Diagnostics.Logger;

namespace EdgePerception.Runtime.Messaging.Broker;

/// <summary>What the embedded broker says. What happens per message is a counter, not a line.</summary>
internal static partial class BrokerLog
{
    private const int Longest = 64;

    [LoggerMessage(EventId = 4020, EventName = "BrokerListens", Level = LogLevel.Information,
        Message = "The embedded broker listens at {Address}{Protection}")]
    public static partial void Listens(ILogger logger, string address, string protection);

    [LoggerMessage(EventId = 4021, EventName = "BrokerClientRefused", Level = LogLevel.Warning,
        Message = "The embedded broker refuses client {Client} at {Address}: {Reason}")]
    public static partial void Refused(ILogger logger, string client, string address, string reason);

    [LoggerMessage(EventId = 4022, EventName = "BrokerPacketTooLong", Level = LogLevel.Warning,
        Message = "The embedded broker ends the connection of client {Client} at {Address}: "
            + "a packet of more than {Bytes} bytes")]
    public static partial void TooLong(ILogger logger, string client, string address, int bytes);

    [LoggerMessage(EventId = 4023, EventName = "BrokerKeepsNoSession", Level = LogLevel.Information,
        Message = "Client {Client} asks for a session that outlives its connection; the embedded broker keeps as many "
            + "as it takes already, so what is sent while it is away is lost to it")]
    public static partial void NoSession(ILogger logger, string client);

    [LoggerMessage(EventId = 4024, EventName = "BrokerFull", Level = LogLevel.Warning,
        Message = "The embedded broker refuses a connection: {Most} are open already")]
    public static partial void Full(ILogger logger, int most);

    [LoggerMessage(EventId = 4025, EventName = "BrokerRetainsNoMore", Level = LogLevel.Warning,
        Message = "The embedded broker refuses a retained message of client {Client}: it keeps at most {Topics} topics "
            + "and {Bytes} bytes")]
    public static partial void RetainsNoMore(ILogger logger, string client, int topics, long bytes);

    [LoggerMessage(EventId = 4026, EventName = "BrokerAcceptFailed", Level = LogLevel.Error,
        Message = "The embedded broker cannot take a connection and tries again in a second: {Reason}")]
    public static partial void AcceptFailed(ILogger logger, string reason);

    [LoggerMessage(EventId = 4027, EventName = "BrokerTlsFailed", Level = LogLevel.Warning,
        Message = "The embedded broker: no TLS with {Address}: {Reason}")]
    public static partial void TlsFailed(ILogger logger, string address, string reason);

    [LoggerMessage(EventId = 4028, EventName = "BrokerLibrary", Level = LogLevel.Debug,
        Message = "The embedded broker: {Text}")]
    private static partial void Library(ILogger logger, Exception? exception, string text);

    /// <summary>A client's own words, fit for a line of the log.</summary>
    public static string Plain(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "without an id";
        var most = text.Length <= Longest ? text : string.Concat(text.AsSpan(0, Longest), "…");
        return string.Concat(most.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
    }

    /// <summary>MQTTnet's own log, of which warnings and errors are worth something to who looks for a fault.</summary>
    internal sealed class Bridge(ILogger logger) : IMqttNetLogger
    {
        public bool IsEnabled => logger.IsEnabled(LogLevel.Debug);

        public void Publish(
            MqttNetLogLevel level, string source, string message, object[]? parameters, Exception? exception)
        {
            if (level < MqttNetLogLevel.Warning || !IsEnabled) return;
            var text = parameters is { Length: > 0 } ? string.Format(null, message, parameters) : message;
            Library(logger, exception, string.Concat(text.Select(c => char.IsControl(c) ? '?' : c)));
        }
    }
}
