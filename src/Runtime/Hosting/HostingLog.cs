using EdgePerception.Policy.Safety;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Hosting;

/// <summary>What the service says of its start, its end and its state.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(EventId = 5000, EventName = "ModelReady", Level = LogLevel.Information,
        Message = "Model {Model} runs on {Provider}")]
    public static partial void ModelReady(ILogger logger, string model, string provider);

    [LoggerMessage(EventId = 5001, EventName = "ProviderMissing", Level = LogLevel.Information,
        Message = "Model {Model} could run faster; missing here: {Missing}")]
    public static partial void ProviderMissing(ILogger logger, string model, string missing);

    [LoggerMessage(EventId = 5003, EventName = "TickOverdue", Level = LogLevel.Error,
        Message = "A tick is at work for {Milliseconds} ms; its model run is being ended")]
    public static partial void TickOverdue(ILogger logger, int milliseconds);

    [LoggerMessage(EventId = 5004, EventName = "SafetyChanged", Level = LogLevel.Warning,
        Message = "Safety: {Level}, {Cause}")]
    public static partial void SafetyChanged(ILogger logger, SafetyLevel level, string cause);

    [LoggerMessage(EventId = 5018, EventName = "SafetyChangesMissed", Level = LogLevel.Warning,
        Message = "Safety: {Count} changes came faster than they could be written down; now {Level}, {Cause}")]
    public static partial void SafetyChangesMissed(ILogger logger, long count, SafetyLevel level, string cause);

    [LoggerMessage(EventId = 5019, EventName = "SafetyUrgency", Level = LogLevel.Information,
        Message = "The safety thread runs with {Urgency}")]
    public static partial void SafetyUrgency(ILogger logger, string urgency);

    [LoggerMessage(EventId = 5051, EventName = "EndUnmarked", Level = LogLevel.Error,
        Message = "The next start will be halted: that this run ended in order could not be written down: {Reason}")]
    public static partial void EndUnmarked(ILogger logger, string reason);

    [LoggerMessage(EventId = 5007, EventName = "LoopStuck", Level = LogLevel.Error,
        Message = "The loop did not end in time and is left to the operating system")]
    public static partial void LoopStuck(ILogger logger);

    [LoggerMessage(EventId = 5008, EventName = "LoopFailed", Level = LogLevel.Critical,
        Message = "The loop ended by a fault of its own: {Reason}")]
    public static partial void LoopFailed(ILogger logger, Exception exception, string reason);

    [LoggerMessage(EventId = 5015, EventName = "HealthFailed", Level = LogLevel.Error,
        Message = "The service could not be looked at; health and stats are left out this time")]
    public static partial void HealthFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 5017, EventName = "GroundingLimited", Level = LogLevel.Warning,
        Message = "Commands are grounded by {Trouble}")]
    public static partial void GroundingLimited(ILogger logger, string trouble);

    [LoggerMessage(EventId = 5050, EventName = "StopUnacknowledged", Level = LogLevel.Warning,
        Message = "The service ends, and not every controller has acknowledged its stop within {Milliseconds} ms; "
            + "those that know permits stop by themselves")]
    public static partial void StopUnacknowledged(ILogger logger, int milliseconds);
}
