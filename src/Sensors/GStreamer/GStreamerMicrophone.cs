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
public sealed unsafe class GStreamerMicrophone : GStreamerSource<SoundFeed>
{
    private readonly int _wanted;
    private int _channels;
    private float[] _mixed = [];

    private GStreamerMicrophone(MicrophoneSettings settings, Pipeline pipeline, SensorClock clock, ILogger logger)
        : base(pipeline, PipelineWords.Of(settings), settings.Life, clock, origin: null, logger) =>
        _wanted = settings.Channels;

    /// <summary>
    /// Opens a microphone; errors that show only later come from <see cref="GStreamerSource{TFeed}.Read"/>.
    /// </summary>
    /// <param name="settings">Valid ones.</param>
    /// <param name="clock">The clock of the service: samples without times arrive by it.</param>
    /// <param name="logger">Receives the pipeline's warnings.</param>
    /// <exception cref="CaptureException">GStreamer, an element, the file or the device is missing.</exception>
    public static GStreamerMicrophone Open(MicrophoneSettings settings, SensorClock clock, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Kind == MicrophoneKind.File) CheckFile(settings.Path!);
        GStreamerLibrary.Load();
        return Started(new GStreamerMicrophone(settings, Pipeline.Build(SoundPipeline.For(settings)), clock, logger));
    }

    private protected override bool Deliver(nint sample, SoundFeed feed)
    {
        LookAt(sample);
        using var mapped = new MappedSample(sample);
        if (!mapped.IsMapped) throw Failure("sound cannot be read");
        var samples = MemoryMarshal.Cast<byte, float>(mapped.Bytes);
        if (Times.Of(sample, AudioBuffer.ToTime(samples.Length / _channels)) is not { } time) return false;
        feed.Write(Mixed(samples), time);
        return true;
    }

    private protected override void ReadCaps(nint structure)
    {
        int rate, channels;
        var isKnown = Gst.StructureInt(structure, "rate", &rate) != 0
            & Gst.StructureInt(structure, "channels", &channels) != 0;
        if (!isKnown || Gst.Text(Gst.StructureString(structure, "format")) != "F32LE"
            || rate != AudioBuffer.SampleRate || channels < 1)
        {
            throw Failure("'appsink name=audio' must be given audio/x-raw,format=F32LE,rate=16000");
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
