using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Synchronization;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Sensors.GStreamer;

/// <summary>
/// A camera opened by GStreamer. A frame's time is that of its capture (<see cref="SampleTimes"/>). Steady state
/// allocates nothing.
/// </summary>
public sealed unsafe class GStreamerCapture : ICapture<FrameFeed>
{
    private readonly Pipeline _pipeline;
    private readonly PipelineMessages _messages;
    private readonly SampleTimes _times;
    private nint _caps;
    private int _width;
    private int _height;

    private GStreamerCapture(
        CameraSettings settings, Pipeline pipeline, SensorClock clock, TimeSpan? origin, ILogger logger)
    {
        _pipeline = pipeline;
        _times = new SampleTimes(pipeline, clock, origin);
        _messages = new PipelineMessages(pipeline.Bus, PipelineWords.Of(settings), settings.Life, logger);
    }

    /// <summary>Opens a source; errors that show only later come from <see cref="Read"/>.</summary>
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
        var capture = new GStreamerCapture(settings, Pipeline.Build(description), clock, origin, logger);
        try
        {
            capture.Start();
            return capture;
        }
        catch
        {
            capture.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public CaptureRead Read(FrameFeed feed, TimeSpan timeout, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(feed);
        _messages.Check(_width > 0);
        var sample = _pipeline.Pull(timeout);
        if (sample != 0)
        {
            try
            {
                var time = _times.Of(sample, length: TimeSpan.Zero);
                return time is { } taken && Deliver(sample, feed, taken) ? CaptureRead.Arrived : CaptureRead.Unusable;
            }
            finally
            {
                Gst.MiniUnref(sample);
            }
        }

        _messages.Check(_width > 0);
        return _pipeline.IsAtEnd ? CaptureRead.Ended : CaptureRead.Nothing;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pipeline.Dispose();
        Gst.Forget(ref _caps);
    }

    internal static void CheckFile(string path)
    {
        if (!File.Exists(path))
            throw new CaptureException(CaptureFailure.Configuration, $"there is no file '{path}'");
    }

    private void Start()
    {
        if (_pipeline.Play()) return;
        _messages.Check(seen: false);
        throw _messages.Failure("the pipeline does not start", seen: false);
    }

    private bool Deliver(nint sample, FrameFeed feed, TimeSpan time)
    {
        if (Gst.IsNew(Gst.SampleCaps(sample), ref _caps)) ReadCaps();
        // Rows of GStreamer's RGB are padded to four bytes.
        var stride = (_width * 3 + 3) & ~3;
        var buffer = Gst.SampleBuffer(sample);
        GstMapInfo map;
        if (Gst.Map(buffer, &map, Gst.MapRead) == 0) throw _messages.Failure("a picture cannot be read", seen: true);
        try
        {
            if (map.Size < (nuint)(stride * (_height - 1) + _width * 3))
                throw _messages.Failure($"a picture of {_width}×{_height} has only {map.Size} bytes", seen: true);
            return feed.Video(new ReadOnlySpan<byte>(map.Data, (int)map.Size), _width, _height, stride, time);
        }
        finally
        {
            Gst.Unmap(buffer, &map);
        }
    }

    private void ReadCaps()
    {
        var structure = Gst.CapsStructure(_caps, 0);
        int width, height;
        if (Gst.Text(Gst.StructureString(structure, "format")) != "RGB"
            || Gst.StructureInt(structure, "width", &width) == 0 || Gst.StructureInt(structure, "height", &height) == 0)
            throw _messages.Failure("'appsink name=video' must be given video/x-raw,format=RGB", seen: true);
        if (width is < 1 or > 8192 || height is < 1 or > 8192)
            throw _messages.Failure($"pictures of {width}×{height} are too large; set width and height", seen: true);
        (_width, _height) = (width, height);
    }
}
