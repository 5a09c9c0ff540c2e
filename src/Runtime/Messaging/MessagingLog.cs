using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Messaging;

/// <summary>What the transports say. What happens per message is a counter, not a line.</summary>
internal static partial class MessagingLog
{
    [LoggerMessage(EventId = 4000, EventName = "TransportConnected", Level = LogLevel.Information,
        Message = "{Transport} is connected: {Peer}")]
    public static partial void Connected(ILogger logger, string transport, string peer);

    [LoggerMessage(EventId = 4001, EventName = "TransportDown", Level = LogLevel.Warning,
        Message = "{Transport} has no connection to {Peer}: {Reason}. The service runs on and keeps trying; what does "
            + "not fit its queue is dropped and counted")]
    public static partial void Down(ILogger logger, string transport, string peer, string reason);

    [LoggerMessage(EventId = 4002, EventName = "TransportStillDown", Level = LogLevel.Debug,
        Message = "{Transport} still has no connection to {Peer}: {Reason}")]
    public static partial void StillDown(ILogger logger, string transport, string peer, string reason);

    [LoggerMessage(EventId = 4003, EventName = "SubscriptionDenied", Level = LogLevel.Warning,
        Message = "{Transport}: the broker at {Peer} denies a subscription; commands or halts will not arrive. Check "
            + "its access list")]
    public static partial void SubscriptionDenied(ILogger logger, string transport, string peer);

    [LoggerMessage(EventId = 4004, EventName = "HandlerFailed", Level = LogLevel.Error,
        Message = "{Transport}: the handler of {Topic} failed; the message is dropped")]
    public static partial void HandlerFailed(ILogger logger, Exception exception, string transport, string topic);

    [LoggerMessage(EventId = 4005, EventName = "TransportFailed", Level = LogLevel.Critical,
        Message = "{Transport} has ended by a fault of its own and sends nothing more")]
    public static partial void Failed(ILogger logger, Exception exception, string transport);

    [LoggerMessage(EventId = 4006, EventName = "ShutdownOverdue", Level = LogLevel.Warning,
        Message = "{Transport} did not end within {Milliseconds} ms and is left to the operating system")]
    public static partial void Overdue(ILogger logger, string transport, int milliseconds);

    [LoggerMessage(EventId = 4007, EventName = "SpeaksOldVersion", Level = LogLevel.Warning,
        Message = "{Transport}: the broker at {Peer} speaks MQTT 3.1.1 and nothing newer, and so do we: "
            + "what a device that died had said of its safety and health does not expire there, "
            + "and what the broker denies it denies without a word")]
    public static partial void SpeaksOldVersion(ILogger logger, string transport, string peer);

    [LoggerMessage(EventId = 4008, EventName = "StopsUnheard", Level = LogLevel.Warning,
        Message = "{Transport} at {Peer}: {Reason}")]
    public static partial void StopsUnheard(ILogger logger, string transport, string peer, string reason);

    [LoggerMessage(EventId = 4009, EventName = "StopsHeardAgain", Level = LogLevel.Information,
        Message = "{Transport} at {Peer}: stops arrive again")]
    public static partial void StopsHeardAgain(ILogger logger, string transport, string peer);

    [LoggerMessage(EventId = 4010, EventName = "ControllerRegistered", Level = LogLevel.Information,
        Message = "Controller {Controller} is registered; {Count} in all")]
    public static partial void ControllerRegistered(ILogger logger, string controller, int count);

    [LoggerMessage(EventId = 4011, EventName = "ControllerLost", Level = LogLevel.Warning,
        Message = "Controller {Controller} is forgotten: {Reason}; {Count} left")]
    public static partial void ControllerLost(ILogger logger, string controller, string reason, int count);

    [LoggerMessage(EventId = 4012, EventName = "ControllerRefused", Level = LogLevel.Warning,
        Message = "A controller is refused: {Reason}")]
    public static partial void ControllerRefused(ILogger logger, string reason);

    [LoggerMessage(EventId = 4013, EventName = "ControllerBehind", Level = LogLevel.Warning,
        Message = "Controller {Controller} does not read: its queue is full, "
            + "and actions to it are dropped until it does")]
    public static partial void ControllerBehind(ILogger logger, string controller);

    [LoggerMessage(EventId = 4016, EventName = "ConnectionRefused", Level = LogLevel.Warning,
        Message = "{Transport}: the connection of {Peer} is refused or ended: {Reason}")]
    public static partial void ConnectionRefused(ILogger logger, string transport, string peer, string reason);

    [LoggerMessage(EventId = 4014, EventName = "Encrypted", Level = LogLevel.Information,
        Message = "{Endpoint} is encrypted (CURVE). Clients need the server's public key: {PublicKey}")]
    public static partial void Encrypted(ILogger logger, string endpoint, string publicKey);

    [LoggerMessage(EventId = 4015, EventName = "WeakEncryption", Level = LogLevel.Warning, Message = "{Warning}")]
    public static partial void WeakEncryption(ILogger logger, string warning);
}
