using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.Synchronization;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Sensors.GStreamer;

/// <summary>
/// A camera opened by GStreamer. A frame's time is that of its capture (<see cref="SampleTimes"/>). Steady state
/// allocates nothing.
/// </summary>
public sealed unsafe class GStreamerCapture : GStreamerSource<FrameFeed>
{
    private int _width;
    private int _height;

    private GStreamerCapture(
        CameraSettings settings, Pipeline pipeline, SensorClock clock, TimeSpan? origin, ILogger logger)
        : base(pipeline, PipelineWords.Of(settings), settings.Life, clock, origin, logger)
    {
    }

    /// <summary>
    /// Opens a source; errors that show only later come from <see cref="GStreamerSource{TFeed}.Read"/>.
    /// </summary>
    /// <param name="settings">Valid ones.</param>
    /// <param name="clock">
    /// The clock of the service: unpaced files begin on it, samples without times arrive by it.
    /// </param>
    /// <param name="notBefore">Frames are later than this.</param>
    /// <param name="logger">Receives the pipeline's warnings.</param>
    /// <exception cref="CaptureException">GStreamer, an element, the file or the device is missing.</exception>
    public static GStreamerCapture Open(CameraSettings settings, SensorClock clock, TimeSpan notBefore, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(clock);
        if (settings.Kind == CameraKind.File) CheckFile(settings.Path!);
        GStreamerLibrary.Load();
        var description = PipelineDescription.For(settings, GStreamerLibrary.Has("nvvidconv"));
        var now = clock.Monotonic;
        TimeSpan? origin =
            settings.IsRealTime ? null : now > notBefore ? now : notBefore + TimeSpan.FromMilliseconds(1);
        return Started(new GStreamerCapture(settings, Pipeline.Build(description), clock, origin, logger));
    }

    private protected override bool Deliver(nint sample, FrameFeed feed)
    {
        if (Times.Of(sample, length: TimeSpan.Zero) is not { } time) return false;
        LookAt(sample);
        // Rows of GStreamer's RGB are padded to four bytes.
        var stride = (_width * 3 + 3) & ~3;
        using var mapped = new MappedSample(sample);
        if (!mapped.IsMapped) throw Failure("a picture cannot be read");
        if (mapped.Bytes.Length < stride * (_height - 1) + _width * 3)
            throw Failure($"a picture of {_width}×{_height} has only {mapped.Bytes.Length} bytes");
        return feed.Video(mapped.Bytes, _width, _height, stride, time);
    }

    private protected override void ReadCaps(nint structure)
    {
        int width, height;
        if (Gst.Text(Gst.StructureString(structure, "format")) != "RGB"
            || Gst.StructureInt(structure, "width", &width) == 0 || Gst.StructureInt(structure, "height", &height) == 0)
            throw Failure("'appsink name=video' must be given video/x-raw,format=RGB");
        if (width is < 1 or > 8192 || height is < 1 or > 8192)
            throw Failure($"pictures of {width}×{height} are too large; set width and height");
        (_width, _height) = (width, height);
    }
}
