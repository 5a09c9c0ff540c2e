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
/// The measurements of the sensors, each with the tag <c>camera</c> or <c>microphone</c>. Recording allocates nothing.
/// </summary>
internal static class SensorMetrics
{
    private static readonly TotalCounter CapturedFrames = new(
        "edge_perception.frames.captured", "{frame}", "Frames that a source delivered", "camera");

    private static readonly TotalCounter TakenFrames = new(
        "edge_perception.frames.taken", "{frame}", "Frames that went into a snapshot: how evenly cameras share a model",
        "camera");

    private static readonly TotalCounter DroppedFrames = new(
        "edge_perception.frames.dropped", "{frame}", "Frames dropped after capture", "camera", "reason");

    private static readonly TotalCounter Rebuilds = new(
        "edge_perception.camera.rebuilds", "{rebuild}", "Times that a source was torn down to be built again", "camera",
        "cause");

    private static readonly TotalCounter CapturedSamples = new(
        "edge_perception.samples.captured", "{sample}", "Samples of one channel that a microphone delivered",
        "microphone");

    private static readonly TotalCounter MicrophoneRebuilds = new(
        "edge_perception.microphone.rebuilds", "{rebuild}", "Times that a microphone was torn down to be built again",
        "microphone", "cause");

    public static void FrameCaptured(string camera) => CapturedFrames.Add(1, camera);

    public static void FrameTaken(string camera) => TakenFrames.Add(1, camera);

    public static void FrameDropped(string camera, FrameDrop reason) =>
        DroppedFrames.Add(1, camera, TagNames.Of(reason));

    public static void SamplesCaptured(string microphone, int samples) => CapturedSamples.Add(samples, microphone);

    public static void SourceRebuilt(SourceKind kind, string name, CaptureFailure cause) =>
        (kind == SourceKind.Camera ? Rebuilds : MicrophoneRebuilds).Add(1, name, TagNames.Of(cause));
}
