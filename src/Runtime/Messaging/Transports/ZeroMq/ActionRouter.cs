using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq.Gate;
using EdgePerception.Sensors.Time;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq;

/// <summary>
/// The socket of the robot controllers (DEALER at their end). They register by name, and are then sent the safety level
/// at once and on every change, permits to move, and each action with its deadline. An action is checked against the
/// monotonic clock and the gate at the moment of sending: one that has expired is never sent,
/// no motion where none is permitted, and a stop always. What had not been sent when a halt came is not sent any more,
/// unless it stops. A controller that vanished or fell silent is forgotten; one that does not read misses actions, and
/// gets the newest safety level, and the stop, as soon as it reads again. Members are safe from any thread; one thread
/// of its own owns the socket and calls <see cref="Handler"/>.
/// </summary>
public sealed class ActionRouter : IAsyncDisposable
{
    private const string Name = "actions";
    private const int IdleMs = 1000;
    private const int RetryMs = 20;

    private static readonly TimeSpan AcknowledgementLook = TimeSpan.FromMilliseconds(5);

    // A message that is wrong is answered by a reason; what no client sends by mistake ends its connection.
    private static readonly GateLimits PeerLimits = new()
    {
        PeerTypes = ["DEALER", "REQ", "ROUTER"],
        IsUrgent = true,
        MessageParts = 8,
        FrameBytes = ControllerDialogue.MaxFrameBytes,
        MessageBytes = ControllerDialogue.MaxFrameBytes,
    };

    private readonly ActionQueue _actions;
    private readonly ZeroMqSettings _options;
    private readonly string _device;
    private readonly SafetySettings _permits;
    private readonly Func<bool> _mayMove;
    private readonly SensorClock _clock;
    private readonly ILogger<ActionRouter> _logger;
    private readonly TransportThread _thread;
    private readonly Handover<(long Number, SafetyState State)> _level = new();
    private readonly Handover<(long Number, SafetyState State)> _halt = new();
    private readonly ControllerList? _list;
    private ControllerDialogue? _dialogue;
    private GatedSocket? _gated;
    private volatile string _motion = "";
    private volatile bool _hasSentEnd;
    private long _told;
    private int _beat;
    private uint _sequence;
    private bool _mustForget;
    private int _disposed;

    /// <summary>A router that has not been bound.</summary>
    /// <param name="options">The socket.</param>
    /// <param name="device">The device's name towards controllers.</param>
    /// <param name="permits">How long permits live, and who is given motion.</param>
    /// <param name="mayMove">The gate, asked at the moment of sending; from the router's thread.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="logger">Where controllers' comings and goings are told.</param>
    /// <exception cref="MessagingException">The options are wrong; the line names all of it.</exception>
    public ActionRouter(
        ZeroMqSettings options, string device, SafetySettings permits, Func<bool> mayMove, SensorClock clock,
        ILogger<ActionRouter> logger)
    {
        SettingsFaults.ThrowIfAny("zeromq", options);
        (_options, _device, _permits, _mayMove, _clock, _logger) = (options, device, permits, mayMove, clock, logger);
        _list = options.ControllersFile.Length > 0 ? new ControllerList(options.ControllersFile) : null;
        _thread = new TransportThread(Name, options.ShutdownMs, clock, logger, isUrgent: true);
        _actions = new ActionQueue(reason => Drop(reason));
    }

    /// <summary>
    /// Takes what controllers do, and returns why what one asks for is refused, which it is told, or null; set it
    /// before <see cref="Start"/>. It must not block: a halt waits behind it.
    /// </summary>
    public Func<ControllerEvent, string?>? Handler { get; set; }

    /// <summary>
    /// Messages to controllers and from them. An action counts once for each controller; one that reached nobody counts
    /// once, by its reason.
    /// </summary>
    public TransportCounters Counters { get; } = new(Name);

    /// <summary>How long halts took from their coming in until their stop had been sent.</summary>
    public LatencyWindow StopLatency { get; } = LatencyWindow.OfStops();

    /// <summary>Where controllers connect, once started; with the port that the system chose for port 0.</summary>
    public string Endpoint => _gated?.Endpoint ?? "";

    /// <summary>How many controllers are registered.</summary>
    public int Controllers => Post?.Count ?? 0;

    /// <summary>How many of them are given motion.</summary>
    public int Movers => _permits.LegacyControllers ? Controllers : Post?.Movers ?? 0;

