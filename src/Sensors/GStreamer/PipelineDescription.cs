using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.Capture;

namespace EdgePerception.Sensors.GStreamer;

/// <summary>A property to set on a named element after the pipeline was built.</summary>
internal readonly record struct ElementProperty(string Element, string Name, string Value);

/// <summary>
/// The GStreamer pipeline of a source: a launch text made of our own words and numbers only, and the user's paths,
/// addresses and devices as properties to be set afterwards, so that no setting can add an element.
/// </summary>
/// <param name="Launch">The text for gst_parse_launch.</param>
/// <param name="Sink">The name of the appsink at its end.</param>
/// <param name="Properties">Set before the pipeline starts.</param>
/// <param name="Elements">The elements in <paramref name="Launch"/>, each once.</param>
internal sealed record PipelineDescription(
    string Launch, string Sink, IReadOnlyList<ElementProperty> Properties, IReadOnlyList<string> Elements)
{
    public const string VideoSink = "video";
    public const string AudioSink = "audio";

    private const string Source = "source";

    /// <summary>Describes the pipeline of a camera.</summary>
    /// <param name="settings">Valid ones.</param>
    /// <param name="onJetson">Whether decoders may leave images in NVMM memory, which only nvvidconv reads.</param>
    public static PipelineDescription For(CameraSettings settings, bool onJetson)
    {
        if (settings.Kind == CameraKind.Custom) return new(settings.Pipeline!, VideoSink, [], []);
        var properties = new List<ElementProperty>();
        var launch = $"{Video(settings, onJetson, properties)} ! {VideoTail(settings)}";
        return Of(launch, VideoSink, properties);
    }

    /// <summary>A description of a launch text of our own.</summary>
    public static PipelineDescription Of(string launch, string sink, IReadOnlyList<ElementProperty> properties) =>
        new(launch, sink, properties, ElementsOf(launch));

    private static string Video(CameraSettings settings, bool onJetson, List<ElementProperty> properties)
    {
        var decoded = onJetson ? "nvvidconv ! video/x-raw,format=BGRx" : "";
        switch (settings.Kind)
        {
            case CameraKind.File:
                properties.Add(new(Source, "location", Path.GetFullPath(settings.Path!)));
                return Join($"filesrc name={Source} ! decodebin name=decode", "decode.", decoded);
            case CameraKind.Rtsp:
                properties.Add(new(Source, "location", settings.Url!));
                var protocols = settings.Transport == RtspTransport.Tcp ? "tcp" : "udp";
                return Join(
                    $"rtspsrc name={Source} protocols={protocols} latency={settings.LatencyMs} drop-on-latency=true",
                    $"{Source}. ! application/x-rtp,media=video ! decodebin ! ", decoded);
            case CameraKind.V4l2:
                properties.Add(new(Source, "device", settings.Device ?? "/dev/video0"));
                return $"v4l2src name={Source}" + (settings.Mjpeg ? $" ! image/jpeg{Size(settings)} ! jpegdec" : "");
            case CameraKind.Csi:
                // The sensor's own processor scales and drops for free, so it is asked for the size that is wanted.
                properties.Add(new(Source, "sensor-id", settings.Device ?? "0"));
                return $"nvarguscamerasrc name={Source} ! "
                    + $"video/x-raw(memory:NVMM),format=NV12{Size(settings)}{Rate(settings)}"
                    + " ! nvvidconv ! video/x-raw,format=BGRx";
            case CameraKind.TestPattern:
                properties.Add(new(Source, "pattern", settings.Pattern));
                return $"videotestsrc name={Source} is-live={Flag(settings.Paced)}"
                    + $" ! video/x-raw,width={settings.Width ?? 640},height={settings.Height ?? 480}"
                    + $",framerate={settings.Fps ?? 30}/1";
            default:
                throw new ArgumentException($"no pipeline makes a camera of kind {settings.Kind}", nameof(settings));
        }
    }

    // Rate and size first, in the source's own and smaller format, then the colour conversion on what is left. A
    // recording is turned upright before that, as its tag says; what has no tag passes as it is.
    private static string VideoTail(CameraSettings settings)
    {
        var rate = settings.Fps is { } fps ? $"videorate max-rate={fps} ! " : "";
        var turn = settings.Kind == CameraKind.File ? "videoconvert ! videoflip video-direction=auto ! " : "";
        var shape = settings.Width is null && settings.Height is null ? "" : $"{Size(settings)},pixel-aspect-ratio=1/1";
        return $"{rate}{turn}videoscale ! videoconvert ! video/x-raw,format=RGB{shape}"
            + $" ! {SinkOf(settings)}";
    }

    // Live sources are never held back for the clock: that only adds their latency. Unpaced files lose nothing.
    private static string SinkOf(CameraSettings settings)
    {
        var sync = settings is { Kind: CameraKind.File, Paced: true };
        return $"appsink name={VideoSink} sync={Flag(sync)} max-buffers=4 drop={Flag(settings.IsRealTime)}"
            + " enable-last-sample=false qos=false wait-on-eos=false";
    }

    private static string Size(CameraSettings settings) =>
        (settings.Width is { } width ? $",width={width}" : "")
            + (settings.Height is { } height ? $",height={height}" : "");

    private static string Rate(CameraSettings settings) => settings.Fps is { } fps ? $",framerate={fps}/1" : "";

    private static string Flag(bool value) => value ? "true" : "false";

    private static string Join(string source, string branch, string conversion) => conversion.Length == 0
        ? $"{source}  {branch.TrimEnd(' ', '!')}"
        : $"{source}  {branch.TrimEnd(' ', '!')} ! {conversion}";

    private static string[] ElementsOf(string launch) =>
    [
        .. launch.Split(["!", "  "], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Split(' ')[0])
            .Where(word => !word.Contains('/', StringComparison.Ordinal) && !word.EndsWith('.'))
            .Distinct(),
    ];
}
