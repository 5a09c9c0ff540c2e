using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Models;

/// <summary>What is said of new versions of the model and of its engines.</summary>
internal static partial class ModelsLog
{
    [LoggerMessage(EventId = 5020, EventName = "ModelAccepted", Level = LogLevel.Information,
        Message = "New version goes live: {Model}; {Reason}")]
    public static partial void ModelAccepted(ILogger logger, string model, string reason);

    [LoggerMessage(EventId = 5021, EventName = "ModelRefused", Level = LogLevel.Warning,
        Message = "New version refused, the one at work stays: {Reason}")]
    public static partial void ModelRefused(ILogger logger, string reason);

    [LoggerMessage(EventId = 5022, EventName = "ModelWaits", Level = LogLevel.Information,
        Message = "New version waits, the one at work stays meanwhile: {Model}, {What}")]
    public static partial void ModelWaits(ILogger logger, string model, string what);

    [LoggerMessage(EventId = 5030, EventName = "EngineBuildStarted", Level = LogLevel.Information,
        Message = "The TensorRT engine of model {Model} is being built in {Folder}; it takes {Expected}, and another "
            + "provider serves meanwhile")]
    public static partial void EngineBuildStarted(ILogger logger, string model, string expected, string folder);

    [LoggerMessage(EventId = 5031, EventName = "EngineProgress", Level = LogLevel.Information,
        Message = "The TensorRT engine of model {Model}: {Status}")]
    public static partial void EngineProgress(ILogger logger, string model, string status);

    [LoggerMessage(EventId = 5032, EventName = "EngineBuilt", Level = LogLevel.Information,
        Message = "The TensorRT engine of model {Model} was built in {Seconds:0} s: {Outcome}")]
    public static partial void EngineBuilt(ILogger logger, string model, double seconds, string outcome);

    [LoggerMessage(EventId = 5033, EventName = "EngineFailed", Level = LogLevel.Warning,
        Message = "The TensorRT engine of model {Model} could not be built ({Seconds:0} s): {Reason}; the provider at "
            + "work stays, and the next start tries again")]
    public static partial void EngineFailed(ILogger logger, string model, double seconds, string reason);
}
