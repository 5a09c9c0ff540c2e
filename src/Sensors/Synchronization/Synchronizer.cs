using System.Collections.Concurrent;
using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.Diagnostics;

namespace EdgePerception.Sensors.Synchronization;

/// <summary>
/// Gives the loop one snapshot a tick: the newest frame of every camera that has a new one, with the sound that belongs
/// to it. Cameras keep their own rates; one that is down is simply not in the snapshot. One caller at a time takes
/// snapshots; several may be in use at once. Steady state allocates nothing.
/// </summary>
public sealed class Synchronizer : IDisposable
{
    private readonly SensorClock _clock;
    private readonly TimeSpan _maxAge;
    private readonly SensorFeed[] _feeds;
    private readonly long[] _soundPositions;
    private readonly TimedSignal _arrival;
    private readonly ConcurrentQueue<SensorSnapshot> _free = new();
    private long _sequence;

    /// <summary>Makes a synchronizer over feeds, which belong to their sources.</summary>
    /// <param name="feeds">At least one.</param>
    /// <param name="clock">The clock of the service.</param>
    /// <param name="maxAge">A frame older than this when it is looked at is refused and counted as stale.</param>
    public Synchronizer(IEnumerable<SensorFeed> feeds, SensorClock clock, TimeSpan maxAge)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(maxAge, TimeSpan.Zero);
        _feeds = [.. feeds];
        ArgumentOutOfRangeException.ThrowIfZero(_feeds.Length, nameof(feeds));
        (_clock, _maxAge) = (clock, maxAge);
        _soundPositions = new long[_feeds.Length];
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
    /// Waits for a new frame of any camera and gives the snapshot, which the caller disposes. None when no frame came
    /// within the time, when cancelled, and once <see cref="IsCompleted"/>.
    /// </summary>
    public SensorSnapshot? Next(TimeSpan timeout, CancellationToken cancellation = default)
    {
        var deadline = _clock.Monotonic + timeout;
        while (!cancellation.IsCancellationRequested)
        {
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

    private SensorSnapshot? Collect()
    {
        SensorSnapshot? snapshot = null;
        for (var i = 0; i < _feeds.Length; i++)
        {
            var feed = _feeds[i];
            if (feed.Take() is not { } frame) continue;
            if (feed.IsRealTime && _clock.Monotonic - frame.Time.Monotonic > _maxAge)
            {
                feed.Drop(FrameDrop.Stale);
                frame.Dispose();
                continue;
            }

            snapshot ??= Begin();
            snapshot.Add(i, frame, feed.Sound, ref _soundPositions[i]);
        }

        return snapshot;
    }

    private SensorSnapshot Begin()
    {
        if (!_free.TryDequeue(out var snapshot)) snapshot = new SensorSnapshot(this, _feeds);
        snapshot.Begin(++_sequence);
        return snapshot;
    }
}
