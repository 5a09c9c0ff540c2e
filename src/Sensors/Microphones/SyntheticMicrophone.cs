using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Sensors.Microphones;

/// <summary>
/// A microphone without hardware or GStreamer: a soft tone and a click of 5 ms at each whole second, the same at each
/// run and on every channel, paced by the clock it is given, and on request with a fault at a certain block of each
/// opening. Blocks are of 10 ms.
/// </summary>
public sealed class SyntheticMicrophone : ICapture<SoundFeed>
{
    private const int BlockSamples = AudioBuffer.SampleRate / 100;
    private const int ClickSamples = AudioBuffer.SampleRate / 200;
    private readonly SensorClock _clock;
    private readonly TimedSignal _pause;
    private readonly SyntheticFaultAt? _fault;
    private readonly TimeSpan _origin;
    private readonly float[] _block;
    private readonly int _channels;
    private long _index;

    /// <summary>Opens it; its first sample is taken now, or at <paramref name="notBefore"/>.</summary>
    /// <exception cref="CaptureException">The fault that it is asked for cannot be read.</exception>
    public SyntheticMicrophone(MicrophoneSettings settings, SensorClock clock, TimeSpan notBefore)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(clock);
        _fault = SyntheticFaultAt.Read(settings.Fault);
        (_clock, _channels) = (clock, settings.Channels);
        _origin = clock.Monotonic > notBefore ? clock.Monotonic : notBefore;
        _block = new float[BlockSamples * _channels];
        _pause = new TimedSignal(clock);
    }

    /// <inheritdoc/>
    public CaptureRead Read(SoundFeed feed, TimeSpan timeout, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(feed);
        if (_fault is { } fault && _index >= fault.At) return fault.Strike("block", _pause, timeout, stop);

        // A block is there once its last sample has sounded.
        var start = _origin + AudioBuffer.ToTime(_index * BlockSamples);
        var wait = start + AudioBuffer.ToTime(BlockSamples) - _clock.Monotonic;
        if (wait > TimeSpan.Zero) _pause.Wait(wait < timeout ? wait : timeout, stop);
        if (_clock.Monotonic < start + AudioBuffer.ToTime(BlockSamples)) return CaptureRead.Nothing;
        Sound(_index * BlockSamples, _block, _channels);
        feed.Write(_block, start);
        _index++;
        return CaptureRead.Arrived;
    }

    /// <inheritdoc/>
    public void Dispose() => _pause.Dispose();

    /// <summary>Writes the sound from a sample position on, the same on every channel.</summary>
    internal static void Sound(long position, Span<float> samples, int channels)
    {
        for (var i = 0; i < samples.Length; i += channels, position++)
        {
            var phase = position % AudioBuffer.SampleRate;
            var tone = 0.02f * MathF.Sin(2 * MathF.PI * 440 * phase / AudioBuffer.SampleRate);
            samples.Slice(i, channels).Fill(phase < ClickSamples ? 0.9f : tone);
        }
    }
}
