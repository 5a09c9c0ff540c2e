using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Drawing;

/// <summary>What is said of images of grounded commands.</summary>
internal static partial class DrawingLog
{
    [LoggerMessage(EventId = 5010, EventName = "PictureFailed", Level = LogLevel.Warning,
        Message = "The picture of command {Id} was not kept; others that fail alike are only counted: {Reason}")]
    public static partial void PictureFailed(ILogger logger, string id, string reason);

    [LoggerMessage(EventId = 5016, EventName = "PicturesRemoved", Level = LogLevel.Information,
        Message = "The pictures folder is full ({Count} pictures, {Megabytes:0.0} MB); the oldest make room now")]
    public static partial void PicturesRemoved(ILogger logger, int count, double megabytes);
}
