using System.Runtime.InteropServices;
using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.Microphones;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Sensors.GStreamer;

/// <summary>
/// A microphone opened by GStreamer. A block's time is that of the capture of its first sample
/// (<see cref="SampleTimes"/>). Steady state allocates nothing.
/// </summary>
public sealed unsafe class GStreamerMicrophone : ICapture<SoundFeed>
{
    private readonly Pipeline _pipeline;
    private readonly PipelineMessages _messages;
    private readonly SampleTimes _times;
    private readonly int _wanted;
    private nint _caps;
    private int _channels;
    private float[] _mixed = [];

    private GStreamerMicrophone(MicrophoneSettings settings, Pipeline pipeline, SensorClock clock, ILogger logger)
    {
        (_pipeline, _wanted) = (pipeline, settings.Channels);
        _times = new SampleTimes(pipeline, clock, origin: null);
        _messages = new PipelineMessages(pipeline.Bus, PipelineWords.Of(settings), settings.Life, logger);
    }

    /// <summary>Opens a microphone; errors that show only later come from <see cref="Read"/>.</summary>
    /// <param name="settings">Valid ones.</param>
    /// <param name="clock">The clock of the service: samples without times arrive by it.</param>
    /// <param name="logger">Receives the pipeline's warnings.</param>
    /// <exception cref="CaptureException">GStreamer, an element, the file or the device is missing.</exception>
    public static GStreamerMicrophone Open(MicrophoneSettings settings, SensorClock clock, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Kind == MicrophoneKind.File) GStreamerCapture.CheckFile(settings.Path!);
        GStreamerLibrary.Load();
        var pipeline = Pipeline.Build(SoundPipeline.For(settings));
        var microphone = new GStreamerMicrophone(settings, pipeline, clock, logger);
        try
        {
            if (pipeline.Play()) return microphone;
            microphone._messages.Check(seen: false);
            throw microphone._messages.Failure("the pipeline does not start", seen: false);
        }
        catch
        {
            microphone.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public CaptureRead Read(SoundFeed feed, TimeSpan timeout, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(feed);
        _messages.Check(_channels > 0);
        var sample = _pipeline.Pull(timeout);
        if (sample != 0)
        {
            try
            {
                return Deliver(sample, feed) ? CaptureRead.Arrived : CaptureRead.Unusable;
            }
            finally
            {
                Gst.MiniUnref(sample);
            }
        }

        _messages.Check(_channels > 0);
        return _pipeline.IsAtEnd ? CaptureRead.Ended : CaptureRead.Nothing;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pipeline.Dispose();
        Gst.Forget(ref _caps);
    }

    private bool Deliver(nint sample, SoundFeed feed)
    {
        if (Gst.IsNew(Gst.SampleCaps(sample), ref _caps)) ReadCaps();
        var buffer = Gst.SampleBuffer(sample);
        GstMapInfo map;
        if (Gst.Map(buffer, &map, Gst.MapRead) == 0) throw _messages.Failure("sound cannot be read", seen: true);
        try
        {
            var samples = MemoryMarshal.Cast<byte, float>(new ReadOnlySpan<byte>(map.Data, (int)map.Size));
            if (_times.Of(sample, AudioBuffer.ToTime(samples.Length / _channels)) is not { } time) return false;
            feed.Write(Mixed(samples), time);
            return true;
        }
        finally
        {
            Gst.Unmap(buffer, &map);
        }
    }

    private void ReadCaps()
    {
        var structure = Gst.CapsStructure(_caps, 0);
        int rate, channels;
        var isKnown = Gst.StructureInt(structure, "rate", &rate) != 0
            & Gst.StructureInt(structure, "channels", &channels) != 0;
        if (!isKnown || Gst.Text(Gst.StructureString(structure, "format")) != "F32LE"
            || rate != AudioBuffer.SampleRate || channels < 1)
        {
            throw _messages.Failure(
                "'appsink name=audio' must be given audio/x-raw,format=F32LE,rate=16000", seen: true);
        }

        _channels = channels;
    }

    private ReadOnlySpan<float> Mixed(ReadOnlySpan<float> samples)
    {
        if (_channels == _wanted) return samples;
        var length = samples.Length / _channels * _wanted;
        if (_mixed.Length < length) _mixed = new float[length];
        ChannelMix.Mix(samples, _channels, _mixed.AsSpan(0, length), _wanted);
        return _mixed.AsSpan(0, length);
    }
}
