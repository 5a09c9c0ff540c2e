using EdgePerception.Sensors.Time;

namespace EdgePerception.Policy.Safety;

/// <summary>
/// Watches over motion on a thread of its own that waits for no model, camera, log or network, so that nothing which
/// hangs there delays a stop. It asks the <see cref="SafetyGate"/> at each round and renews the permit as long as that
/// allows it. Nothing here takes a lock: halts and resumes are numbered, so that the newest halt stands whatever
/// overtakes what. Every public member may be called from any thread and returns at once.
/// </summary>
public sealed class SafetySupervisor : IDisposable
{
    /// <summary>The longest time between two rounds.</summary>
    public static readonly TimeSpan LongestBeat = TimeSpan.FromMilliseconds(20);

    private const int BeatsAWindow = 8;

    private static readonly TimeSpan ConfirmPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RepeatPeriod = TimeSpan.FromMilliseconds(100);

    private readonly SafetySettings _settings;
    private readonly SensorClock _clock;
    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread _thread;
    private readonly Halts _halts;
    private readonly string[] _causes;
    private readonly string[] _waysBack;

    // Written by any thread.
    private long _newestDecision;
    private long _inTimeSince;
    private double _vision;
    private double _confidence = 1;
    private long _beat;
    private volatile bool _decided;
    private volatile bool _armed;
    private volatile bool _ended;
    private volatile bool _stopping;

    // Written by the thread of the rounds; others read each for itself.
    private volatile int _noted = -1;
    private long _since;
    private long _sinceUtc;
    private long _troubled;
    private long _lateness;
    private long _jump;

    // The thread of the rounds alone.
    private SafetyState _told;
    private long _toldHalt;
    private TimeSpan? _toldHaltAt;
    private TimeSpan _confirmed;
    private TimeSpan? _due;
    private TimeSpan? _wallClock;

    /// <summary>
    /// Makes a supervisor that permits nothing until decisions come in time; <see cref="Start"/> sets it going.
    /// </summary>
    public SafetySupervisor(SafetySettings settings, SensorClock clock)
    {
        (_settings, _clock, _armed) = (settings, clock, settings.ArmAtStart);
        _newestDecision = _troubled = clock.Monotonic.Ticks;
        _halts = new Halts(clock);
        _beat = Math.Min(LongestBeat.Ticks, BeatFor(Math.Min(settings.PermitMs, settings.HeartbeatMs)).Ticks);
        _causes = new string[Enum.GetValues<SafetyInput>().Length];
        _waysBack = new string[_causes.Length];
        Array.Fill(_causes, "decisions come in time");
        Array.Fill(_waysBack, "");
        foreach (var rule in SafetyGate.Rules)
            (_causes[(int)rule.Input], _waysBack[(int)rule.Input]) = (rule.Cause(settings), rule.WayBack);
        _told = State;
        _thread = new Thread(Watch) { Name = "safety", IsBackground = true, Priority = ThreadPriority.Highest };
    }

    /// <summary>Raised once on the supervisor's thread before all else, for who can make it more urgent.</summary>
    public event Action? Entered;

    /// <summary>
    /// Raised on the supervisor's thread for each halt and each change: the newest state takes the place of those that
    /// could not be told meanwhile, but a halt is told though it was lifted since. A halt that is repeated is told at
    /// most ten times a second. Handlers hand over and return at once, and do not throw: a supervisor that cannot tell
    /// ends the process.
    /// </summary>
    public event Action<SafetyState>? Changed;

    /// <summary>
    /// Raised on the supervisor's thread at each round, after <see cref="Changed"/>, with the state in force: whether
    /// permits are to be renewed. The same is asked of handlers.
    /// </summary>
    public event Action<SafetyState>? Beat;

    /// <summary>
    /// Raised on the supervisor's thread once a second with the state in force, in order with <see cref="Changed"/>:
    /// who no longer hears it knows that nobody watches. The same is asked of handlers.
    /// </summary>
    public event Action<SafetyState>? Confirmed;

    /// <summary>What it cannot know by itself; set before <see cref="Start"/>.</summary>
    public SafetyProbes Probes { get; set; } = new();

    /// <summary>Where the robot stands now; judged anew, so that it is never older than the call.</summary>
    public SafetyState State
    {
        get
        {
            var (now, halt) = (_clock.Monotonic, Standing);
            return Describe(SafetyGate.Judge(Look(now, halt), _settings), halt, now);
        }
    }

    /// <summary>Whether motion is permitted now.</summary>
    public bool MayAct => SafetyGate.Judge(Look(_clock.Monotonic, Standing), _settings).Permits;

    /// <summary>The halt that stands; none where none does.</summary>
    public HaltNote? Standing => _halts.Standing;

