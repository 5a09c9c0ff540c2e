using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Microphones;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Sensors.Cameras.Synthetic;

/// <summary>What a synthetic source can be told to do at a frame.</summary>
public enum SyntheticFault
{
    /// <summary>It comes to its end.</summary>
    End,

    /// <summary>It reports an error.</summary>
    Error,

    /// <summary>It gives nothing more and says nothing.</summary>
    Freeze,
}

/// <summary>
/// A source without hardware or GStreamer: moving shapes and sound, the same at each run, paced by the clock it is
/// given, and on request with a fault at a certain frame of each opening. Drawn at 640×480 and 30 frames a second
/// unless the settings say otherwise. A reader that comes late finds frames missing, as at a camera.
/// </summary>
public sealed class SyntheticCapture : ICapture
{
    private readonly SensorClock _clock;
    private readonly SyntheticScene _scene;
    private readonly TimedSignal _pause;
    private readonly (SyntheticFault Kind, long Frame)? _fault;
    private readonly int _width;
    private readonly int _height;
    private readonly int _channels;
    private readonly bool _paced;
    private readonly TimeSpan _period;
    private readonly TimeSpan _origin;
    private readonly float[] _sound;
    private long _index;
    private long _soundPosition;

    /// <summary>Opens it; its first frame is taken now, or one period after <paramref name="notBefore"/>.</summary>
    public SyntheticCapture(CameraSettings settings, SensorClock clock, TimeSpan notBefore)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _clock = clock;
        if (!settings.TryReadFault(out _fault))
            throw new CaptureException(CaptureFailure.Configuration, $"'{settings.Fault}' is no fault such as freeze@100");
        (_width, _height) = (settings.Width ?? 640, settings.Height ?? 480);
        _period = TimeSpan.FromSeconds(1) / (settings.Fps ?? 30);
        _paced = settings.Paced;
        _channels = settings.Audio ? settings.AudioChannels : 0;
        _sound = new float[_channels * AudioBuffer.ToSamples(TimeSpan.FromMilliseconds(100))];
        _origin = Later(clock.Monotonic, notBefore + _period);
        _scene = new SyntheticScene(_width, _height);
        _pause = new TimedSignal(clock);
    }

    /// <inheritdoc/>
    public CaptureRead Read(SensorFeed feed, TimeSpan timeout, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(feed);
        if (_fault is { } fault && _index >= fault.Frame)
        {
            if (fault.Kind == SyntheticFault.End) return CaptureRead.Ended;
            if (fault.Kind == SyntheticFault.Error)
                throw new CaptureException(CaptureFailure.Error, $"the error that was asked for at frame {fault.Frame}");
            _pause.Wait(timeout, stop);
            return CaptureRead.Nothing;
        }

        if (_paced && !IsDue(timeout, stop)) return CaptureRead.Nothing;
        var at = _index * _period;
        Speak(feed, at);
        feed.Video(_scene.Draw(at), _width, _height, _width * 3, _origin + at);
        _index++;
        return CaptureRead.Frame;
    }

    /// <inheritdoc/>
    public void Dispose() => _pause.Dispose();

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private bool IsDue(TimeSpan timeout, CancellationToken stop)
    {
        var wait = _origin + _index * _period - _clock.Monotonic;
        if (wait > TimeSpan.Zero) _pause.Wait(wait < timeout ? wait : timeout, stop);
        var now = _clock.Monotonic - _origin;
        if (now < _index * _period) return false;
        var newest = now.Ticks / _period.Ticks;
        if (_fault is { } fault) newest = Math.Min(newest, Math.Max(_index, fault.Frame - 1));
        _index = newest;
        return true;
    }

    private void Speak(SensorFeed feed, TimeSpan until)
    {
        if (_channels == 0) return;
        for (long end = AudioBuffer.ToSamples(until); _soundPosition < end;)
        {
            var count = (int)Math.Min(end - _soundPosition, _sound.Length / _channels);
            var block = _sound.AsSpan(0, count * _channels);
            SyntheticScene.Sound(_soundPosition, block, _channels);
            feed.Audio(block, _origin + AudioBuffer.ToTime(_soundPosition));
            _soundPosition += count;
        }
    }
}
