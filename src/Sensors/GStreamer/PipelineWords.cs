using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.Microphones;

namespace EdgePerception.Sensors.GStreamer;

/// <summary>How a source is spoken of where its pipeline fails.</summary>
/// <param name="Where">The file, address or device.</param>
/// <param name="Stream">What to say where it lacks what is wanted of it.</param>
/// <param name="IsFile">Whether it is a file.</param>
/// <param name="Foreign">How the caps of streams begin that are not wanted of it.</param>
internal sealed record PipelineWords(string Where, string Stream, bool IsFile, params string[] Foreign)
{
    /// <summary>Those of a camera.</summary>
    public static PipelineWords Of(CameraSettings settings) => new(
        settings.Kind switch
        {
            CameraKind.File => $"'{settings.Path}'",
            CameraKind.Rtsp => settings.Url!,
            CameraKind.V4l2 => settings.Device ?? "/dev/video0",
            CameraKind.Csi => $"CSI sensor {settings.Device ?? "0"}",
            _ => $"{settings.Kind} pipeline",
        },
        "it has no video stream", settings.Kind == CameraKind.File);

    /// <summary>Those of a microphone.</summary>
    public static PipelineWords Of(MicrophoneSettings settings) => new(
        settings.Kind switch
        {
            MicrophoneKind.File => $"'{settings.Path}'",
            MicrophoneKind.Rtsp => settings.Url!,
            MicrophoneKind.Alsa => $"ALSA device {settings.Device ?? "default"}",
            MicrophoneKind.Pulse => $"PulseAudio source {settings.Device ?? "default"}",
            _ => $"{settings.Kind} pipeline",
        },
        "it has no sound", settings.Kind == MicrophoneKind.File, "(image/", "(video/");
}
