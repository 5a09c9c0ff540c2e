using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Grounding;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Policy.Commands;

/// <summary>A command with its answer.</summary>
public sealed record GroundedCommand(PendingCommand Command, GroundingAnswer Answer)
{
    /// <summary>What grounding it threw; null if nothing, as it should be. The answer is a refusal then.</summary>
    public Exception? Fault { get; init; }
}

/// <summary>
/// The loop's stage that grounds whatever commands wait, each against the scene of this tick; all wait until there is a
/// grounder. A command that expired while it waited, or that meets a robot without sight, is refused, and so is one
/// whose grounding throws: no other command and no tick suffers from it. Owned by the loop, but for what says
/// otherwise; disposes the grounder.
/// </summary>
public sealed class CommandGrounder(CommandInbox inbox, Conversation conversation, SensorClock clock) : IDisposable
{
    /// <summary>The reason of a refusal that an exception brought about.</summary>
    public const string InternalError =
        "an internal error kept the command from being carried out; the robot's log says more";

    private readonly List<GroundedCommand> _grounded = [];
    private readonly List<PendingCommand> _unanswered = [];
    private volatile Grounder? _grounder;

    /// <summary>Whether it has its grounder. Safe from any thread.</summary>
    public bool IsReady => _grounder is not null;

    /// <summary>Why the rules answer alone though more was wanted; none otherwise. Safe from any thread.</summary>
    public string? Trouble => _grounder?.Trouble;

    /// <summary>
    /// Gives it its grounder, once; from the next tick on commands are answered. Safe from any thread.
    /// </summary>
    public void Use(Grounder grounder) => _grounder = grounder;

    /// <summary>The commands of this tick with their answers; the list is reused by the next call.</summary>
    public IReadOnlyList<GroundedCommand> Ground(Scene scene)
    {
        _grounded.Clear();
        if (_grounder is not { } grounder) return _grounded;
        while (inbox.TryTake(out var command))
        {
            _unanswered.Add(command);
            _grounded.Add(Ground(command, scene, grounder));
        }

        return _grounded;
    }

    /// <summary>Tells that whatever it gave out has been answered.</summary>
    public void Answered() => _unanswered.Clear();

    /// <summary>
    /// Refuses what it gave out and was not answered, since its tick broke off; the list is reused by the next call.
    /// </summary>
    public IReadOnlyList<GroundedCommand> RefuseUnanswered(string reason)
    {
        _grounded.Clear();
        foreach (var command in _unanswered)
            _grounded.Add(new GroundedCommand(command, Refuse(command, reason)));
        return _grounded;
    }

    /// <summary>The same, and with them all that still wait, since no tick will come for them.</summary>
    public IReadOnlyList<GroundedCommand> RefuseAll(string reason)
    {
        while (inbox.TryTake(out var command)) _unanswered.Add(command);
        return RefuseUnanswered(reason);
    }

    /// <summary>Frees the grounder.</summary>
    public void Dispose() => _grounder?.Dispose();

    private GroundedCommand Ground(PendingCommand command, Scene scene, Grounder grounder)
    {
        try
        {
            return new GroundedCommand(command, Answer(command, scene, grounder));
        }
#pragma warning disable CA1031 // The boundary of one command: whoever gave it is told, and the next one is grounded.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new GroundedCommand(command, Refuse(command, InternalError)) { Fault = e };
        }
    }

    private GroundingAnswer Answer(PendingCommand command, Scene scene, Grounder grounder)
    {
        if (clock.Monotonic > command.ExpiresAt)
            return Refuse(
                command,
                $"the command expired {(clock.Monotonic - command.ExpiresAt).TotalMilliseconds:0} ms before it could "
                + "be grounded");
        return grounder.Ground(command.Id, command.Text, scene, conversation, clock.Monotonic);
    }

    private static GroundingAnswer Refuse(PendingCommand command, string reason) => new()
    {
        Id = command.Id,
        Outcome = GroundingOutcome.Refuse,
        Reason = reason,
    };
}