    /// <summary>The time between two rounds.</summary>
    public TimeSpan Period => new(Volatile.Read(ref _beat));

    /// <summary>Starts the thread.</summary>
    public void Start() => _thread.Start();

    /// <summary>
    /// Halts until a resume. It is in force before this returns. A halt while halted is told again, because whoever
    /// says stop twice doubts that the first was heard, and takes the place of the one before.
    /// </summary>
    /// <param name="cause">One sentence.</param>
    /// <param name="commandId">The command that asks for it, if one does.</param>
    public HaltNote Halt(string cause, string commandId = "")
    {
        var halt = _halts.Add(cause, commandId);
        _wake.Set();
        return halt;
    }

    /// <summary>Halts for good: from here on no resume leads back.</summary>
    /// <param name="cause">One sentence.</param>
    public void End(string cause)
    {
        _causes[(int)SafetyInput.End] = cause;
        _ended = true;
        _wake.Set();
    }

    /// <summary>Lifts the newest halt. Answers false when none stands, or when the end is in force.</summary>
    public bool Resume() => Resume("", null) == ResumeOutcome.Lifted;

    /// <summary>
    /// Lifts the newest halt, unless the resume is older than it. It arms nothing, and what else holds the robot goes
    /// on holding it.
    /// </summary>
    /// <param name="haltId">The halt that it is about; empty for whichever is the newest.</param>
    /// <param name="issuedAt">When it was given, on the monotonic clock; none where that is not known.</param>
    public ResumeOutcome Resume(string haltId, TimeSpan? issuedAt)
    {
        if (_ended) return ResumeOutcome.Ended;
        var outcome = _halts.Lift(haltId, issuedAt);
        _wake.Set();
        return outcome;
    }

    /// <summary>Arms this start of the service; null, or why not, as one clause.</summary>
    public string? Arm()
    {
        if (_ended) return "the service ends";
        if (Standing is { } halt) return $"a halt stands ({halt.Id}: {halt.Cause}); resume first";
        _armed = true;
        _wake.Set();
        return null;
    }

    /// <summary>
    /// Tells that the pipeline has decided on the world as it was at <paramref name="captured"/>. An older one than the
    /// newest changes nothing, and one from the future counts as of now: it would hide every silence until then.
    /// </summary>
    /// <param name="captured">When that world was seen, on the monotonic clock.</param>
    /// <param name="vision">How well objects could be seen in it, 0 to 1.</param>
    public void Decided(TimeSpan captured, double vision = 1)
    {
        var now = _clock.Monotonic.Ticks;
        var at = Math.Min(captured.Ticks, now);
        var before = Volatile.Read(ref _newestDecision);
        if (_decided && at <= before) return;
        // One decision and the silence after it are no recovery: only what follows in time adds up.
        if (!_decided || now - before > DegradeTicks) Volatile.Write(ref _inTimeSince, at);
        Volatile.Write(ref _vision, vision);
        Volatile.Write(ref _newestDecision, at);
        _decided = true;
    }

    /// <summary>How sure it is that what is being carried out is what was meant, 0 to 1; 1 while nothing is.</summary>
    public void Believe(double confidence) => Volatile.Write(ref _confidence, confidence);

    /// <summary>Has rounds come often enough for a controller that is lost after such a silence.</summary>
    public void Pace(TimeSpan window)
    {
        var wanted = BeatFor((int)window.TotalMilliseconds).Ticks;
        if (wanted < Volatile.Read(ref _beat)) Volatile.Write(ref _beat, wanted);
        _wake.Set();
    }

