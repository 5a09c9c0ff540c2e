using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq.Gate;
using EdgePerception.Sensors.Time;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq;

/// <summary>
/// The socket of the robot controllers (DEALER at their end). They register by name, and are then sent the safety level
/// at once and on every change, and each action with its deadline. An action is checked against the monotonic clock at
/// the moment of sending, to each controller anew, and never sent once it has expired, unless it is a stop, which is
/// never too late; what had not been sent when a halt came is not sent any more, unless it stops. A controller that
/// vanished is forgotten at the next attempt to reach it; one that does not read misses actions, and gets the newest
/// safety level as soon as it reads again. Members are safe from any thread; one thread of its own owns the socket and
/// calls <see cref="Handler"/>.
/// </summary>
public sealed class ActionRouter : IAsyncDisposable
{
    private const string Name = "actions";
    private const int QueueCapacity = 256;
    private const int IdleMs = 1000;
    private const int RetryMs = 20;

    // A message that is wrong is answered by a reason; what no client sends by mistake ends its connection.
    private static readonly GateLimits PeerLimits = new()
    {
        PeerTypes = ["DEALER", "REQ", "ROUTER"],
        MessageParts = 8,
        FrameBytes = ControllerDialogue.MaxFrameBytes,
        MessageBytes = ControllerDialogue.MaxFrameBytes,
    };

    private readonly Lock _lock = new();
    private readonly Queue<Pending> _actions = [];
    private readonly ZeroMqSettings _options;
    private readonly string _device;
    private readonly SensorClock _clock;
    private readonly ILogger<ActionRouter> _logger;
    private readonly TransportThread _thread;
    private ControllerDialogue? _dialogue;
    private GatedSocket? _gated;
    private Safety? _safety;
    private uint _sequence;
    private int _disposed;

    /// <summary>A router that has not been bound.</summary>
    /// <exception cref="MessagingException">The options are wrong; the line names all of it.</exception>
    public ActionRouter(ZeroMqSettings options, string device, SensorClock clock, ILogger<ActionRouter> logger)
    {
        SettingsFaults.ThrowIfAny("zeromq", options);
        (_options, _device, _clock, _logger) = (options, device, clock, logger);
        _thread = new TransportThread(Name, options.ShutdownMs, clock, logger);
    }

    /// <summary>
    /// Takes what controllers do; set it before <see cref="Start"/>. It must not block: a halt waits behind it.
    /// </summary>
    public Action<ControllerEvent>? Handler { get; set; }

    /// <summary>
    /// Messages to controllers and from them. An action counts once for each controller; one that reached nobody counts
    /// once, by its reason.
    /// </summary>
    public TransportCounters Counters { get; } = new(Name);

    /// <summary>Where controllers connect, once started; with the port that the system chose for port 0.</summary>
    public string Endpoint => _gated?.Endpoint ?? "";

    /// <summary>How many controllers are registered.</summary>
    public int Controllers => _dialogue?.Count ?? 0;

    /// <summary>
    /// What is wrong with the controllers, or was within the last ten seconds: one was lost, was refused, was cut off,
    /// or does not read. Null if all is well.
    /// </summary>
    public string? Trouble => (_dialogue?.Trouble, _gated?.Trouble) switch
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
        lock (_lock)
        {
            if (_actions.Count == QueueCapacity) MakeRoom();
            _actions.Enqueue(new Pending(copy, deadline));
        }

