using System.Collections.Concurrent;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Sensors.Synchronization;

/// <summary>
/// Gives the loop one snapshot a tick: the newest frame of every camera that has a new one. Cameras keep their own
/// rates; one that is down is simply not in the snapshot. Where frames come almost together it waits a little, so that
/// they join one run of the model; where more cameras have frames than one run takes, those go first that were passed
/// over longest, so that under overload a fast camera loses frames and a slow one does not wait. One caller at a time
/// takes snapshots; several may be in use at once. Steady state allocates nothing.
/// </summary>
public sealed class Synchronizer : IDisposable
{
    private readonly SensorClock _clock;
    private readonly SynchronizerSettings _settings;
    private readonly Func<int> _maxCameras;
    private readonly FrameFeed[] _feeds;
    private readonly long[] _lastTaken;
    private readonly bool[] _chosen;
    private readonly TimedSignal _arrival;
    private readonly ConcurrentQueue<SensorSnapshot> _free = new();
    private long _sequence;
    private long _turn;

    /// <summary>Makes a synchronizer over feeds, which belong to their sources.</summary>
    /// <param name="feeds">At least one.</param>
    /// <param name="clock">The clock of the service.</param>
    /// <param name="settings">How frames become a snapshot.</param>
    public Synchronizer(IEnumerable<FrameFeed> feeds, SensorClock clock, SynchronizerSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(settings.MaxAge, TimeSpan.Zero);
        _feeds = [.. feeds];
        ArgumentOutOfRangeException.ThrowIfZero(_feeds.Length, nameof(feeds));
        (_clock, _settings, _maxCameras) = (clock, settings, settings.MaxCameras ?? (() => _feeds.Length));
        (_lastTaken, _chosen) = (new long[_feeds.Length], new bool[_feeds.Length]);
        _arrival = new TimedSignal(clock);
        foreach (var feed in _feeds) feed.Notify(_arrival);
    }

    /// <summary>Whether every source has ended and nothing waits to be taken: no snapshot will come any more.</summary>
    public bool IsCompleted
    {
        get
        {
            // In this order: a source finishes after its last frame.
            foreach (var feed in _feeds)
                if (!feed.IsFinished || feed.HasFrame) return false;
            return true;
        }
    }

    /// <summary>
    /// Waits for a new frame of any camera and gives the snapshot, which the caller disposes. Null if no frame came
    /// within the time, when cancelled, and once <see cref="IsCompleted"/>.
    /// </summary>
    public SensorSnapshot? Next(TimeSpan timeout, CancellationToken cancellation = default)
    {
        var deadline = _clock.Monotonic + timeout;
        while (!cancellation.IsCancellationRequested)
        {
            if (_feeds.Length > 1) AwaitOthers(cancellation);
            if (Collect() is { } snapshot) return snapshot;
            var left = deadline - _clock.Monotonic;
            if (left <= TimeSpan.Zero || IsCompleted) return null;
            _arrival.Wait(left, cancellation);
        }

        return null;
    }

    /// <summary>Closes it, after the sources have stopped.</summary>
    public void Dispose() => _arrival.Dispose();

    internal void Return(SensorSnapshot snapshot) => _free.Enqueue(snapshot);

    // Once a frame lies ready, waits for those that are due at about the same time, and not longer than that.
    private void AwaitOthers(CancellationToken cancellation)
    {
        var first = _clock.Monotonic;
        while (!cancellation.IsCancellationRequested)
        {
            var (ready, due) = Look(first);
            var left = first + _settings.JoinWait - _clock.Monotonic;
            if (ready == 0 || due == 0 || ready >= _maxCameras() || left <= TimeSpan.Zero) return;
            _arrival.Wait(left, cancellation);
        }
    }

    private (int Ready, int Due) Look(TimeSpan first)
    {
        var (ready, due) = (0, 0);
        foreach (var feed in _feeds)
        {
            if (feed.HasFrame) ready++;
            else if (feed.NextArrival is { } next && (next - first).Duration() <= _settings.JoinWait) due++;
        }

        return (ready, due);
    }

    private SensorSnapshot? Collect()
    {
        SensorSnapshot? snapshot = null;
        Choose();
        for (var i = 0; i < _feeds.Length; i++)
        {
            var feed = _feeds[i];
            if (!_chosen[i] || feed.Take() is not { } frame) continue;
            if (feed.IsRealTime && _clock.Monotonic - frame.Time.Monotonic > _settings.MaxAge)
            {
                feed.Drop(FrameDrop.Stale);
                frame.Dispose();
                continue;
            }

            SensorMetrics.FrameTaken(feed.Camera);
            snapshot ??= Begin();
            snapshot.Add(i, frame);
        }

        return snapshot;
    }

    // Of the cameras with a frame those whose turn lies back furthest.
    private void Choose()
    {
        Array.Clear(_chosen);
        var most = _feeds.Length > 1 ? _maxCameras() : 1;
        for (var count = 0; count < most; count++)
        {
            var next = -1;
            for (var i = 0; i < _feeds.Length; i++)
            {
                if (!_chosen[i] && (next < 0 || _lastTaken[i] < _lastTaken[next]) && _feeds[i].HasFrame) next = i;
            }

            if (next < 0) return;
            _chosen[next] = true;
            _lastTaken[next] = ++_turn;
        }
    }

    private SensorSnapshot Begin()
    {
        if (!_free.TryDequeue(out var snapshot)) snapshot = new SensorSnapshot(this, _feeds.Length);
        snapshot.Begin(++_sequence);
        return snapshot;
    }
}
