using EdgePerception.Runtime.Messaging.Encoding;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Sensors.Synchronization;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq;

/// <summary>
/// The dialogue with the controllers over one ROUTER socket: who is registered, what they may say, what they are
/// answered. A name that is registered again goes to the newest: a controller that crashed and came back must not be
/// locked out by its own ghost. The router's thread only, except for <see cref="Count"/>.
/// </summary>
internal sealed class ControllerDialogue(
    ZeroMqSocket socket,
    int capacity,
    string device,
    SensorClock clock,
    TransportCounters counters,
    ILogger logger,
    Action<ControllerEvent> tell) : IDisposable
{
    /// <summary>A controller that sends a longer frame is cut off by libzmq.</summary>
    public const int MaxFrameBytes = 64 * 1024;

    private const int MaxMessageBytes = 16 * 1024;
    private const int MaxWords = 500;
    private const int MaxIdentityBytes = 255;

    // So that a flood from controllers cannot keep a halt waiting.
    private const int MessagesATurn = 64;
    private static readonly TimeSpan SweepPause = TimeSpan.FromSeconds(1);

    private readonly ControllerTable _table = new(capacity);
    private readonly byte[] _message = new byte[MaxMessageBytes];
    private readonly PooledBuffer _out = new();
    private TimeSpan _nextSweep = TimeSpan.MinValue;
    private Safety? _safety;
    private int _count;

    public int Count => Volatile.Read(ref _count);

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
            Take(identity[..Math.Min(length, identity.Length)], more);
        }
    }

    public void Send(Controller controller, Messages.Action action)
    {
        if (Send(controller.Identity, new ControllerDelivery { Action = action }) == SendOutcome.Sent) controller.Remember(action.Id);
    }

    public void Announce(Safety safety)
    {
        _safety = safety;
        foreach (var controller in _table.All()) Send(controller.Identity, new ControllerDelivery { Safety = safety });
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

        if (frames != 1 || length == 0) Reject(identity, RefusalReason.Malformed, "a ControllerMessage in one frame is expected");
        else if (length > _message.Length) Reject(identity, RefusalReason.TooLarge, $"{length} bytes; at most {MaxMessageBytes} are allowed");
        else if (Parse(_message.AsSpan(0, length)) is not { } message) Reject(identity, RefusalReason.Malformed, "not a ControllerMessage");
        else Take(identity, message);
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
            Reject(identity, RefusalReason.BadName, $"a name is 1 to {TopicName.MaxNameLength} letters, digits, '.', '_' or '-'");
            return;
        }

        var known = _table.ByIdentity(identity);
        if (known?.Name == name)
        {
            counters.Receive();
            Welcome(identity, name);
            return;
        }

        if (known is not null) Forget(known, $"it registered anew as {name}");
        if (_table.ByName(name) is { } ghost)
        {
            Forget(ghost, "another controller registered under its name");
            Send(ghost.Identity, Rejection($"another controller registered as {name}"));
        }

        if (_table.IsFull) Sweep();
        if (_table.IsFull) Reject(identity, RefusalReason.TableFull, $"{capacity} controllers are registered, which is the most");
        else Admit(identity, name);
    }

    private void Admit(ReadOnlySpan<byte> identity, string name)
    {
        counters.Receive();
        _table.Add(name, identity);
        Volatile.Write(ref _count, _table.Count);
        MessagingLog.ControllerRegistered(logger, name, _table.Count);
        tell(new ControllerRegistered(name));
        Welcome(identity, name);
        if (_safety is not null) Send(identity, new ControllerDelivery { Safety = _safety });
    }

    private void Welcome(ReadOnlySpan<byte> identity, string name) =>
        Send(identity, new ControllerDelivery { Registered = new() { Name = name, Device = device } });

    private void TakeReport(Controller controller, ControllerMessage message)
    {
        var (action, words, fraction) = message.BodyCase == ControllerMessage.BodyOneofCase.Acknowledge
            ? (message.Acknowledge.ActionId, message.Acknowledge.Reason, 0)
            : (message.Progress.ActionId, message.Progress.Detail, message.Progress.Fraction);
        if (!controller.WasSent(action))
        {
            Reject(controller.Identity, RefusalReason.UnknownAction, "this action was not sent to you, or too long ago");
        }
        else if (words.Length > MaxWords || !(fraction is >= 0 and <= 1) || !System.Enum.IsDefined(message.Progress?.State ?? default))
        {
            Reject(controller.Identity, RefusalReason.OutOfRange, $"words are at most {MaxWords} characters, a fraction is 0 to 1, a state one of the schema's");
        }
        else
        {
            counters.Receive();
            tell(message.BodyCase == ControllerMessage.BodyOneofCase.Acknowledge
                ? new ActionAcknowledged(controller.Name, action, message.Acknowledge.Accepted, words)
                : new ActionProgressed(controller.Name, action, message.Progress!.State, fraction, words));
        }
    }

    /// <summary>
    /// Makes room by greeting everybody again: who cannot be reached is forgotten. Seldom, so that a flood of
    /// registrations does not become one of greetings.
    /// </summary>
    private void Sweep()
    {
        if (clock.Monotonic < _nextSweep) return;
        _nextSweep = clock.Monotonic + SweepPause;
        foreach (var controller in _table.All()) Welcome(controller.Identity, controller.Name);
    }

    private void Reject(ReadOnlySpan<byte> identity, RefusalReason why, string reason)
    {
        counters.Refuse(why);
        Send(identity, Rejection(reason));
    }

    private SendOutcome Send(ReadOnlySpan<byte> identity, ControllerDelivery delivery)
    {
        counters.Accept();
        var outcome = socket.Send(identity, more: true);
        if (outcome == SendOutcome.Sent)
        {
            _out.Clear();
            delivery.WriteTo(_out);
            socket.Send(_out.Written);
            counters.Deliver(_out.Written.Length);
            return outcome;
        }

        counters.Drop(outcome == SendOutcome.Unreachable ? DropReason.PeerGone : DropReason.PeerBehind);
        if (outcome == SendOutcome.Unreachable && _table.ByIdentity(identity) is { } controller) Forget(controller, "its connection is gone");
        return outcome;
    }

    private void Forget(Controller controller, string reason)
    {
        _table.Remove(controller);
        Volatile.Write(ref _count, _table.Count);
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
