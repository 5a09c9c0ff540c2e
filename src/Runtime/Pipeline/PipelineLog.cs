using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Pipeline;

/// <summary>What the loop says. What happens per frame is a metric, not a line.</summary>
internal static partial class PipelineLog
{
    [LoggerMessage(EventId = 5002, EventName = "TickFailed", Level = LogLevel.Warning,
        Message = "Tick dropped, {Count} in a row: {Reason}")]
    public static partial void TickFailed(ILogger logger, int count, string reason);

    [LoggerMessage(EventId = 5012, EventName = "TickBroken", Level = LogLevel.Error,
        Message = "Tick dropped, {Count} in a row: {Reason}")]
    public static partial void TickBroken(ILogger logger, Exception exception, int count, string reason);

    [LoggerMessage(EventId = 5014, EventName = "CommandsBroken", Level = LogLevel.Error,
        Message = "All commands that wait are refused: after a tick that was dropped stage {Stage} failed again")]
    public static partial void CommandsBroken(ILogger logger, Exception exception, string stage);

    [LoggerMessage(EventId = 5005, EventName = "CommandAnswered", Level = LogLevel.Information,
        Message = "Command {Id} \"{Text}\": {Outcome} {Action} {Target}")]
    public static partial void CommandAnswered(
        ILogger logger, string id, string text, string outcome, string action, string target);

    [LoggerMessage(EventId = 5009, EventName = "MotionWithdrawn", Level = LogLevel.Information,
        Message = "Action {Action} of command {Command} is withdrawn by the stop {Stop}")]
    public static partial void MotionWithdrawn(ILogger logger, string action, string command, string stop);
}
