using EdgePerception.Runtime.Messaging.Encoding;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Sensors.Time;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq;

/// <summary>
/// The dialogue with the controllers over one ROUTER socket: who is registered, what they may say, what they are
/// answered. A name belongs to the connection that registered it for as long as that one lives: a controller that
/// crashed and came back gets in when its ghost is given up, and nobody takes a living one's place. The router's thread
/// only, except for <see cref="Count"/> and <see cref="Trouble"/>.
/// </summary>
internal sealed class ControllerDialogue(
    IZeroMqSocket socket,
    ZeroMqSettings options,
    string device,
    SensorClock clock,
    TransportCounters counters,
    ILogger logger,
    Action<ControllerEvent> tell) : IDisposable
{
    /// <summary>A controller that sends a longer frame is cut off.</summary>
    public const int MaxFrameBytes = 64 * 1024;

    private const int MaxMessageBytes = 16 * 1024;
    private const int MaxWords = 500;
    private const int MaxIdentityBytes = 255;

    // So that a flood from controllers cannot keep a halt waiting.
    private const int MessagesATurn = 64;

    // A connection that takes one name after the other fills the log and everybody's table of controllers.
    private const int MaxRegistrations = 16;

    // Seldom, so that a flood of registrations becomes no flood of greetings, which would push out what matters.
    private static readonly TimeSpan GreetingPause = TimeSpan.FromSeconds(1);

    private readonly ControllerTable _table = new(options.MaxControllers);
    private readonly byte[] _message = new byte[MaxMessageBytes];
    private readonly PooledBuffer _out = new();
    private TimeSpan _nextSweep = TimeSpan.MinValue;
    private Safety? _safety;
    private int _count;
    private readonly RecentTrouble _trouble = new(clock);

    public int Count => Volatile.Read(ref _count);

    /// <summary>What is wrong, or was a short time ago.</summary>
    public string? Trouble => _trouble.Text;

    /// <summary>Whether somebody has not got the newest safety level yet, for want of room.</summary>
    public bool OwesSafety { get; private set; }

    public Controller[] All() => _table.All();

    /// <summary>Gives the buffer back.</summary>
    public void Dispose() => _out.Dispose();

    /// <summary>Receives what has come in, up to a bound.</summary>
    public void ReceiveSome()
    {
        Span<byte> identity = stackalloc byte[MaxIdentityBytes];
        for (var i = 0; i < MessagesATurn; i++)
        {
            var length = socket.Receive(identity, out var more);
            if (length < 0) return;
            if (length <= MaxIdentityBytes) Take(identity[..length], more);
            else PassOver(more);
        }
    }

    public void Send(Controller controller, Messages.Action action)
    {
        if (Send(controller, new ControllerDelivery { Action = action }) == SendOutcome.Sent)
            controller.Remember(action.Id);
    }

    public void Announce(Safety safety)
    {
        _safety = safety;
        OwesSafety = false;
        foreach (var controller in _table.All()) SendSafety(controller);
    }

    /// <summary>Tries again with whoever had no room for the newest safety level.</summary>
    public void SendOwed()
    {
        if (!OwesSafety) return;
        OwesSafety = false;
        foreach (var controller in _table.All())
        {
            if (controller.IsOwedSafety) SendSafety(controller);
        }
    }

    private void Take(ReadOnlySpan<byte> identity, bool more)
    {
        var (length, frames) = (-1, 0);
        while (more)
        {
            // A REQ socket puts an empty frame first; both are understood.
            length = socket.Receive(_message, out more);
            if (length > 0 || !more) frames++;
        }

        if (frames != 1 || length == 0)
            Reject(identity, RefusalReason.Malformed, "a ControllerMessage in one frame is expected");
        else if (length > _message.Length)
            Reject(identity, RefusalReason.TooLarge, $"{length} bytes; at most {MaxMessageBytes} are allowed");
        else if (Parse(_message.AsSpan(0, length)) is not { } message)
            Reject(identity, RefusalReason.Malformed, "not a ControllerMessage");
        else
            Take(identity, message);
    }

    // Whose identity is longer than any that ZeroMQ allows cannot be answered.
    private void PassOver(bool more)
    {
        while (more) socket.Receive(_message, out more);
        counters.Refuse(RefusalReason.Malformed);
    }

    private void Take(ReadOnlySpan<byte> identity, ControllerMessage message)
    {
        if (message.BodyCase == ControllerMessage.BodyOneofCase.None)
        {
            Reject(identity, RefusalReason.Malformed, "the ControllerMessage is empty");
        }
        else if (message.BodyCase == ControllerMessage.BodyOneofCase.Register)
        {
            Register(identity, message.Register.Name);
        }
        else if (_table.ByIdentity(identity) is not { } controller)
        {
            Reject(identity, RefusalReason.NotRegistered, "register first");
        }
        else
        {
            TakeReport(controller, message);
        }
    }

    private void Register(ReadOnlySpan<byte> identity, string name)
    {
        if (!TopicName.IsName(name))
        {
            Reject(identity, RefusalReason.BadName,
                $"a name is 1 to {TopicName.MaxNameLength} letters, digits, '.', '_' or '-'");
            return;
        }

        var known = _table.ByIdentity(identity);
        if (known?.Name == name)
        {
            counters.Receive();
            Greet(known);
        }
        else if (known is { Registrations: >= MaxRegistrations })
        {
            Refuse(identity, RefusalReason.TooManyNames,
                $"{known.Name} registered under {MaxRegistrations} names in one connection, which is the most");
        }
        else if (_table.ByName(name) is { } holder && IsAlive(holder))
        {
            Refuse(identity, RefusalReason.NameTaken, $"{name} is registered by another connection that is alive; "
                + $"try again once a second: one that is silent is given up after {options.ControllerTimeoutMs} ms");
        }
        else
        {
            Admit(identity, name, known);
        }
    }

    private void Admit(ReadOnlySpan<byte> identity, string name, Controller? known)
    {
        if (known is not null) Forget(known, $"it registered anew as {name}");
        else if (_table.IsFull) Sweep();
        if (_table.IsFull)
        {
            Refuse(identity, RefusalReason.TableFull,
                $"{name} has no place: {options.MaxControllers} controllers are registered, which is the most");
            return;
        }

        counters.Receive();
        var controller = _table.Add(name, identity, (known?.Registrations ?? 0) + 1);
        Volatile.Write(ref _count, _table.Count);
        MessagingLog.ControllerRegistered(logger, name, _table.Count);
        tell(new ControllerRegistered(name));
        Greet(controller);
        if (_safety is not null) SendSafety(controller);
    }

    private SendOutcome Greet(Controller controller) =>
        Send(controller, new ControllerDelivery { Registered = new() { Name = controller.Name, Device = device } });

    private bool IsAlive(Controller controller)
    {
        if (clock.Monotonic < controller.NextGreeting) return true;
        controller.NextGreeting = clock.Monotonic + GreetingPause;
        return Greet(controller) != SendOutcome.Unreachable;
    }

    private void TakeReport(Controller controller, ControllerMessage message)
    {
        var (action, words, fraction) = message.BodyCase == ControllerMessage.BodyOneofCase.Acknowledge
            ? (message.Acknowledge.ActionId, message.Acknowledge.Reason, 0)
            : (message.Progress.ActionId, message.Progress.Detail, message.Progress.Fraction);
        if (!controller.WasSent(action))
        {
            Reject(
                controller.Identity, RefusalReason.UnknownAction, "this action was not sent to you, or too long ago");
        }
        else if (words.Length > MaxWords || !(fraction is >= 0 and <= 1)
            || !System.Enum.IsDefined(message.Progress?.State ?? default))
        {
            Reject(controller.Identity, RefusalReason.OutOfRange,
                $"words are at most {MaxWords} characters, a fraction is 0 to 1, a state one of the schema's");
        }
        else
        {
            counters.Receive();
            tell(message.BodyCase == ControllerMessage.BodyOneofCase.Acknowledge
                ? new ActionAcknowledged(controller.Name, action, message.Acknowledge.Accepted, words)
                : new ActionProgressed(controller.Name, action, message.Progress!.State, fraction, words));
        }
    }

    // Makes room by greeting everybody again: who cannot be reached is forgotten.
    private void Sweep()
    {
        if (clock.Monotonic < _nextSweep) return;
        _nextSweep = clock.Monotonic + GreetingPause;
        foreach (var controller in _table.All()) IsAlive(controller);
    }

    private void Refuse(ReadOnlySpan<byte> identity, RefusalReason why, string reason)
    {
        MessagingLog.ControllerRefused(logger, reason);
        _trouble.Set($"refused: {reason}");
        Reject(identity, why, reason);
    }

    private void Reject(ReadOnlySpan<byte> identity, RefusalReason why, string reason)
    {
        counters.Refuse(why);
        Send(identity, Rejection(reason));
    }

    private void SendSafety(Controller controller)
    {
        var isNews = !controller.IsOwedSafety;
        var delivery = new ControllerDelivery { Safety = _safety };
        controller.IsOwedSafety = Send(controller, delivery, isNews) == SendOutcome.WouldBlock;
        OwesSafety |= controller.IsOwedSafety;
    }

    private SendOutcome Send(Controller controller, ControllerDelivery delivery, bool isNews = true)
    {
        var outcome = Send(controller.Identity, delivery, isNews);
        if (outcome == SendOutcome.Unreachable) Forget(controller, "its connection is gone");
        var isBehind = outcome == SendOutcome.WouldBlock;
        if (isBehind) _trouble.Set($"{controller.Name} does not read: what is sent to it is dropped");
        if (isBehind && !controller.IsBehind) MessagingLog.ControllerBehind(logger, controller.Name);
        controller.IsBehind = isBehind;
        return outcome;
    }

    // What is tried again was counted the first time, until it goes.
    private SendOutcome Send(ReadOnlySpan<byte> identity, ControllerDelivery delivery, bool isNews = true)
    {
        var outcome = socket.Send(identity, more: true);
        if (outcome == SendOutcome.Sent)
        {
            _out.Clear();
            delivery.WriteTo(_out);
            socket.Send(_out.Written);
            counters.Accept();
            counters.Deliver(_out.Written.Length);
        }
        else if (isNews)
        {
            counters.Accept();
            counters.Drop(outcome == SendOutcome.Unreachable ? DropReason.PeerGone : DropReason.PeerBehind);
        }

        return outcome;
    }

    private void Forget(Controller controller, string reason)
    {
        _table.Remove(controller);
        Volatile.Write(ref _count, _table.Count);
        _trouble.Set($"{controller.Name} was forgotten: {reason}");
        MessagingLog.ControllerLost(logger, controller.Name, reason, _table.Count);
        tell(new ControllerLost(controller.Name, reason));
    }

    private static ControllerDelivery Rejection(string reason) => new() { Rejected = new() { Reason = reason } };

    private static ControllerMessage? Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return ControllerMessage.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
