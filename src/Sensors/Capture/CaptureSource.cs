using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Sensors.Capture;

/// <summary>
/// Keeps one camera or microphone alive on a thread of its own: open, read, watch, tear down, wait, open again. Nothing
/// for the watchdog's time, an error, or the end of a live source is a failure; a recording ends by itself, and is not
/// opened again when it fails. Sources know nothing of each other, so one that is down holds up no other.
/// </summary>
/// <typeparam name="TFeed">What it gives: frames or sound.</typeparam>
public sealed class CaptureSource<TFeed> : IDisposable
    where TFeed : class, ICaptureFeed
{
    private static readonly TimeSpan LongestRead = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);
    private readonly CaptureLife _life;
    private readonly OpenCapture<TFeed> _open;
    private readonly SensorClock _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Backoff _backoff = new();
    private readonly TimedSignal _pause;
    private readonly Thread _thread;
    private CaptureStatus _status;
    private TimeSpan _lastArrival;
    private long _heardTicks;
    private TimeSpan? _liveSince;
    private bool _sawUnusable;

    internal CaptureSource(CaptureLife life, TFeed feed, OpenCapture<TFeed> open, SensorClock clock, ILogger logger)
    {
        (_life, Feed, _open, _clock, _logger) = (life, feed, open, clock, logger);
        _pause = new TimedSignal(clock);
        _status = new CaptureStatus(life.Name, CaptureState.Starting, null, clock.Now, 0);
        _heardTicks = clock.Monotonic.Ticks;
        var name = life.Kind == SourceKind.Camera ? $"capture {life.Name}" : $"microphone {life.Name}";
        _thread = new Thread(Run) { Name = name, IsBackground = true };
    }

    /// <summary>What it gives.</summary>
    public TFeed Feed { get; }

    /// <summary>How it is doing; readable from any thread.</summary>
    public CaptureStatus Status => Volatile.Read(ref _status);

    /// <summary>
    /// Since the newest of what it gives was taken, or came, where its times are not the clock's; before the first
    /// since the start. A source that is down or has ended grows ever more silent. Any thread; allocates nothing.
    /// </summary>
    public TimeSpan Silence
    {
        get
        {
            var newest = Feed is { IsRealTime: true, LastTime: var taken } && taken > TimeSpan.Zero ? taken
                : new TimeSpan(Interlocked.Read(ref _heardTicks));
            var silence = _clock.Monotonic - newest;
            return silence > TimeSpan.Zero ? silence : TimeSpan.Zero;
        }
    }

    /// <summary>Raised on the capture thread at each change; handlers are quick and do not throw.</summary>
    public event Action<CaptureStatus>? StatusChanged;

    /// <summary>Starts capturing; once.</summary>
    public void Start()
    {
        Interlocked.Exchange(ref _heardTicks, _clock.Monotonic.Ticks);
        _thread.Start();
    }

    /// <summary>Stops capturing and closes the source; says so in the log when frames are still on lease.</summary>
    public void Dispose()
    {
        if (_stop.IsCancellationRequested) return;
        _stop.Cancel();
        Feed.Close();
        if (_thread.IsAlive && !_thread.Join(StopTimeout))
        {
            // A driver that hangs in the kernel cannot be ended; its memory stays with it.
            _logger.ThreadStuck(_life.Kind, _life.Name);
            return;
        }

        Feed.Dispose();
        if (Feed.DescribeLeases() is { } leases) _logger.FramesLeaked(_life.Name, leases);
        _pause.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        while (!_stop.IsCancellationRequested)
        {
            ICapture<TFeed>? capture = null;
            TimeSpan delay;
            try
            {
                _liveSince = null;
                capture = _open(Feed.LastTime);
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

            if (_life.IsRecording) break;
            Pause(delay);
        }

        Finish();
    }

    /// <summary>Reads until the end; true when a loop is to begin again.</summary>
    private bool Play(ICapture<TFeed> capture)
    {
        (_lastArrival, _sawUnusable) = (_clock.Monotonic, false);
        while (!_stop.IsCancellationRequested)
        {
            switch (capture.Read(Feed, LongestRead, _stop.Token))
            {
                case CaptureRead.Arrived:
                    Arrived();
                    break;
                case CaptureRead.Unusable:
                    _sawUnusable = true;
                    goto case CaptureRead.Nothing;
                case CaptureRead.Nothing:
                    Watch();
                    break;
                case CaptureRead.Ended when _liveSince is null:
                    throw new CaptureException(CaptureFailure.Error, $"it ended without {_life.Single}");
                case CaptureRead.Ended when _life.IsFile:
                    return _life.Loops;
                case CaptureRead.Ended:
                    throw new CaptureException(CaptureFailure.Ended, "the stream ended");
            }
        }

        return false;
    }

    private void Arrived()
    {
        (_lastArrival, _sawUnusable) = (_clock.Monotonic, false);
        Interlocked.Exchange(ref _heardTicks, _lastArrival.Ticks);
        _liveSince ??= _lastArrival;
        if (Status.State == CaptureState.Live) return;
        _logger.Live(_life.Kind, _life.Name, Feed.Shape);
        Become(CaptureState.Live, null);
    }

    private void Watch()
    {
        var silence = _clock.Monotonic - _lastArrival;
        // Also for files: GStreamer's decodebin now and then loses the error of a demuxer that fails while being set
        // up.
        if (_liveSince is null && silence.TotalMilliseconds >= _life.StartTimeoutMs)
            throw Frozen($"no first {_life.Unit} within {_life.StartTimeoutMs} ms");
        if (_liveSince is not null && silence.TotalMilliseconds >= _life.WatchdogMs)
            throw Frozen($"no {_life.Unit} for {_life.WatchdogMs} ms");
    }

    private CaptureException Frozen(string reason) => new(
        CaptureFailure.Frozen, _sawUnusable ? $"{reason}; those that come have time stamps that do not go on" : reason);

    private TimeSpan Fail(CaptureFailure cause, string reason)
    {
        if (_stop.IsCancellationRequested) return TimeSpan.Zero;
        reason = _life.Redaction.Strike(reason);
        var delay = _backoff.Fail(_liveSince is { } since ? _clock.Monotonic - since : TimeSpan.Zero);
        var state = cause == CaptureFailure.Frozen && !_life.IsRecording ? CaptureState.Frozen : CaptureState.Failed;
        if (_life.IsRecording) _logger.FailedForGood(_life.Kind, _life.Name, reason);
        else if (Status.Reason == reason) _logger.StillDown(_life.Kind, _life.Name, _backoff.Failures, reason);
        else _logger.Stopped(_life.Kind, _life.Name, state.ToString(), reason);
        Become(state, reason);
        if (!_life.IsRecording) SensorMetrics.SourceRebuilt(_life.Kind, _life.Name, cause);
        return delay;
    }

    private void Pause(TimeSpan delay)
    {
        for (var end = _clock.Monotonic + delay; !_stop.IsCancellationRequested && _clock.Monotonic < end;)
            _pause.Wait(end - _clock.Monotonic, _stop.Token);
    }

    private void Finish()
    {
        if (Status.State != CaptureState.Failed || !_life.IsRecording)
        {
            _logger.Ended(_life.Kind, _life.Name);
            Become(CaptureState.Ended, null);
        }

        Feed.Finish();
    }

    private void Become(CaptureState state, string? reason)
    {
        var status = new CaptureStatus(
            _life.Name, state, reason, _clock.Now, state == CaptureState.Live ? 0 : _backoff.Failures);
        Volatile.Write(ref _status, status);
        StatusChanged?.Invoke(status);
    }
}
