using Microsoft.Extensions.Logging;

namespace EdgePerception.Sensors.Diagnostics;

/// <summary>
/// What the sensors log. Event ids 1000 to 1999 are theirs and stay; what happens per frame is a metric.
/// </summary>
internal static partial class SensorLog
{
    [LoggerMessage(1000, LogLevel.Information, "Camera '{Camera}' is live: {Shape}")]
    public static partial void CameraLive(this ILogger logger, string camera, string shape);

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

    [LoggerMessage(
        1006, LogLevel.Error, "Camera '{Camera}': its capture thread did not stop in time and is left behind")]
    public static partial void CaptureThreadStuck(this ILogger logger, string camera);

    [LoggerMessage(1010, LogLevel.Warning, "Camera '{Camera}': {Message}")]
    public static partial void PipelineWarning(this ILogger logger, string camera, string message);

    [LoggerMessage(1020, LogLevel.Information, "Microphone '{Microphone}' is live: {Shape}")]
    public static partial void MicrophoneLive(this ILogger logger, string microphone, string shape);

    [LoggerMessage(1021, LogLevel.Warning, "Microphone '{Microphone}' stopped ({State}): {Reason}")]
    public static partial void MicrophoneStopped(this ILogger logger, string microphone, string state, string reason);

    [LoggerMessage(1022, LogLevel.Debug, "Microphone '{Microphone}' is still down after {Failures} attempts: {Reason}")]
    public static partial void MicrophoneStillDown(this ILogger logger, string microphone, int failures, string reason);

    [LoggerMessage(1023, LogLevel.Information, "Microphone '{Microphone}' has ended")]
    public static partial void MicrophoneEnded(this ILogger logger, string microphone);

    [LoggerMessage(1024, LogLevel.Error, "Microphone '{Microphone}' cannot go on: {Reason}")]
    public static partial void MicrophoneFailedForGood(this ILogger logger, string microphone, string reason);

    [LoggerMessage(
        1026, LogLevel.Error, "Microphone '{Microphone}': its thread did not stop in time and is left behind")]
    public static partial void MicrophoneThreadStuck(this ILogger logger, string microphone);

    [LoggerMessage(1030, LogLevel.Warning, "Microphone '{Microphone}': {Message}")]
    public static partial void MicrophoneWarning(this ILogger logger, string microphone, string message);

    /// <summary>Says that a source gives something.</summary>
    public static void Live(this ILogger logger, SourceKind kind, string name, string shape)
    {
        if (kind == SourceKind.Camera) logger.CameraLive(name, shape);
        else logger.MicrophoneLive(name, shape);
    }

    /// <summary>Says that a source stopped, for a new reason.</summary>
    public static void Stopped(this ILogger logger, SourceKind kind, string name, string state, string reason)
    {
        if (kind == SourceKind.Camera) logger.CameraStopped(name, state, reason);
        else logger.MicrophoneStopped(name, state, reason);
    }

    /// <summary>Says that a source is down for the same reason as before.</summary>
    public static void StillDown(this ILogger logger, SourceKind kind, string name, int failures, string reason)
    {
        if (kind == SourceKind.Camera) logger.CameraStillDown(name, failures, reason);
        else logger.MicrophoneStillDown(name, failures, reason);
    }

    /// <summary>Says that a source has come to its end.</summary>
    public static void Ended(this ILogger logger, SourceKind kind, string name)
    {
        if (kind == SourceKind.Camera) logger.CameraEnded(name);
        else logger.MicrophoneEnded(name);
    }

    /// <summary>Says that a recording failed.</summary>
    public static void FailedForGood(this ILogger logger, SourceKind kind, string name, string reason)
    {
        if (kind == SourceKind.Camera) logger.CameraFailedForGood(name, reason);
        else logger.MicrophoneFailedForGood(name, reason);
    }

    /// <summary>Says that a source's thread hangs in its driver.</summary>
    public static void ThreadStuck(this ILogger logger, SourceKind kind, string name)
    {
        if (kind == SourceKind.Camera) logger.CaptureThreadStuck(name);
        else logger.MicrophoneThreadStuck(name);
    }

    /// <summary>Passes on what a pipeline warns of.</summary>
    public static void Warned(this ILogger logger, SourceKind kind, string name, string message)
    {
        if (kind == SourceKind.Camera) logger.PipelineWarning(name, message);
        else logger.MicrophoneWarning(name, message);
    }
}
