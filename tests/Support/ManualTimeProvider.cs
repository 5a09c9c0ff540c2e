namespace EdgePerception.Tests.Support;

/// <summary>
/// A clock that stands still until a test moves it. Timers fire on the thread that moves it, in the order in which they
/// are due. Safe from any thread.
/// </summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private long _ticks = TimeSpan.FromHours(1).Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _start + new TimeSpan(_ticks);
    }

    /// <summary>Sets the wall clock as an administrator would; monotonic time goes on undisturbed.</summary>
    public void JumpUtc(TimeSpan by)
    {
        lock (_gate) _start += by;
    }

    /// <summary>Lets time pass and fires every timer that comes due, each at its own time.</summary>
    public void Advance(TimeSpan by)
    {
        var end = GetTimestamp() + by.Ticks;
        while (NextDue(end) is { } timer) timer.Fire();
        lock (_gate) _ticks = Math.Max(_ticks, end);
    }

    /// <summary>
    /// Lets time pass in steps until something has happened on other threads; fails after a minute of real time.
    /// </summary>
    public void AdvanceUntil(Func<bool> condition, TimeSpan? step = null)
    {
        var deadline = Environment.TickCount64 + 60_000;
        while (!condition())
        {
            if (Environment.TickCount64 > deadline) throw new TimeoutException("what the test waits for did not happen");
            Advance(step ?? TimeSpan.FromMilliseconds(10));
            // Other threads get a chance to take note of the new time.
            Thread.Sleep(1);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private ManualTimer? NextDue(long end)
    {
        lock (_gate)
        {
            var next = _timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
            if (next is null) return null;
            _ticks = Math.Max(_ticks, next.Due);
            next.Rearm();
            return next;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider owner, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public long Due { get; private set; } = long.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            bool atOnce;
            lock (owner._gate)
            {
                _period = period;
                Due = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : owner._ticks + dueTime.Ticks;
                atOnce = dueTime == TimeSpan.Zero;
                if (atOnce) Rearm();
                if (Due == long.MaxValue) owner._timers.Remove(this);
                else if (!owner._timers.Contains(this)) owner._timers.Add(this);
            }

            if (atOnce) Fire();
            return true;
        }

        public void Rearm()
        {
            Due = _period > TimeSpan.Zero ? Due + _period.Ticks : long.MaxValue;
            if (Due == long.MaxValue) owner._timers.Remove(this);
        }

        public void Fire() => callback(state);

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