    /// <summary>
    /// Puts the ladder in step with the time and tells what is to be told. The thread does it at each round; tests call
    /// it themselves.
    /// </summary>
    internal void Round()
    {
        var now = _clock.Monotonic;
        Measure(now);
        // One look for both, so that what is told after a halt was judged with it.
        var newest = _halts.Newest;
        var halt = _halts.StandingOf(newest);
        var inputs = Look(now, halt);
        if (!SafetyGate.IsCalm(inputs, _settings)) Volatile.Write(ref _troubled, now.Ticks);
        var verdict = SafetyGate.Judge(inputs, _settings);
        Note(verdict, now);
        var state = Describe(verdict, halt, now);
        if (TellHalt(newest, halt, state, now) || IsNews(state)) Tell(state);
        Beat?.Invoke(state);
        if (now - _confirmed < ConfirmPeriod) return;
        _confirmed = now;
        Confirmed?.Invoke(state);
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

    private long DegradeTicks => _settings.DegradeAfterMs * TimeSpan.TicksPerMillisecond;

    private void Watch()
    {
        Entered?.Invoke();
        while (!_stopping)
        {
            Round();
            _due = _clock.Monotonic + Period;
            _wake.WaitOne((int)Period.TotalMilliseconds);
        }

        _toldHaltAt = null;
        Round();
    }

    private SafetyInputs Look(TimeSpan now, HaltNote? halt)
    {
        var newest = Volatile.Read(ref _newestDecision);
        return new SafetyInputs
        {
            IsEnded = _ended,
            IsHalted = halt is not null,
            IsArmed = _armed,
            HasDecided = _decided,
            SceneAge = new TimeSpan(now.Ticks - newest),
            SceneInTimeFor = _decided ? new TimeSpan(newest - Volatile.Read(ref _inTimeSince)) : TimeSpan.Zero,
            CalmFor = new TimeSpan(now.Ticks - Volatile.Read(ref _troubled)),
            CameraSilence = Probes.CameraSilence(),
            MicrophoneSilence = Probes.MicrophoneSilence(),
            ControllerOverdue = Probes.ControllerOverdue(),
            LinkLostFor = Probes.LinkLostFor(),
            Lateness = new TimeSpan(Volatile.Read(ref _lateness)),
            ClockJump = new TimeSpan(Volatile.Read(ref _jump)),
            TemperatureC = Probes.TemperatureC(),
            Vision = Volatile.Read(ref _vision),
            Confidence = Volatile.Read(ref _confidence),
        };
    }

    private SafetyState Describe(SafetyVerdict verdict, HaltNote? halt, TimeSpan now)
    {
        var (level, input) = verdict;
        var since = halt is not null && input == SafetyInput.Halt ? halt.At
            : _noted != Pack(verdict) ? _clock.At(now)
            : new SensorTime(
                new TimeSpan(Volatile.Read(ref _since)),
                new DateTimeOffset(Volatile.Read(ref _sinceUtc), TimeSpan.Zero));
        var cause = input switch
        {
            SafetyInput.Halt => halt!.Cause,
            SafetyInput.Scene when !_decided => "no decision yet",
            SafetyInput.Controller when Probes.OverdueController() is { Length: > 0 } one => one,
            _ => _causes[(int)input],
        };
        return new SafetyState(
            level, input, cause, _waysBack[(int)input], since, _armed, halt?.Id ?? "",
            halt?.CommandId ?? "");
    }

    private void Measure(TimeSpan now)
    {
        var late = _due is { } due && now > due ? now - due : TimeSpan.Zero;
        var wallClock = new TimeSpan(_clock.Now.Utc.Ticks) - now;
        var jump = _wallClock is { } before ? (wallClock - before).Duration() : TimeSpan.Zero;
        _wallClock = wallClock;
        Volatile.Write(ref _lateness, late.Ticks);
        Volatile.Write(ref _jump, jump.Ticks);
    }

    private void Note(SafetyVerdict verdict, TimeSpan now)
    {
        if (_noted == Pack(verdict)) return;
        Volatile.Write(ref _since, now.Ticks);
        Volatile.Write(ref _sinceUtc, _clock.At(now).Utc.UtcTicks);
        _noted = Pack(verdict);
    }

    /// <summary>
    /// Tells the newest halt, where it has not been told: also one that was lifted meanwhile. True if what is in force
    /// is to be told after it.
    /// </summary>
    private bool TellHalt(HaltNote? newest, HaltNote? standing, SafetyState state, TimeSpan now)
    {
        if (newest is null || newest.Number <= _toldHalt) return false;
        var isRepeated = _told is { Level: SafetyLevel.Halt, NeedsResume: true } && standing is not null;
        if (isRepeated && now - _toldHaltAt < RepeatPeriod) return false;
        (_toldHalt, _toldHaltAt) = (newest.Number, now);
        if (standing is not null && state.Level == SafetyLevel.Halt)
        {
            Tell(state);
            return false;
        }

        Tell(Describe(new SafetyVerdict(SafetyLevel.Halt, SafetyInput.Halt), newest, now));
        return true;
    }

    private bool IsNews(SafetyState state) =>
        (state.Level, state.Input, state.IsArmed) != (_told.Level, _told.Input, _told.IsArmed)
        || state.NeedsResume != _told.NeedsResume;

    private void Tell(SafetyState state)
    {
        _told = state;
        Changed?.Invoke(state);
    }

    private static int Pack(SafetyVerdict verdict) => ((int)verdict.Level << 8) | (int)verdict.Input;

    private static TimeSpan BeatFor(int windowMs) =>
        TimeSpan.FromMilliseconds(Math.Max(windowMs, SafetySettings.MinWindowMs) / BeatsAWindow);
}
