using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Sensors.Cameras;

/// <summary>
/// Keeps one source alive on a thread of its own: open, read, watch, tear down, wait, open again. No frame for the
/// watchdog's time, an error, or the end of a live source is a failure; a recording ends by itself, and is not opened
/// again when it fails. Sources know nothing of each other, so one that is down holds up no other.
/// </summary>
public sealed class CaptureSource : IDisposable
{
    private static readonly TimeSpan LongestRead = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);
    private readonly CameraSettings _settings;
    private readonly Redaction _redaction;
    private readonly OpenCapture _open;
    private readonly SensorClock _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Backoff _backoff = new();
    private readonly TimedSignal _pause;
    private readonly Thread _thread;
    private CaptureStatus _status;
    private TimeSpan _lastArrival;
    private TimeSpan? _liveSince;
    private bool _sawUnusable;

    /// <summary>Makes a source that <see cref="Start"/> starts.</summary>
    public CaptureSource(CameraSettings settings, OpenCapture open, SensorClock clock, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(settings);
        (_settings, _open, _clock, _logger) = (settings, open, clock, logger);
        _redaction = settings.ToRedaction();
        Feed = new SensorFeed(settings, clock);
        _pause = new TimedSignal(clock);
        _status = new CaptureStatus(settings.Name, CaptureState.Starting, null, clock.Now, 0);
        _thread = new Thread(Run) { Name = $"capture {settings.Name}", IsBackground = true };
    }

    /// <summary>What it gives.</summary>
    public SensorFeed Feed { get; }

    /// <summary>How it is doing; readable from any thread.</summary>
    public CaptureStatus Status => Volatile.Read(ref _status);

    /// <summary>Raised on the capture thread at each change; handlers are quick and do not throw.</summary>
    public event Action<CaptureStatus>? StatusChanged;

    /// <summary>Starts capturing; once.</summary>
    public void Start() => _thread.Start();

    /// <summary>Stops capturing and closes the source; says so in the log when frames are still on lease.</summary>
    public void Dispose()
    {
        if (_stop.IsCancellationRequested) return;
        _stop.Cancel();
        Feed.Close();
        if (_thread.IsAlive && !_thread.Join(StopTimeout))
        {
            // A driver that hangs in the kernel cannot be ended; its memory stays with it.
            _logger.CaptureThreadStuck(_settings.Name);
            return;
        }

        Feed.Dispose();
        if (Feed.Pool.Leased > 0) _logger.FramesLeaked(_settings.Name, Feed.Pool.DescribeLeases());
        _pause.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        while (!_stop.IsCancellationRequested)
        {
            ICapture? capture = null;
            TimeSpan delay;
            try
            {
                _liveSince = null;
                capture = _open(Feed.LastFrameTime);
                if (Play(capture)) continue;
                break;
            }
            catch (CaptureException e)
            {
                delay = Fail(e.Failure, e.Message);
            }
#pragma warning disable CA1031 // a fault in one driver must not end the service; it is reported like any other
            catch (Exception e)
#pragma warning restore CA1031
            {
                delay = Fail(CaptureFailure.Error, $"{e.GetType().Name}: {e.Message}");
            }
            finally
            {
                capture?.Dispose();
            }

            if (_settings.IsRecording) break;
            Pause(delay);
        }

        Finish();
    }

    /// <summary>Reads until the end; true when a loop is to begin again.</summary>
    private bool Play(ICapture capture)
    {
        (_lastArrival, _sawUnusable) = (_clock.Monotonic, false);
        while (!_stop.IsCancellationRequested)
        {
            switch (capture.Read(Feed, LongestRead, _stop.Token))
            {
                case CaptureRead.Frame:
                    FrameArrived();
                    break;
                case CaptureRead.Unusable:
                    _sawUnusable = true;
                    goto case CaptureRead.Nothing;
                case CaptureRead.Nothing:
                    Watch();
                    break;
                case CaptureRead.Ended when _liveSince is null:
                    throw new CaptureException(CaptureFailure.Error, "it ended without a single frame");
                case CaptureRead.Ended when _settings.Kind == CameraKind.File:
                    return _settings.Loop;
                case CaptureRead.Ended:
                    throw new CaptureException(CaptureFailure.Ended, "the stream ended");
            }
        }

        return false;
    }

    private void FrameArrived()
    {
        (_lastArrival, _sawUnusable) = (_clock.Monotonic, false);
        _liveSince ??= _lastArrival;
        if (Status.State == CaptureState.Live) return;
        _logger.CameraLive(_settings.Name, Feed.Width, Feed.Height);
        Become(CaptureState.Live, null);
    }

    private void Watch()
    {
        var silence = _clock.Monotonic - _lastArrival;
        // Also for files: GStreamer's decodebin now and then loses the error of a demuxer that fails while being set up.
        if (_liveSince is null && silence.TotalMilliseconds >= _settings.StartTimeoutMs)
            throw Frozen($"no first frame within {_settings.StartTimeoutMs} ms");
        if (_liveSince is not null && silence.TotalMilliseconds >= _settings.WatchdogMs)
            throw Frozen($"no frame for {_settings.WatchdogMs} ms");
    }

    private CaptureException Frozen(string reason) => new(
        CaptureFailure.Frozen, _sawUnusable ? $"{reason}; those that come have time stamps that do not go on" : reason);

    private TimeSpan Fail(CaptureFailure cause, string reason)
    {
        if (_stop.IsCancellationRequested) return TimeSpan.Zero;
        reason = _redaction.Strike(reason);
        var delay = _backoff.Fail(_liveSince is { } since ? _clock.Monotonic - since : TimeSpan.Zero);
        var state = cause == CaptureFailure.Frozen && !_settings.IsRecording ? CaptureState.Frozen : CaptureState.Failed;
        if (_settings.IsRecording) _logger.CameraFailedForGood(_settings.Name, reason);
        else if (Status.Reason == reason) _logger.CameraStillDown(_settings.Name, _backoff.Failures, reason);
        else _logger.CameraStopped(_settings.Name, state.ToString(), reason);
        Become(state, reason);
        if (!_settings.IsRecording) SensorMetrics.SourceRebuilt(_settings.Name, cause);
        return delay;
    }

    private void Pause(TimeSpan delay)
    {
        for (var end = _clock.Monotonic + delay; !_stop.IsCancellationRequested && _clock.Monotonic < end;)
            _pause.Wait(end - _clock.Monotonic, _stop.Token);
    }

    private void Finish()
    {
        if (Status.State != CaptureState.Failed || !_settings.IsRecording)
        {
            _logger.CameraEnded(_settings.Name);
            Become(CaptureState.Ended, null);
        }

        Feed.Finish();
    }

    private void Become(CaptureState state, string? reason)
    {
        var status = new CaptureStatus(_settings.Name, state, reason, _clock.Now, state == CaptureState.Live ? 0 : _backoff.Failures);
        Volatile.Write(ref _status, status);
        StatusChanged?.Invoke(status);
    }
}
