using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Gateway;

/// <summary>What the door of commands says.</summary>
internal static partial class GatewayLog
{
    [LoggerMessage(EventId = 5006, EventName = "TopicWithoutUse", Level = LogLevel.Warning,
        Message = "A message on '{Topic}' is not used: this device has no speech recognizer")]
    public static partial void TopicWithoutUse(ILogger logger, string topic);
}
