using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Sensors.Time;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq;

/// <summary>
/// What controllers may say over the ROUTER socket, and what they are answered: who is registered, whose heartbeat is
/// heard, whose report is believed. A name belongs to the connection that registered it for as long as that one lives:
/// a controller that crashed and came back gets in when its ghost is given up, or at once with its token, and nobody
/// else takes a living one's place. The router's thread only, except for what says otherwise.
/// </summary>
internal sealed class ControllerDialogue(
    IZeroMqSocket socket, ControllerAdmission admission, ZeroMqSettings options, string device, SensorClock clock,
    TransportCounters counters, ILogger logger, Func<ControllerEvent, string?> tell)
{
    /// <summary>A controller that sends a longer frame is cut off.</summary>
    public const int MaxFrameBytes = 64 * 1024;

    private const int MaxMessageBytes = 16 * 1024;
    private const int MaxWords = 500;
    private const int MaxIdentityBytes = 255;

    /// <summary>What whoever is not registered, or no longer, is answered.</summary>
    public const string RegisterFirst = "register first";

    private const byte HaltTag = (ControllerMessage.HaltFieldNumber << 3) | 2; // how a message that is a halt begins

    // So that a flood from controllers cannot keep a halt waiting.
    private const int MessagesATurn = 64;

    // A connection that takes one name after the other fills the log and everybody's table of controllers.
    private const int MaxRegistrations = 16;

    // Seldom, so that a flood of registrations becomes no flood of greetings, which would push out what matters.
    private static readonly TimeSpan GreetingPause = TimeSpan.FromSeconds(1);

    private readonly byte[] _message = new byte[MaxMessageBytes];
    private readonly MessageRate _rejections = new(clock.Monotonic);
    private TimeSpan _nextSweep = TimeSpan.MinValue;

    /// <summary>Who is registered, and what they are sent.</summary>
    public ControllerPost Post { get; } = new(
        socket, new ControllerTable(options.MaxControllers), clock, counters, logger, happened => tell(happened));

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

    private void Take(ReadOnlySpan<byte> identity, bool more)
    {
        var (length, frames) = (-1, 0);
        while (more)
        {
            // A REQ socket puts an empty frame first; both are understood.
            length = socket.Receive(_message, out more);
            if (length > 0 || !more) frames++;
        }

        var controller = Post.Table.ByIdentity(identity);
        if (controller is { } known && !known.Rate.Take(clock.Monotonic)) PassOverFlood(known, length);
        else if (frames != 1 || length == 0)
            Reject(identity, RefusalReason.Malformed, "a ControllerMessage in one frame is expected");
        else if (length > _message.Length)
            Reject(identity, RefusalReason.TooLarge, $"{length} bytes; at most {MaxMessageBytes} are allowed");
        else if (Parse(_message.AsSpan(0, length)) is not { } message)
            Reject(identity, RefusalReason.Malformed, "not a ControllerMessage");
        else
            Take(identity, controller, message);
    }

    // Whose identity is longer than any that ZeroMQ allows cannot be answered.
    private void PassOver(bool more)
    {
        while (more) socket.Receive(_message, out more);
        counters.Refuse(RefusalReason.Malformed);
    }

    // It is not heard either, so that one that goes on is lost like one that is silent; but a halt is one.
    private void PassOverFlood(Controller controller, int length)
    {
        if (length > 0 && length <= _message.Length && _message[0] == HaltTag
            && Parse(_message.AsSpan(0, length)) is { Halt: { } halt })
        {
            Pass(new ControllerHalted(controller.Name, Short(halt.Reason)));
            return;
        }

        Post.Trouble.Set(
            $"{controller.Name} says more than {MessageRate.MostASecond} messages a second: the rest is not read");
        counters.Refuse(RefusalReason.Flood);
    }

    private void Take(ReadOnlySpan<byte> identity, Controller? controller, ControllerMessage message)
    {
        switch (message.BodyCase)
        {
            case ControllerMessage.BodyOneofCase.None:
                Reject(identity, RefusalReason.Malformed, "the ControllerMessage is empty");
                break;
            case ControllerMessage.BodyOneofCase.Halt:
                // In doubt stop: no matter who says it, and how much.
                Pass(new ControllerHalted(controller?.Name ?? "", Short(message.Halt.Reason)));
                break;
            case ControllerMessage.BodyOneofCase.Register:
                Register(identity, controller, message.Register);
                break;
            case var _ when controller is null:
                Reject(identity, RefusalReason.NotRegistered, RegisterFirst);
                break;
            case ControllerMessage.BodyOneofCase.Heartbeat:
                Hear(controller, message.Heartbeat.Beat);
                break;
            case ControllerMessage.BodyOneofCase.Resume:
                Ask(controller, new ControllerResumed(
                    controller.Name, Short(message.Resume.Id), message.Resume.IssuedAt));
                break;
            case ControllerMessage.BodyOneofCase.Arm:
                Ask(controller, new ControllerArmed(controller.Name, Short(message.Arm.Id), message.Arm.IssuedAt));
                break;
            default:
                TakeReport(controller, message);
                break;
        }
    }

    private void Pass(ControllerEvent happened)
    {
        counters.Receive();
        tell(happened);
    }

    private void Ask(Controller controller, ControllerEvent wish)
    {
        counters.Receive();
        if (tell(wish) is { } refusal) Reject(controller.Identity, RefusalReason.NotAllowed, refusal);
    }

    // An old figure said again proves nothing: it may have waited somewhere, or be another's.
    private void Hear(Controller controller, uint beat)
    {
        if (!controller.KnowsPermits || beat <= controller.Beat)
        {
            Complain(controller, RefusalReason.OutOfRange, !controller.KnowsPermits
                ? "you registered without permits, and are not listened for" : "a heartbeat's beat must grow");
            return;
        }

        counters.Receive();
        (controller.Beat, controller.HeardAt) = (beat, clock.Monotonic);
        Post.Heartbeats.Update();
    }

    private void Register(ReadOnlySpan<byte> identity, Controller? known, ControllerMessage.Types.Register register)
    {
        var name = register.Name;
        if (admission.Fault(register) is var (why, fault))
        {
            if (why == RefusalReason.BadName) Reject(identity, why, fault);
            else Refuse(identity, why, fault);
        }
        else if (known?.Name == name && known.KnowsPermits == register.Permits)
        {
            counters.Receive();
            Greet(known);
        }
        else if (known is { Terms.Registrations: >= MaxRegistrations })
        {
            Refuse(identity, RefusalReason.TooManyNames,
                $"{known.Name} registered under {MaxRegistrations} names in one connection, which is the most");
        }
        else if (Post.Table.ByName(name) is { } holder && holder != known
            && !ControllerAdmission.IsOwner(holder, register) && IsAlive(holder))
        {
            Refuse(identity, RefusalReason.NameTaken, $"{name} is registered by another connection that is alive; "
                + $"try again once a second: one that is silent is given up after {options.ControllerTimeoutMs} ms");
        }
        else
        {
            Admit(identity, known, register);
        }
    }

    private void Admit(ReadOnlySpan<byte> identity, Controller? known, ControllerMessage.Types.Register register)
    {
        var name = register.Name;
        if (known is not null) Post.Forget(known, $"it registered anew as {name}");
        if (Post.Table.ByName(name) is { } ghost) Post.Forget(ghost, "it registered anew over another connection");
        if (Post.Table.IsFull) Sweep();
        if (Post.Table.IsFull)
        {
            Refuse(identity, RefusalReason.TableFull,
                $"{name} has no place: {options.MaxControllers} controllers are registered, which is the most");
            return;
        }

        counters.Receive();
        var terms = admission.Terms(register, known?.Terms.Registrations ?? 0);
        var controller = new Controller(name, identity.ToArray(), terms, clock.Monotonic);
        Post.Add(controller);
        tell(new ControllerRegistered(name, terms.Window, admission.MayMove(terms)));
        Greet(controller);
        Post.Welcome(controller);
    }

    private SendOutcome Greet(Controller controller) => Post.Send(controller, new ControllerDelivery
    {
        Registered = new()
        {
            Name = controller.Name,
            Device = device,
            Token = controller.Terms.Token,
            WindowMs = (uint)(controller.Terms.Window?.TotalMilliseconds ?? 0),
        },
    });

    private bool IsAlive(Controller controller)
    {
        if (clock.Monotonic < controller.NextGreeting) return true;
        controller.NextGreeting = clock.Monotonic + GreetingPause;
        return Greet(controller) != SendOutcome.Unreachable;
    }

    private void TakeReport(Controller controller, ControllerMessage message)
    {
        var isAcknowledgement = message.BodyCase == ControllerMessage.BodyOneofCase.Acknowledge;
        var (action, words, fraction) = isAcknowledgement
            ? (message.Acknowledge.ActionId, message.Acknowledge.Reason, 0)
            : (message.Progress.ActionId, message.Progress.Detail, message.Progress.Fraction);
        if (words.Length > MaxWords || !(fraction is >= 0 and <= 1)
            || !System.Enum.IsDefined(message.Progress?.State ?? default))
        {
            Complain(controller, RefusalReason.OutOfRange,
                $"words are at most {MaxWords} characters, a fraction is 0 to 1, a state one of the schema's");
            return;
        }

        var lie = isAcknowledgement ? controller.Acknowledge(action, message.Acknowledge.Accepted)
            : controller.Progress(
                action, message.Progress!.State != ControllerMessage.Types.Progress.Types.State.Running);
        if (lie is not null)
        {
            Complain(controller, RefusalReason.UnknownAction, lie);
            return;
        }

        Post.Acknowledged(controller, action);
        Pass(isAcknowledgement
            ? new ActionAcknowledged(controller.Name, action, message.Acknowledge.Accepted, words)
            : new ActionProgressed(controller.Name, action, message.Progress!.State, fraction, words));
    }

    // Makes room by greeting everybody again: who cannot be reached is forgotten.
    private void Sweep()
    {
        if (clock.Monotonic < _nextSweep) return;
        _nextSweep = clock.Monotonic + GreetingPause;
        foreach (var controller in Post.Table.All()) IsAlive(controller);
    }

    // What a registered controller says wrongly is worth health's while: somebody wrote it, or somebody lies.
    private void Complain(Controller controller, RefusalReason why, string reason)
    {
        Post.Trouble.Set($"{controller.Name} was rejected: {reason}");
        Reject(controller.Identity, why, reason);
    }

    private void Refuse(ReadOnlySpan<byte> identity, RefusalReason why, string reason)
    {
        MessagingLog.ControllerRefused(logger, reason);
        Post.Trouble.Set($"refused: {reason}");
        Reject(identity, why, reason);
    }

    private void Reject(ReadOnlySpan<byte> identity, RefusalReason why, string reason)
    {
        counters.Refuse(why);
        if (_rejections.Take(clock.Monotonic))
            Post.Send(identity, new ControllerDelivery { Rejected = new() { Reason = reason } });
    }

    private static string Short(string words) => words.Length <= MaxWords ? words : words[..MaxWords];

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
