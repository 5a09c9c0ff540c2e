using System.Runtime.InteropServices;
using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Microphones;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Sensors.GStreamer;

/// <summary>
/// A source opened by GStreamer: camera and microphone in one pipeline on one clock. Capture time is the pipeline's
/// base time plus the running time of the sample, so absolute CLOCK_MONOTONIC; live sources stamp at capture, so no
/// latency is to be taken off. For a network camera that is the arrival of the first packet plus the stream's own
/// times: what the camera and the network took before is not known. A sample without a time stamp was taken when it
/// arrives. Steady state allocates nothing.
/// </summary>
public sealed unsafe class GStreamerCapture : ICapture
{
    private static readonly TimeSpan SoundAhead = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SoundTimeout = TimeSpan.FromMilliseconds(100);
    private readonly CameraSettings _settings;
    private readonly Pipeline _pipeline;
    private readonly PipelineMessages _messages;
    private readonly SensorClock _clock;
    private readonly TimeSpan? _origin;
    private TimeSpan? _base;
    private TimeSpan _soundEnd;
    private nint _videoCaps;
    private nint _audioCaps;
    private int _width;
    private int _height;
    private int _channels;
    private float[] _mixed = [];

    private GStreamerCapture(
        CameraSettings settings, Pipeline pipeline, SensorClock clock, TimeSpan? origin, ILogger logger)
    {
        (_settings, _pipeline, _clock, _origin) = (settings, pipeline, clock, origin);
        _messages = new PipelineMessages(pipeline.Bus, settings, logger);
    }

