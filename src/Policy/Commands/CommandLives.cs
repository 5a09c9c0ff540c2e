using System.Globalization;
using EdgePerception.Sensors.Diagnostics;

namespace EdgePerception.Policy.Commands;

/// <summary>
/// The lives of all commands, from receipt to end: what the door, the loop, safety and the controllers do becomes
/// steps, each told once and in order. One motion lives at a time. Keeps all that live and the newest
/// <see cref="Remembered"/> that have ended. What does not fit is passed over and counted, and never throws. Owned by
/// the loop.
/// </summary>
public sealed class CommandLives
{
    /// <summary>Lives that are kept after their end; the oldest goes first.</summary>
    public const int Remembered = 256;

    private static readonly TotalCounter PassedOver = new(
        "edge_perception.commands.passed_over", "{event}", "Events that fit no command's life");

    private readonly Dictionary<PendingCommand, CommandLife> _lives = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, CommandLife> _byId = [];
    private readonly Queue<CommandLife> _ended = [];
    private readonly HashSet<string> _controllers = [];

    /// <summary>Raised for each step, on the caller's thread, once the life has made it.</summary>
    public event Action<CommandLife, LifeStep>? Stepped;

    /// <summary>The motion that is accepted or executing; none where nothing is.</summary>
    public CommandLife? Moving { get; private set; }

    /// <summary>How many lives are kept.</summary>
    public int Count => _lives.Count;

    /// <summary>Takes what the door did. What it ended under an id that is known begins no second life.</summary>
    public void Take(DoorNote note)
    {
        if (note.End is not { } end) Find(note.Command);
        else if (!_byId.ContainsKey(note.Command.Id))
            Enter(Find(note.Command), end, note.Reason, Initiator.Of(note.Command));
        else PassedOver.Add(1);
    }

    /// <summary>A command was read against the scene.</summary>
    public void Grounded(PendingCommand command) => Enter(Find(command), LifeState.Grounded, "", Initiator.Loop);

    /// <summary>A command ends without a motion.</summary>
    public void End(PendingCommand command, LifeState end, string reason, Initiator by) =>
        Enter(Find(command), end, reason, by);

    /// <summary>A command becomes a motion, which takes the place of the one under way.</summary>
    /// <param name="command">The command; it was grounded.</param>
    /// <param name="actionId">The action that is about to be sent.</param>
    /// <param name="at">An instant before safety was asked, on the monotonic clock.</param>
    /// <param name="deadline">Until when a controller must take it on.</param>
    public void Accept(PendingCommand command, string actionId, TimeSpan at, TimeSpan deadline)
    {
        var life = Find(command);
        if (!LifeTransitions.Allows(life.State, LifeState.Accepted))
        {
            PassedOver.Add(1);
            return;
        }

        EndMotion(LifeState.PreEmpted, $"command {command.Id} takes its place", Initiator.Of(command));
        life.Become(actionId, at, deadline);
        life.Parts.Ask(_controllers);
        Moving = life;
        Enter(life, LifeState.Accepted, "", Initiator.Loop);
    }

    /// <summary>Ends the motion under way, where there is one.</summary>
    public void EndMotion(LifeState end, string reason, Initiator by)
    {
        if (Moving is { } moving) Enter(moving, end, reason, by);
    }

    /// <summary>Gives up the motion that nobody took on in time.</summary>
    public void Expire(TimeSpan now)
    {
        if (Moving is not { State: LifeState.Accepted } waits || now < waits.Deadline) return;
        var limit = (waits.Deadline - waits.AcceptedAt).TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
        Enter(waits, LifeState.Expired, $"no controller took it on within {limit} ms", Initiator.Loop);
    }

    /// <summary>A controller registered.</summary>
    public void Registered(string controller) => _controllers.Add(controller);

    /// <summary>A controller is gone.</summary>
    public void Lost(string controller, string reason)
    {
        _controllers.Remove(controller);
        if (Moving is not { } moving) return;
        var by = Initiator.Controller(controller);
        if (moving.Parts.Leave(controller))
            Enter(moving, LifeState.Failed, $"its controller {controller} was lost: {reason}", by);
        else if (moving.Parts.Lose(controller, $"it was lost, {reason}")) FailIfRefused(moving, by);
    }

    /// <summary>A controller takes an action on, or will not.</summary>
    public void Acknowledged(string controller, string actionId, bool accepted, string reason)
    {
        if (Of(actionId) is not { } life) return;
        var by = Initiator.Controller(controller);
        if (!(accepted ? life.Parts.Accept(controller) : life.Parts.Refuse(controller, reason))) PassedOver.Add(1);
        else if (!accepted) FailIfRefused(life, by);
        else if (life.State == LifeState.Accepted) Enter(life, LifeState.Executing, reason, by);
    }

    /// <summary>A controller tells how far an action is; who does so has taken it on.</summary>
    public void Progressed(string controller, string actionId, PartProgress progress, string detail)
    {
        if (Of(actionId) is not { } life) return;
        var by = Initiator.Controller(controller);
        if (life.Parts.Accept(controller) && life.State == LifeState.Accepted)
            Enter(life, LifeState.Executing, "", by);
        switch (progress)
        {
            case PartProgress.Succeeded when life.Parts.Succeed(controller):
                if (life.Parts.IsDone) Enter(life, LifeState.Done, detail, by);
                break;
            case PartProgress.Failed or PartProgress.Cancelled when life.Parts.Leave(controller):
                Enter(life, progress == PartProgress.Failed ? LifeState.Failed : LifeState.Cancelled, detail, by);
                break;
            case not PartProgress.Running:
                PassedOver.Add(1);
                break;
        }
    }

    private CommandLife? Of(string actionId)
    {
        if (Moving is { } moving && moving.ActionId == actionId) return moving;
        // Stops are acknowledged, too, and are no command's motion.
        if (_ended.Any(life => life.ActionId == actionId)) PassedOver.Add(1);
        return null;
    }

    private void FailIfRefused(CommandLife life, Initiator by)
    {
        if (life.State == LifeState.Accepted && life.Parts.IsRefused)
            Enter(life, LifeState.Failed, $"no controller takes it on: {life.Parts.Refusals}", by);
    }

    /// <summary>The life of a command, which begins here where it is not known.</summary>
    private CommandLife Find(PendingCommand command)
    {
        if (_lives.TryGetValue(command, out var known)) return known;
        var life = new CommandLife(command);
        _lives.Add(command, life);
        _byId[command.Id] = life;
        Tell(life, "", Initiator.Of(command));
        return life;
    }

    private void Enter(CommandLife life, LifeState state, string reason, Initiator by)
    {
        if (!life.TryEnter(state))
        {
            PassedOver.Add(1);
            return;
        }

        if (LifeTransitions.IsEnd(state)) Bury(life);
        Tell(life, reason, by);
    }

    private void Bury(CommandLife life)
    {
        if (ReferenceEquals(Moving, life)) Moving = null;
        _ended.Enqueue(life);
        if (_ended.Count <= Remembered) return;
        var oldest = _ended.Dequeue();
        _lives.Remove(oldest.Command);
        if (ReferenceEquals(_byId.GetValueOrDefault(oldest.Command.Id), oldest)) _byId.Remove(oldest.Command.Id);
    }

    private void Tell(CommandLife life, string reason, Initiator by) => Stepped?.Invoke(
        life, new LifeStep(life.Command.Id, life.Steps, life.State, reason, by, life.ActionId));
}
