using Microsoft.Extensions.Logging;

namespace EdgePerception.Sensors.Diagnostics;

/// <summary>What the sensors log. Event ids 1000 to 1999 are theirs and stay; what happens per frame is a metric.</summary>
internal static partial class SensorLog
{
    [LoggerMessage(1000, LogLevel.Information, "Camera '{Camera}' is live: {Width}x{Height}")]
    public static partial void CameraLive(this ILogger logger, string camera, int width, int height);

    [LoggerMessage(1001, LogLevel.Warning, "Camera '{Camera}' stopped ({State}): {Reason}")]
    public static partial void CameraStopped(this ILogger logger, string camera, string state, string reason);

    [LoggerMessage(1002, LogLevel.Debug, "Camera '{Camera}' is still down after {Failures} attempts: {Reason}")]
    public static partial void CameraStillDown(this ILogger logger, string camera, int failures, string reason);

    [LoggerMessage(1003, LogLevel.Information, "Camera '{Camera}' has ended")]
    public static partial void CameraEnded(this ILogger logger, string camera);

    [LoggerMessage(1004, LogLevel.Error, "Camera '{Camera}' cannot go on: {Reason}")]
    public static partial void CameraFailedForGood(this ILogger logger, string camera, string reason);

    [LoggerMessage(1005, LogLevel.Error, "Camera '{Camera}' leaked: {Leases}")]
    public static partial void FramesLeaked(this ILogger logger, string camera, string leases);

    [LoggerMessage(1006, LogLevel.Error, "Camera '{Camera}': its capture thread did not stop in time and is left behind")]
    public static partial void CaptureThreadStuck(this ILogger logger, string camera);

    [LoggerMessage(1010, LogLevel.Warning, "Camera '{Camera}': {Message}")]
    public static partial void PipelineWarning(this ILogger logger, string camera, string message);
}
