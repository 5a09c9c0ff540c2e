using EdgePerception.Sensors.Time;

namespace EdgePerception.Policy.Safety;

/// <summary>
/// Watches over motion on a thread of its own that waits for no model, camera or network, so that nothing which hangs
/// there delays a stop. It knows two reasons to hold the robot: a halt by a person, a command or the e-stop, which
/// lasts until a resume; and the age of the newest decision, which mends itself once decisions come in time again.
/// Every public member may be called from any thread and returns at once.
/// </summary>
public sealed class SafetySupervisor : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ConfirmPeriod = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly SafetySettings _settings;
    private readonly SensorClock _clock;
    private readonly AutoResetEvent _wake = new(false);
    private readonly Queue<SafetyState> _changes = new();
    private readonly Thread _thread;
    private SafetyState _state;
    private (string Cause, string CommandId)? _halt;
    private TimeSpan _newestDecision;
    private TimeSpan? _inTimeSince;
    private TimeSpan _confirmed;
    private bool _decided;
    private bool _ended;
    private volatile bool _stopping;

    /// <summary>
    /// Makes a supervisor that stands at degrade until the first decision; <see cref="Start"/> sets it going.
    /// </summary>
    public SafetySupervisor(SafetySettings settings, SensorClock clock)
    {
        (_settings, _clock) = (settings, clock);
        _newestDecision = clock.Monotonic;
        _state = new SafetyState(SafetyLevel.Degrade, "no decision yet", clock.Now, NeedsResume: false, CommandId: "");
        _thread = new Thread(Watch) { Name = "safety", IsBackground = true, Priority = ThreadPriority.Highest };
    }

    /// <summary>
    /// Raised on the supervisor's thread for every change and every halt, in order. Handlers hand over and return at
    /// once, and do not throw: a supervisor that cannot tell ends the process.
    /// </summary>
    public event Action<SafetyState>? Changed;

    /// <summary>
    /// Raised on the supervisor's thread once a second with the state in force, in order with <see cref="Changed"/>:
    /// who no longer hears it knows that nobody watches. The same is asked of handlers.
    /// </summary>
    public event Action<SafetyState>? Confirmed;

    /// <summary>Where the robot stands now.</summary>
    public SafetyState State
    {
        get { lock (_gate) return _state; }
    }

    /// <summary>Whether a new motion may start.</summary>
    public bool MayAct => State.Level == SafetyLevel.Act;

    /// <summary>Starts the thread.</summary>
    public void Start() => _thread.Start();

    /// <summary>
    /// Halts until <see cref="Resume"/>. It is in force before this returns. A halt while halted is told again, because
    /// whoever says stop twice doubts that the first was heard.
    /// </summary>
    /// <param name="cause">One sentence.</param>
    /// <param name="commandId">The command that asks for it, if one does.</param>
    public void Halt(string cause, string commandId = "")
    {
        lock (_gate)
        {
            _halt = (cause, commandId);
            Enter(SafetyLevel.Halt, cause);
        }

        _wake.Set();
    }

    /// <summary>Halts for good: from here on no resume leads back.</summary>
    /// <param name="cause">One sentence.</param>
    public void End(string cause)
    {
        lock (_gate) _ended = true;
        Halt(cause);
    }

    /// <summary>
    /// Ends a halt. Answers false when none was in force, or when the end is. The age of decisions still holds the
    /// robot if it must.
    /// </summary>
    public bool Resume()
    {
        bool halted;
        lock (_gate)
        {
            if (_ended) return false;
            halted = _halt is not null;
            _halt = null;
            Evaluate();
        }

        _wake.Set();
        return halted;
    }

    /// <summary>
    /// Tells that the pipeline has decided on the world as it was at <paramref name="captured"/>. An older one than the
    /// newest changes nothing, and one from the future counts as of now: it would hide every silence until then.
    /// </summary>
    public void Decided(TimeSpan captured)
    {
        lock (_gate)
        {
            captured = TimeSpan.FromTicks(Math.Min(captured.Ticks, _clock.Monotonic.Ticks));
            if (_decided && captured <= _newestDecision) return;
            (_decided, _newestDecision) = (true, captured);
        }
    }

    /// <summary>
    /// Puts the ladder in step with the time. The thread calls it every 20 ms; tests call it themselves.
    /// </summary>
    internal void Evaluate()
    {
        lock (_gate)
        {
            var (level, cause) = Judge(_clock.Monotonic);
            if (level != _state.Level || _halt is not null != _state.NeedsResume) Enter(level, cause);
        }
    }

    /// <summary>
    /// Tells what is left to tell and ends the thread. Halts are still taken note of afterwards, but no longer told.
    /// </summary>
    public void Dispose()
    {
        if (_stopping) return;
        _stopping = true;
        _wake.Set();
        if (_thread.IsAlive && Thread.CurrentThread != _thread) _thread.Join();
        // The event is left to its finalizer: a halt may come from any thread, also after the end, and must not throw.
    }

    private void Enter(SafetyLevel level, string cause)
    {
        _state = new SafetyState(level, cause, _clock.Now, _halt is not null, _halt?.CommandId ?? "");
        _changes.Enqueue(_state);
    }

    private (SafetyLevel Level, string Cause) Judge(TimeSpan now)
    {
        var age = now - _newestDecision;
        var late = age > TimeSpan.FromMilliseconds(_settings.DegradeAfterMs);
        _inTimeSince = late || !_decided ? null : _inTimeSince ?? _newestDecision;
        if (_halt is { } halt) return (SafetyLevel.Halt, halt.Cause);
        if (age > TimeSpan.FromMilliseconds(_settings.HaltAfterMs))
            return (SafetyLevel.Halt, $"no decision for more than {_settings.HaltAfterMs} ms");
        var held = _state.Level == SafetyLevel.Halt && !_state.NeedsResume ? SafetyLevel.Halt : SafetyLevel.Degrade;
        if (late) return (held, $"no decision for more than {_settings.DegradeAfterMs} ms");
        // Between decisions, not until now: one decision and the silence after it are no recovery.
        var recovered = _newestDecision - _inTimeSince >= TimeSpan.FromMilliseconds(_settings.RecoverAfterMs);
        if (recovered || _state.Level == SafetyLevel.Act)
            return (SafetyLevel.Act, "decisions come in time");
        return (held, "decisions come again; not yet long enough");
    }

    private void Watch()
    {
        while (!_stopping)
        {
            Evaluate();
            Publish();
            Confirm();
            _wake.WaitOne(Period);
        }

        Publish();
    }

    private void Confirm()
    {
        var now = _clock.Monotonic;
        if (now - _confirmed < ConfirmPeriod) return;
        SafetyState state;
        lock (_gate)
        {
            // A change that has just come is told as one first.
            if (_changes.Count > 0) return;
            state = _state;
        }

        _confirmed = now;
        Confirmed?.Invoke(state);
    }

    private void Publish()
    {
        while (true)
        {
            SafetyState change;
            lock (_gate)
            {
                if (!_changes.TryDequeue(out change!)) return;
            }

            Changed?.Invoke(change);
        }
    }
}
