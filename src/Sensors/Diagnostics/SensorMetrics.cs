using System.Diagnostics.Metrics;
using EdgePerception.Sensors.Cameras;

namespace EdgePerception.Sensors.Diagnostics;

/// <summary>Why a frame was dropped.</summary>
public enum FrameDrop
{
    /// <summary>A newer one came before anybody took it.</summary>
    Replaced,

    /// <summary>All frames of the pool were on lease.</summary>
    PoolExhausted,

    /// <summary>It was older than allowed when it was looked at.</summary>
    Stale,
}

/// <summary>
/// The measurements of the sensors, in the meter <see cref="MeterName"/>, each with the tag <c>camera</c>. Recording
/// allocates nothing.
/// </summary>
public static class SensorMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "EdgePerception.Sensors";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> CapturedFrames = Meter.CreateCounter<long>(
        "sensors.frames.captured", "{frame}", "Frames that a source delivered.");

    private static readonly Counter<long> TakenFrames = Meter.CreateCounter<long>(
        "sensors.frames.taken", "{frame}", "Frames that went into a snapshot: how evenly cameras share a model.");

    private static readonly Counter<long> DroppedFrames = Meter.CreateCounter<long>(
        "sensors.frames.dropped", "{frame}", "Frames dropped after capture, by reason.");

    private static readonly Counter<long> Rebuilds = Meter.CreateCounter<long>(
        "sensors.source.rebuilds", "{rebuild}", "Times that a source was torn down to be built again, by cause.");

    internal static void FrameCaptured(string camera) => CapturedFrames.Add(1, new KeyValuePair<string, object?>("camera", camera));

    internal static void FrameTaken(string camera) => TakenFrames.Add(1, new KeyValuePair<string, object?>("camera", camera));

    internal static void FrameDropped(string camera, FrameDrop reason) => DroppedFrames.Add(
        1, new("camera", camera), new("reason", Name(reason)));

    internal static void SourceRebuilt(string camera, CaptureFailure cause) => Rebuilds.Add(
        1, new("camera", camera), new("cause", Name(cause)));

    private static string Name(FrameDrop reason) => reason switch
    {
        FrameDrop.Replaced => "replaced",
        FrameDrop.PoolExhausted => "pool_exhausted",
        _ => "stale",
    };

    private static string Name(CaptureFailure cause) => cause switch
    {
        CaptureFailure.Configuration => "configuration",
        CaptureFailure.Error => "error",
        CaptureFailure.Ended => "ended",
        _ => "frozen",
    };
}
