using EdgePerception.Sensors.Capture;
using EdgePerception.Sensors.Synchronization;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Sensors.Cameras.Synthetic;

/// <summary>
/// A camera without hardware or GStreamer: moving shapes, the same at each run, paced by the clock it is
/// given, and on request with a fault at a certain frame of each opening. Drawn at 640×480 and 30 frames a second
/// unless the settings say otherwise. A reader that comes late finds frames missing, as at a camera.
/// </summary>
public sealed class SyntheticCapture : ICapture<FrameFeed>
{
    private readonly SensorClock _clock;
    private readonly SyntheticScene _scene;
    private readonly TimedSignal _pause;
    private readonly SyntheticFaultAt? _fault;
    private readonly int _width;
    private readonly int _height;
    private readonly bool _paced;
    private readonly TimeSpan _period;
    private readonly TimeSpan _origin;
    private long _index;

    /// <summary>Opens it; its first frame is taken now, or one period after <paramref name="notBefore"/>.</summary>
    public SyntheticCapture(CameraSettings settings, SensorClock clock, TimeSpan notBefore)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _clock = clock;
        _fault = SyntheticFaultAt.Read(settings.Fault);
        (_width, _height) = (settings.Width ?? 640, settings.Height ?? 480);
        _period = TimeSpan.FromSeconds(1) / (settings.Fps ?? 30);
        _paced = settings.Paced;
        _origin = Later(clock.Monotonic, notBefore + _period);
        _scene = new SyntheticScene(_width, _height);
        _pause = new TimedSignal(clock);
    }

    /// <inheritdoc/>
    public CaptureRead Read(FrameFeed feed, TimeSpan timeout, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(feed);
        if (_fault is { } fault && _index >= fault.At) return fault.Strike("frame", _pause, timeout, stop);

        if (_paced && !IsDue(timeout, stop)) return CaptureRead.Nothing;
        var at = _index * _period;
        feed.Video(_scene.Draw(at), _width, _height, _width * 3, _origin + at);
        _index++;
        return CaptureRead.Arrived;
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
        if (_fault is { } fault) newest = Math.Min(newest, Math.Max(_index, fault.At - 1));
        _index = newest;
        return true;
    }
}
