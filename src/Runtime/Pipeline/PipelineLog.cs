using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Pipeline;

/// <summary>What the service says of itself. What happens per frame is a metric, not a line.</summary>
internal static partial class PipelineLog
{
    [LoggerMessage(EventId = 5000, EventName = "ModelReady", Level = LogLevel.Information,
        Message = "Model {Model} runs on {Provider}")]
    public static partial void ModelReady(ILogger logger, string model, string provider);

    [LoggerMessage(EventId = 5001, EventName = "ProviderMissing", Level = LogLevel.Information,
        Message = "Model {Model} could run faster; missing here: {Missing}")]
    public static partial void ProviderMissing(ILogger logger, string model, string missing);

    [LoggerMessage(EventId = 5002, EventName = "TickFailed", Level = LogLevel.Warning,
        Message = "Tick dropped, {Count} in a row: {Reason}")]
    public static partial void TickFailed(ILogger logger, int count, string reason);

    [LoggerMessage(EventId = 5003, EventName = "TickOverdue", Level = LogLevel.Error,
        Message = "A tick is at work for {Milliseconds} ms; its model run is being ended")]
    public static partial void TickOverdue(ILogger logger, int milliseconds);

    [LoggerMessage(EventId = 5004, EventName = "SafetyChanged", Level = LogLevel.Warning,
        Message = "Safety: {Level}, {Cause}")]
    public static partial void SafetyChanged(ILogger logger, string level, string cause);

    [LoggerMessage(EventId = 5005, EventName = "CommandAnswered", Level = LogLevel.Information,
        Message = "Command {Id} \"{Text}\": {Outcome} {Action} {Target}")]
    public static partial void CommandAnswered(ILogger logger, string id, string text, string outcome, string action, string target);

    [LoggerMessage(EventId = 5006, EventName = "TopicWithoutUse", Level = LogLevel.Warning,
        Message = "A message on '{Topic}' is not used: this device has no speech recognizer")]
    public static partial void TopicWithoutUse(ILogger logger, string topic);

    [LoggerMessage(EventId = 5007, EventName = "LoopStuck", Level = LogLevel.Error,
        Message = "The loop did not end in time and is left to the operating system")]
    public static partial void LoopStuck(ILogger logger);

    [LoggerMessage(EventId = 5008, EventName = "LoopFailed", Level = LogLevel.Critical,
        Message = "The loop ended by a fault of its own: {Reason}")]
    public static partial void LoopFailed(ILogger logger, Exception exception, string reason);

    [LoggerMessage(EventId = 5009, EventName = "ControllerAnswered", Level = LogLevel.Information,
        Message = "Controller {Controller}: action {Action} {Answer} {Detail}")]
    public static partial void ControllerAnswered(ILogger logger, string controller, string action, string answer, string detail);

    [LoggerMessage(EventId = 5011, EventName = "Status", Message = "{Line}")]
    public static partial void Status(ILogger logger, LogLevel level, string line);

    [LoggerMessage(EventId = 5012, EventName = "TickBroken", Level = LogLevel.Error,
        Message = "Tick dropped, {Count} in a row: {Reason}")]
    public static partial void TickBroken(ILogger logger, Exception exception, int count, string reason);

    [LoggerMessage(EventId = 5013, EventName = "CommandBroken", Level = LogLevel.Error,
        Message = "Command {Id} is refused for an internal error in stage {Stage}")]
    public static partial void CommandBroken(ILogger logger, Exception exception, string id, string stage);

    [LoggerMessage(EventId = 5014, EventName = "CommandsBroken", Level = LogLevel.Error,
        Message = "All commands that wait are refused: after a tick that was dropped stage {Stage} failed again")]
    public static partial void CommandsBroken(ILogger logger, Exception exception, string stage);

    [LoggerMessage(EventId = 5015, EventName = "HealthFailed", Level = LogLevel.Error,
        Message = "The service could not be looked at; health and stats are left out this time")]
    public static partial void HealthFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 5017, EventName = "GroundingLimited", Level = LogLevel.Warning,
        Message = "Commands are grounded by {Trouble}")]
    public static partial void GroundingLimited(ILogger logger, string trouble);

    [LoggerMessage(EventId = 5020, EventName = "ModelAccepted", Level = LogLevel.Information,
        Message = "New version goes live: {Model}; {Reason}")]
    public static partial void ModelAccepted(ILogger logger, string model, string reason);

    [LoggerMessage(EventId = 5022, EventName = "ModelWaits", Level = LogLevel.Information,
        Message = "New version waits, the one at work stays meanwhile: {Model}, {What}")]
    public static partial void ModelWaits(ILogger logger, string model, string what);

    [LoggerMessage(EventId = 5021, EventName = "ModelRefused", Level = LogLevel.Warning,
        Message = "New version refused, the one at work stays: {Reason}")]
    public static partial void ModelRefused(ILogger logger, string reason);

    [LoggerMessage(EventId = 5010, EventName = "PictureFailed", Level = LogLevel.Warning,
        Message = "The picture of command {Id} was not kept; others that fail alike are only counted: {Reason}")]
    public static partial void PictureFailed(ILogger logger, string id, string reason);

    [LoggerMessage(EventId = 5016, EventName = "PicturesRemoved", Level = LogLevel.Information,
        Message = "The pictures folder is full ({Count} pictures, {Megabytes:0.0} MB); the oldest make room now")]
    public static partial void PicturesRemoved(ILogger logger, int count, double megabytes);

    [LoggerMessage(EventId = 5030, EventName = "EngineBuildStarted", Level = LogLevel.Information,
        Message = "The TensorRT engine of model {Model} is being built in {Folder}; it takes {Expected}, and another provider serves meanwhile")]
    public static partial void EngineBuildStarted(ILogger logger, string model, string expected, string folder);

    [LoggerMessage(EventId = 5031, EventName = "EngineProgress", Level = LogLevel.Information,
        Message = "The TensorRT engine of model {Model}: {Status}")]
    public static partial void EngineProgress(ILogger logger, string model, string status);

    [LoggerMessage(EventId = 5032, EventName = "EngineBuilt", Level = LogLevel.Information,
        Message = "The TensorRT engine of model {Model} was built in {Seconds:0} s: {Outcome}")]
    public static partial void EngineBuilt(ILogger logger, string model, double seconds, string outcome);

    [LoggerMessage(EventId = 5033, EventName = "EngineFailed", Level = LogLevel.Warning,
        Message = "The TensorRT engine of model {Model} could not be built ({Seconds:0} s): {Reason}; the provider at work stays, and the next start tries again")]
    public static partial void EngineFailed(ILogger logger, string model, double seconds, string reason);
}