    /// <summary>By how much the controller that is silent for longest is beyond its window.</summary>
    public TimeSpan Overdue => Post?.Heartbeats.Overdue ?? TimeSpan.Zero;

    /// <summary>Which one that is, as a sentence; empty where none is listened for.</summary>
    public string OverdueCause => Post?.Heartbeats.Cause ?? "";

    /// <summary>Whether people can stop the robot through one that is heard.</summary>
    public bool RelaysStops => Post?.Heartbeats.RelaysStops ?? false;

    /// <summary>
    /// What is wrong with the controllers, or was within the last ten seconds: one was lost, was refused, was cut off,
    /// does not read, or says what is not so; or that nobody speaks with them any more. Null if all is well.
    /// </summary>
    public string? Trouble => _thread.Fault ?? (Post?.Trouble.Text, _gated?.Trouble) switch
    {
        ({ } controllers, { } connections) => $"{controllers}; {connections}",
        var (controllers, connections) => controllers ?? connections,
    };

    /// <summary>Binds and starts.</summary>
    /// <exception cref="MessagingException">The endpoint is taken or cannot be had; one clear line.</exception>
    public void Start() => _thread.Start(Open, Run);

    /// <summary>
    /// Sends an action to every controller that is registered now. Never blocks. Returns false when it had expired
    /// already or the router has ended.
    /// </summary>
    /// <param name="action">
    /// The action; copied. Number, publish time and remaining time are written when it is sent.
    /// </param>
    /// <param name="deadline">Monotonic instant from which it must not be sent any more.</param>
    public bool Deliver(Messages.Action action, TimeSpan deadline)
    {
        if (_clock.Monotonic >= deadline) return Drop(DropReason.Expired);
        if (_thread.IsStopping) return Drop(DropReason.Shutdown);
        var copy = action.Clone();
        if (IsMotion(copy)) _motion = copy.Id;
        _actions.Put(new PendingAction(copy, deadline));
        _thread.WakeUp.Set();
        return true;
    }

    /// <summary>
    /// Sends the safety level, before any action, and on a halt a stop behind it; the newest wins, but a halt is sent
    /// though it was lifted since. From a halt on, actions that have not been sent are dropped, except <c>stop</c>.
    /// Takes no lock, allocates nothing and never waits: the safety thread's.
    /// </summary>
    public void DeliverSafety(SafetyState state)
    {
        (state.Level == SafetyLevel.Halt ? _halt : _level).Put((++_told, state));
        _thread.WakeUp.Set();
    }

    /// <summary>Has permits sent, as far as the gate allows; the safety thread's, at each of its rounds.</summary>
    public void DeliverBeat(SafetyState state)
    {
        Volatile.Write(ref _beat, 1 + (int)state.Level);
        _thread.WakeUp.Set();
    }

    /// <summary>
    /// Takes the motion back that was delivered last: no permit names it any more, and it is not sent if it still
    /// waits.
    /// </summary>
    public void Withdraw()
    {
        _motion = "";
        _thread.WakeUp.Set();
    }