        _thread.WakeUp.Set();
        return true;
    }

    /// <summary>
    /// Sends the safety level, before any action; the newest wins. From a halt on, actions that have not been sent are
    /// dropped, except <c>stop</c>. Never blocks.
    /// </summary>
    public void DeliverSafety(Safety safety)
    {
        var copy = safety.Clone();
        lock (_lock)
        {
            _safety = copy;
            if (copy.Level == Safety.Types.Level.Halt) DropMotion();
        }

        _thread.WakeUp.Set();
    }

    /// <summary>Names the one motion that permits are for. Never blocks.</summary>
    /// <param name="actionId">The motion's id; empty for none.</param>
    public void Permit(string actionId) => _thread.WakeUp.Set();

    /// <summary>Sends what waits, and frees everything.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        if (!await _thread.StopAsync().ConfigureAwait(false)) return;
        while (TryTake(out _)) Drop(DropReason.Shutdown);
        if (_gated is { } gated) await gated.DisposeAsync().ConfigureAwait(false);
        _dialogue?.Dispose();
        _thread.Dispose();
    }

    private void Open()
    {
        // A frozen controller's connection ends by the silence, and with it the actions that wait there and grow stale.
        var settings = new ZeroMqSocketSettings(
            ZeroMqSocketKind.Router, _options.ControllerQueue, ControllerDialogue.MaxFrameBytes,
            _options.ControllerTimeoutMs);
        _gated = ZeroMqSockets.Bind(Name, _options, "actions", _options.Actions, settings, PeerLimits, _clock, _logger);
        _dialogue = new ControllerDialogue(_gated.Socket, _options, _device, _clock, Counters, _logger, Tell);
    }

    private void Run()
    {
        MessagingLog.Connected(_logger, Name, Endpoint);
        Counters.Connect();
        while (!_thread.IsStopping)
        {
            _gated!.Socket.Wait(_thread.WakeUp, _dialogue!.OwesSafety ? RetryMs : IdleMs);
            _dialogue.SendOwed();
            SendAll();
            _dialogue.ReceiveSome();
        }

        SendAll();
    }

    private void SendAll()
    {
        while (true)
        {
            SendSafety();
            if (!TryTake(out var pending)) return;
            Send(pending);
        }
    }

    private void SendSafety()
    {
        Safety? safety;
        lock (_lock) (safety, _safety) = (_safety, null);
        if (safety is not null) _dialogue!.Announce(safety);
    }

    private void Send(in Pending pending)
    {
        var (action, deadline) = pending;
        var controllers = _dialogue!.All();
        if (controllers.Length == 0) Drop(DropReason.NoPeer);
        action.Header ??= new Header();
        action.Header.Sequence = ++_sequence;
        foreach (var controller in controllers)
        {
            var now = _clock.Now;
            if (now.Monotonic >= deadline && !IsStop(pending))
            {
                Drop(DropReason.Expired);
                continue;
            }

            action.Header.PublishedAt = Timestamp.FromDateTimeOffset(now.Utc);
            action.RemainingMs = (uint)Math.Clamp((deadline - now.Monotonic).TotalMilliseconds, 0, uint.MaxValue);
            _dialogue.Send(controller, action);
        }
    }

    private bool TryTake(out Pending pending)
    {
        lock (_lock) return _actions.TryDequeue(out pending);
    }

    // The oldest goes, but a stop only for want of anything else: a newer stop then stands for it.
    private void MakeRoom()
    {
        var dropped = false;
        for (var left = _actions.Count; left > 0; left--)
        {
            var pending = _actions.Dequeue();
            if (dropped || IsStop(pending)) _actions.Enqueue(pending);
            else dropped = true;
        }

        if (!dropped) _actions.Dequeue();
        Drop(DropReason.QueueFull);
    }

    private static bool IsStop(in Pending pending) => pending.Action.Action_ == ActionKind.Stop;

    private void DropMotion()
    {
        for (var left = _actions.Count; left > 0; left--)
        {
            var pending = _actions.Dequeue();
            if (IsStop(pending)) _actions.Enqueue(pending);
            else Drop(DropReason.Halted);
        }
    }

    private bool Drop(DropReason reason)
    {
        Counters.Accept();
        Counters.Drop(reason);
        return false;
    }

    private void Tell(ControllerEvent happened)
    {
        if (Handler is { } handler && !_thread.Guard(handler, happened, happened.GetType().Name))
            Counters.Refuse(RefusalReason.HandlerFailed);
    }

    private readonly record struct Pending(Messages.Action Action, TimeSpan Deadline);
}
