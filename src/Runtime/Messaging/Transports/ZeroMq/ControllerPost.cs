using EdgePerception.Runtime.Messaging.Encoding;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Sensors.Time;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq;

/// <summary>
/// Sends to the registered controllers and keeps their table: actions, the safety level and the newest stop until it is
/// taken, and the permits. The router's thread only, except for what says otherwise.
/// </summary>
internal sealed class ControllerPost : IDisposable
{
    // Half of what is promised, since the rounds of the safety thread, in which they go out, lie between.
    private const int SharesOfWindow = 8;

    private static readonly ControllerDelivery Forgotten = new()
    {
        Rejected = new() { Reason = ControllerDialogue.RegisterFirst },
    };

    private readonly IZeroMqSocket _socket;
    private readonly SensorClock _clock;
    private readonly TransportCounters _counters;
    private readonly ILogger _logger;
    private readonly Action<ControllerEvent> _tell;
    private readonly PooledBuffer _out = new();
    private readonly ControllerDelivery _permit = new() { Permit = new() };
    private Safety? _safety;
    private Messages.Action? _stop;
    private int _count;
    private int _movers;
    private int _owingStop;

    /// <summary>A post with an empty table.</summary>
    public ControllerPost(
        IZeroMqSocket socket, ControllerTable table, SensorClock clock, TransportCounters counters, ILogger logger,
        Action<ControllerEvent> tell)
    {
        (_socket, Table, _clock, _counters, _logger, _tell) = (socket, table, clock, counters, logger, tell);
        (Trouble, Heartbeats) = (new RecentTrouble(clock), new ControllerHeartbeats(table, clock));
    }

    /// <summary>Who is registered.</summary>
    public ControllerTable Table { get; }

    /// <summary>When they were heard. Any thread may ask it what it says so of.</summary>
    public ControllerHeartbeats Heartbeats { get; }

    /// <summary>What is wrong, or was a short time ago. Any thread.</summary>
    public RecentTrouble Trouble { get; }

    /// <summary>How many are registered. Any thread.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many of them know permits. Any thread.</summary>
    public int Movers => Volatile.Read(ref _movers);

    /// <summary>Whether the newest stop was acknowledged by all that were sent it. Any thread.</summary>
    public bool IsStopAcknowledged => Volatile.Read(ref _owingStop) == 0;

    /// <summary>Whether somebody has not got the newest safety level or stop yet, for want of room.</summary>
    public bool Owes { get; private set; }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose() => _out.Dispose();

    /// <summary>Registers a controller.</summary>
    public void Add(Controller controller)
    {
        Table.Add(controller);
        Changed();
        MessagingLog.ControllerRegistered(_logger, controller.Name, Table.Count);
    }

    /// <summary>Tells a new one where the robot stands.</summary>
    public void Welcome(Controller controller)
    {
        if (_safety is not null) SendSafety(controller);
    }

    /// <summary>Forgets a controller.</summary>
    public void Forget(Controller controller, string reason)
    {
        Table.Remove(controller);
        Changed();
        Trouble.Set($"{controller.Name} was forgotten: {reason}");
        MessagingLog.ControllerLost(_logger, controller.Name, reason, Table.Count);
        _tell(new ControllerLost(controller.Name, reason));
    }

    /// <summary>Sends an action to one of them.</summary>
    public void Send(Controller controller, Messages.Action action)
    {
        // Before it is sent: who is quick answers at once.
        controller.Remember(action.Id);
        Send(controller, new ControllerDelivery { Action = action });
    }

    /// <summary>Sends the safety level to all, and on a halt the stop behind it.</summary>
    public void Announce(Safety safety, Messages.Action? stop)
    {
        (_safety, Owes) = (safety, false);
        // A later level does not take a stop back that somebody has not got yet.
        _stop = stop ?? _stop;
        foreach (var controller in Table.All())
        {
            controller.IsOwedStop |= stop is not null;
            SendSafety(controller);
        }

        CountAcknowledgements();
    }

    /// <summary>Tries again with whoever had no room for the newest safety level or stop.</summary>
    public void SendOwed()
    {
        if (!Owes) return;
        Owes = false;
        foreach (var controller in Table.All())
            if (controller.IsOwedSafety || controller.IsOwedStop) SendSafety(controller);
    }