    /// <summary>
    /// Waits until every controller has acknowledged the stop of the service's end; false where one has not in time.
    /// </summary>
    public async Task<bool> EndAcknowledgedAsync(TimeSpan limit)
    {
        var until = _clock.Monotonic + limit;
        while (!_hasSentEnd || !Post!.IsStopAcknowledged)
        {
            if (_clock.Monotonic >= until) return false;
            await Task.Delay(AcknowledgementLook, _clock.Provider).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Sends what waits, and frees everything.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        if (!await _thread.StopAsync().ConfigureAwait(false)) return;
        while (_actions.TryTake(out _)) Drop(DropReason.Shutdown);
        if (_gated is { } gated) await gated.DisposeAsync().ConfigureAwait(false);
        Post?.Dispose();
        _thread.Dispose();
    }

    private void Open()
    {
        // A frozen controller's connection ends by the silence, and with it the actions that wait there and grow stale.
        var settings = new ZeroMqSocketSettings(
            ZeroMqSocketKind.Router, _options.ControllerQueue, ControllerDialogue.MaxFrameBytes,
            _options.ControllerTimeoutMs);
        _gated = ZeroMqSockets.Bind(Name, _options, "actions", _options.Actions, settings, PeerLimits, _clock, _logger);
        _dialogue = new ControllerDialogue(
            _gated.Socket, new ControllerAdmission(_options, _permits, _list, _clock), _options, _device, _clock,
            Counters, _logger, Tell);
    }

    private ControllerPost? Post => _dialogue?.Post;

    private void Run()
    {
        MessagingLog.Connected(_logger, Name, Endpoint);
        Counters.Connect();
        while (!_thread.IsStopping)
        {
            _gated!.Socket.Wait(_thread.WakeUp, Post!.Owes ? RetryMs : IdleMs);
            SendAll();
            _dialogue!.ReceiveSome();
            // Only now: after a freeze what they said meanwhile has been heard.
            if (_mustForget) Post!.ForgetSilent();
            _mustForget = false;
        }

        SendAll();
    }

    private void SendAll()
    {
        Post!.SendOwed();
        while (true)
        {
            SendSafety();
            if (!_actions.TryTake(out var pending)) break;
            Send(pending);
        }

        SendPermits();
    }

    // A halt that was lifted since is sent before what followed it; a level that a halt followed is no news.
    private void SendSafety()
    {
        var isHalt = _halt.TryTake(out var halt);
        if (isHalt) Announce(halt.State);
        if (_level.TryTake(out var level) && !(isHalt && level.Number < halt.Number)) Announce(level.State);
    }

    private void Announce(SafetyState state)
    {
        var isHalt = state.Level == SafetyLevel.Halt;
        if (isHalt)
        {
            _motion = "";
            _actions.DropMotion();
        }

        Post!.Announce(ToMessage.Safety(state), isHalt ? Stop(state) : null);
        _hasSentEnd |= state.Input == SafetyInput.End;
        if (state.Input == SafetyInput.Halt) StopLatency.Record(_clock.Monotonic - state.Since.Monotonic);
    }

    private Messages.Action Stop(SafetyState state)
    {
        var stop = ToMessage.Stop(state);
        stop.Header.Sequence = ++_sequence;
        stop.Header.PublishedAt = Timestamp.FromDateTimeOffset(_clock.Now.Utc);
        return stop;
    }

    // A beat that lay here is no fresh permit, so the gate is asked once more.
    private void SendPermits()
    {
        if (Interlocked.Exchange(ref _beat, 0) is var beat && beat == 0) return;
        var level = (SafetyLevel)(beat - 1);
        _mustForget |= level == SafetyLevel.Halt;
        var motion = _motion;
        var isPermitted = level == SafetyLevel.Act && motion.Length > 0 && _mayMove();
        Post!.SendPermits(isPermitted ? (uint)_permits.PermitMs : 0, isPermitted ? motion : "");
    }

    private void Send(in PendingAction pending)
    {
        var (action, deadline) = pending;
        var isMotion = IsMotion(action);
        // One that was taken back, or that a newer one followed, is nobody's any more.
        if (isMotion && (action.Id != _motion || !_mayMove()))
        {
            Drop(DropReason.Halted);
            return;
        }

        var controllers = Post!.Table.All();
        if (controllers.Length == 0) Drop(DropReason.NoPeer);
        action.Header ??= new Header();
        action.Header.Sequence = ++_sequence;
        foreach (var controller in controllers)
        {
            if (isMotion && !controller.KnowsPermits && !_permits.LegacyControllers)
            {
                Drop(DropReason.NoPermits);
                continue;
            }

            var now = _clock.Now;
            if (now.Monotonic >= deadline && !pending.IsStop)
            {
                Drop(DropReason.Expired);
                continue;
            }

            action.Header.PublishedAt = Timestamp.FromDateTimeOffset(now.Utc);
            action.RemainingMs = (uint)Math.Clamp((deadline - now.Monotonic).TotalMilliseconds, 0, uint.MaxValue);
            Post.Send(controller, action);
        }
    }

    private static bool IsMotion(Messages.Action action) =>
        action.Action_ is not (ActionKind.Stop or ActionKind.Resume or ActionKind.Report or ActionKind.None);

    private bool Drop(DropReason reason)
    {
        Counters.Accept();
        Counters.Drop(reason);
        return false;
    }

    private string? Tell(ControllerEvent happened)
    {
        string? refusal = null;
        if (Handler is { } handler
            && !_thread.Guard(each => refusal = handler(each), happened, happened.GetType().Name))
            Counters.Refuse(RefusalReason.HandlerFailed);
        return refusal;
    }
}
