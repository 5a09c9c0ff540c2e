namespace EdgePerception.Sensors.Time;

/// <summary>
/// An event to wait on, whose time-out comes from a timer of the clock's own provider, so that a wait runs on virtual
/// time in tests. It may wake early: callers look at their condition and wait again. One waiter at a time; setting is
/// safe from any thread; waiting allocates nothing.
/// </summary>
internal sealed class TimedSignal : IDisposable
{
    private readonly AutoResetEvent _event = new(false);
    private readonly WaitHandle[] _handles = new WaitHandle[2];
    private readonly ITimer _timer;

    public TimedSignal(SensorClock clock)
    {
        _handles[0] = _event;
        _timer = clock.Provider.CreateTimer(
            static signal => ((TimedSignal)signal!).Set(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Wakes the waiter, or lets the next wait pass at once.</summary>
    public void Set()
    {
        // A producer or the timer may still hold the signal while its owner shuts down.
        try { _event.Set(); }
        catch (ObjectDisposedException) { }
    }

    /// <summary>
    /// Waits until set, cancelled, or the time has passed; nobody can tell which: look at the condition.
    /// </summary>
    public void Wait(TimeSpan timeout, CancellationToken cancellation)
    {
        if (timeout <= TimeSpan.Zero) return;
        _timer.Change(timeout, Timeout.InfiniteTimeSpan);
        if (cancellation.CanBeCanceled)
        {
            _handles[1] = cancellation.WaitHandle;
            WaitHandle.WaitAny(_handles);
        }
        else
        {
            _event.WaitOne();
        }

        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        _timer.Dispose();
        _event.Dispose();
    }
}