    /// <summary>
    /// Sends permits to those that know them and whose turn it is; one that takes a permit back has always its turn.
    /// </summary>
    public void SendPermits(uint permitMs, string action)
    {
        var permit = _permit.Permit;
        var isNew = permit.PermitMs != permitMs || permit.ActionId != action;
        (permit.PermitMs, permit.ActionId) = (permitMs, action);
        permit.Sequence++;
        var now = _clock.Monotonic;
        foreach (var controller in Table.All())
        {
            if (controller.Terms.Window is not { } window || (!isNew && now < controller.NextPermit)) continue;
            var pause = permitMs > 0 ? Math.Min(window.TotalMilliseconds, permitMs) : window.TotalMilliseconds;
            controller.NextPermit = now + TimeSpan.FromMilliseconds(pause / SharesOfWindow);
            permit.Beat = controller.Beat;
            Send(controller, _permit);
        }
    }

    /// <summary>Forgets those whose silence has led to the halt that is in force.</summary>
    public void ForgetSilent()
    {
        Heartbeats.Seen();
        foreach (var controller in Table.All())
        {
            if (controller.Terms.Window is not { } window || _clock.Monotonic - controller.HeardAt <= window) continue;
            Forget(controller, $"silent for more than {window.TotalMilliseconds:0} ms");
            // One that lives, and was only late, is to register anew.
            Send(controller.Identity, Forgotten, isNews: false);
        }

        Heartbeats.Update();
    }

    /// <summary>Takes note that one has acknowledged something.</summary>
    public void Acknowledged(Controller controller, string action)
    {
        if (!controller.OwesStopAcknowledgement || action != _stop?.Id) return;
        controller.OwesStopAcknowledgement = false;
        CountAcknowledgements();
    }

    /// <summary>Sends a delivery to one of them; one whose connection is gone is forgotten.</summary>
    public SendOutcome Send(Controller controller, ControllerDelivery delivery, bool isNews = true)
    {
        var outcome = Send(controller.Identity, delivery, isNews);
        if (outcome == SendOutcome.Unreachable)
        {
            if (controller.KnowsPermits) Heartbeats.Gone($"the connection of controller {controller.Name} is gone");
            Forget(controller, "its connection is gone");
        }

        var isBehind = outcome == SendOutcome.WouldBlock;
        if (isBehind) Trouble.Set($"{controller.Name} does not read: what is sent to it is dropped");
        if (isBehind && !controller.IsBehind) MessagingLog.ControllerBehind(_logger, controller.Name);
        controller.IsBehind = isBehind;
        return outcome;
    }

    /// <summary>Sends a delivery to whoever has that identity. What is no news was counted the first time.</summary>
    public SendOutcome Send(ReadOnlySpan<byte> identity, ControllerDelivery delivery, bool isNews = true)
    {
        var outcome = _socket.Send(identity, more: true);
        if (outcome == SendOutcome.Sent)
        {
            _out.Clear();
            delivery.WriteTo(_out);
            _socket.Send(_out.Written);
            _counters.Accept();
            _counters.Deliver(_out.Written.Length);
        }
        else if (isNews)
        {
            _counters.Accept();
            _counters.Drop(outcome == SendOutcome.Unreachable ? DropReason.PeerGone : DropReason.PeerBehind);
        }

        return outcome;
    }

    private void SendSafety(Controller controller)
    {
        var isNews = !controller.IsOwedSafety;
        var outcome = Send(controller, new ControllerDelivery { Safety = _safety }, isNews);
        controller.IsOwedSafety = outcome == SendOutcome.WouldBlock;
        if (outcome == SendOutcome.Sent && controller.IsOwedStop) outcome = SendStop(controller);
        Owes |= outcome == SendOutcome.WouldBlock;
    }

    private SendOutcome SendStop(Controller controller)
    {
        controller.Remember(_stop!.Id);
        var outcome = Send(controller, new ControllerDelivery { Action = _stop });
        controller.IsOwedStop = outcome == SendOutcome.WouldBlock;
        controller.OwesStopAcknowledgement = outcome != SendOutcome.Unreachable;
        CountAcknowledgements();
        return outcome;
    }

    private void Changed()
    {
        Volatile.Write(ref _count, Table.Count);
        Volatile.Write(ref _movers, Table.All().Count(controller => controller.KnowsPermits));
        CountAcknowledgements();
        Heartbeats.Update();
    }

    private void CountAcknowledgements() => Volatile.Write(
        ref _owingStop,
        Table.All().Count(controller => controller.IsOwedStop || controller.OwesStopAcknowledgement));
}