    /// <summary>Opens a source; errors that show only later come from <see cref="Read"/>.</summary>
    /// <param name="settings">Valid ones.</param>
    /// <param name="clock">The clock of the service: unpaced files begin on it, samples without times arrive by it.</param>
    /// <param name="notBefore">Frames are later than this.</param>
    /// <param name="logger">Receives the pipeline's warnings.</param>
    /// <exception cref="CaptureException">GStreamer, an element, the file or the device is missing.</exception>
    public static GStreamerCapture Open(CameraSettings settings, SensorClock clock, TimeSpan notBefore, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(clock);
        CheckFiles(settings);
        GStreamerLibrary.Load();
        var description = PipelineDescription.For(settings, GStreamerLibrary.Has("nvvidconv"));
        var now = clock.Monotonic;
        TimeSpan? origin = settings.IsRealTime ? null : now > notBefore ? now : notBefore + TimeSpan.FromMilliseconds(1);
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
    public CaptureRead Read(SensorFeed feed, TimeSpan timeout, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(feed);
        _messages.Check(_width > 0);
        var sample = Gst.TryPullSample(_pipeline.Video, Nanoseconds(timeout));
        try
        {
            var time = sample == 0 ? null : TimeOf(sample, length: TimeSpan.Zero);
            // Sound first: a snapshot that sees the frame finds the sound that came before it.
            ReadSound(feed, time);
            var used = time is { } taken && DeliverFrame(sample, feed, taken);
            if (sample != 0) return used ? CaptureRead.Frame : CaptureRead.Unusable;
        }
        finally
        {
            if (sample != 0) Gst.MiniUnref(sample);
        }

        _messages.Check(_width > 0);
        return Gst.IsEos(_pipeline.Video) != 0 ? CaptureRead.Ended : CaptureRead.Nothing;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pipeline.Dispose();
        Forget(ref _videoCaps);
        Forget(ref _audioCaps);
    }

    private static void CheckFiles(CameraSettings settings)
    {
        if (settings.Kind != CameraKind.File) return;
        foreach (var path in (ReadOnlySpan<string?>)[settings.Path, settings.AudioPath])
            if (path is not null && !File.Exists(path))
                throw new CaptureException(CaptureFailure.Configuration, $"there is no file '{path}'");
    }

    private static ulong Nanoseconds(TimeSpan time) => (ulong)time.Ticks * TimeSpan.NanosecondsPerTick;

    private static void Forget(ref nint caps)
    {
        if (caps != 0) Gst.MiniUnref(caps);
        caps = 0;
    }

    // Holding the last caps keeps their address from being reused, so that comparing addresses is enough.
    private static bool IsNew(nint caps, ref nint last)
    {
        if (caps == last) return false;
        Forget(ref last);
        last = Gst.MiniRef(caps);
        return true;
    }

    private void Start()
    {
        if (_pipeline.Play()) return;
        _messages.Check(seenVideo: false);
        throw _messages.Failure("the pipeline does not start", seenVideo: false);
    }

    // Live sound is simply emptied out. An unpaced file's sound is kept in step with its images: it neither runs ahead
    // of the ring's history nor is left behind by decoders that go at their own speed.
    private void ReadSound(SensorFeed feed, TimeSpan? frame)
    {
        if (_pipeline.Audio == 0) return;
        while (_origin is null || _soundEnd <= frame + SoundAhead)
        {
            var behind = _origin is not null && _audioCaps != 0 && _soundEnd < frame;
            var sample = Gst.TryPullSample(_pipeline.Audio, behind ? Nanoseconds(SoundTimeout) : 0);
            if (sample == 0) return;
            try { DeliverSound(sample, feed); }
            finally { Gst.MiniUnref(sample); }
        }
    }

    private bool DeliverFrame(nint sample, SensorFeed feed, TimeSpan time)
    {
        if (IsNew(Gst.SampleCaps(sample), ref _videoCaps)) ReadVideoCaps();
        // Rows of GStreamer's RGB are padded to four bytes.
        var stride = (_width * 3 + 3) & ~3;
        var buffer = Gst.SampleBuffer(sample);
        GstMapInfo map;
        if (Gst.Map(buffer, &map, Gst.MapRead) == 0) throw _messages.Failure("a picture cannot be read", seenVideo: true);
        try
        {
            if (map.Size < (nuint)(stride * (_height - 1) + _width * 3))
                throw _messages.Failure($"a picture of {_width}×{_height} has only {map.Size} bytes", seenVideo: true);
            return feed.Video(new ReadOnlySpan<byte>(map.Data, (int)map.Size), _width, _height, stride, time);
        }
        finally
        {
            Gst.Unmap(buffer, &map);
        }
    }

    private void DeliverSound(nint sample, SensorFeed feed)
    {
        if (IsNew(Gst.SampleCaps(sample), ref _audioCaps)) ReadAudioCaps();
        var buffer = Gst.SampleBuffer(sample);
        GstMapInfo map;
        if (Gst.Map(buffer, &map, Gst.MapRead) == 0) throw _messages.Failure("sound cannot be read", seenVideo: true);
        try
        {
            var samples = MemoryMarshal.Cast<byte, float>(new ReadOnlySpan<byte>(map.Data, (int)map.Size));
            var length = AudioBuffer.ToTime(samples.Length / _channels);
            if (TimeOf(sample, length) is not { } time) return;
            feed.Audio(Mixed(samples), time);
            _soundEnd = time + length;
        }
        finally
        {
            Gst.Unmap(buffer, &map);
        }
    }

    // None for a sample outside its segment, which is not to be shown, such as the lead-in of a compressed sound.
    private TimeSpan? TimeOf(nint sample, TimeSpan length)
    {
        var presentation = Gst.SampleBuffer(sample)->PresentationTime;
        if (presentation == Gst.NoTime) return _clock.Monotonic - length;
        var running = Gst.ToRunningTime(Gst.SampleSegment(sample), Gst.FormatTime, presentation);
        if (running == Gst.NoTime) return null;
        _base ??= _origin ?? _pipeline.BaseTime;
        return _base.Value + Pipeline.FromNanoseconds(running);
    }

    private void ReadVideoCaps()
    {
        var structure = Gst.CapsStructure(_videoCaps, 0);
        int width, height;
        if (Gst.Text(Gst.StructureString(structure, "format")) != "RGB"
            || Gst.StructureInt(structure, "width", &width) == 0 || Gst.StructureInt(structure, "height", &height) == 0)
            throw _messages.Failure("'appsink name=video' must be given video/x-raw,format=RGB", seenVideo: true);
        if (width is < 1 or > 8192 || height is < 1 or > 8192)
            throw _messages.Failure($"pictures of {width}×{height} are too large; set width and height", seenVideo: true);
        (_width, _height) = (width, height);
    }

    private void ReadAudioCaps()
    {
        var structure = Gst.CapsStructure(_audioCaps, 0);
        int rate, channels;
        var known = Gst.StructureInt(structure, "rate", &rate) != 0 & Gst.StructureInt(structure, "channels", &channels) != 0;
        if (!known || Gst.Text(Gst.StructureString(structure, "format")) != "F32LE"
            || rate != AudioSegment.SampleRate || channels < 1)
        {
            throw _messages.Failure(
                "'appsink name=audio' must be given audio/x-raw,format=F32LE,rate=16000", seenVideo: true);
        }

        _channels = channels;
    }

    private ReadOnlySpan<float> Mixed(ReadOnlySpan<float> samples)
    {
        if (_channels == _settings.AudioChannels) return samples;
        var length = samples.Length / _channels * _settings.AudioChannels;
        if (_mixed.Length < length) _mixed = new float[length];
        ChannelMix.Mix(samples, _channels, _mixed.AsSpan(0, length), _settings.AudioChannels);
        return _mixed.AsSpan(0, length);
    }
}
