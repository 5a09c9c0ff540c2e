using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Language;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Policy.Commands;

/// <summary>A command with its answer.</summary>
public sealed record GroundedCommand(PendingCommand Command, GroundingAnswer Answer)
{
    /// <summary>What grounding it threw; null if nothing, as it should be. The answer is a refusal then.</summary>
    public Exception? Fault { get; init; }

    /// <summary>Whether it had expired before it could be grounded.</summary>
    public bool CameTooLate { get; init; }
}

/// <summary>
/// The loop's stage that grounds the commands that wait, one a tick, so that no flood of them keeps a tick from its
/// end; all wait until there is a grounder. A command that expired while it waited, or that meets a robot without
/// sight, is refused, and so is one that takes too long or whose grounding throws: no other command and no tick suffers
/// from it. Owned by the loop, but for what says otherwise; disposes the grounder.
/// </summary>
public sealed class CommandGrounder(CommandInbox inbox, Conversation conversation, SensorClock clock) : IDisposable
{
    /// <summary>The reason of a refusal that an exception brought about.</summary>
    public const string InternalError =
        "an internal error kept the command from being carried out; the robot's log says more";

    /// <summary>How long the parse of a command may take, and how long the rules.</summary>
    public static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(250);

    private readonly TimeLimit _limit = new(() => clock.Monotonic, Budget);
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

    /// <summary>
    /// The command of this tick with its answer, behind those that came too late; the list is reused by the next call.
    /// </summary>
    public IReadOnlyList<GroundedCommand> Ground(Scene scene)
    {
        _grounded.Clear();
        if (_grounder is not { } grounder) return _grounded;
        while (inbox.TryTake(out var command))
        {
            _unanswered.Add(command);
            var grounded = Ground(command, scene, grounder);
            _grounded.Add(grounded);
            if (!grounded.CameTooLate) break;
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
            var late = clock.Monotonic - command.ExpiresAt;
            return late <= TimeSpan.Zero ? new GroundedCommand(command, Answer(command, scene, grounder))
                : new GroundedCommand(command, Refuse(command, Late(late))) { CameTooLate = true };
        }
#pragma warning disable CA1031 // The boundary of one command: whoever gave it is told, and the next one is grounded.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new GroundedCommand(command, Refuse(command, InternalError)) { Fault = e };
        }
    }

    private GroundingAnswer Answer(PendingCommand command, Scene scene, Grounder grounder) =>
        grounder.Ground(command.Id, command.Text, scene, conversation, clock.Monotonic, _limit);

    private static string Late(TimeSpan late) =>
        $"the command expired {late.TotalMilliseconds:0} ms before it could be grounded";

    private static GroundingAnswer Refuse(PendingCommand command, string reason) => new()
    {
        Id = command.Id,
        Outcome = GroundingOutcome.Refuse,
        Reason = reason,
    };
}
