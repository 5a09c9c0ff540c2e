using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Commands;
using EdgePerception.Sensors.Synchronization;

namespace EdgePerception.Policy.Grounding;

/// <summary>A command with its answer.</summary>
public sealed record GroundedCommand(PendingCommand Command, GroundingAnswer Answer);

/// <summary>
/// The loop's stage that grounds whatever commands wait, each against the scene of this tick; all wait until there is a
/// grounder. A command that expired while it waited, or that meets a robot without sight, is refused. Owned by the loop, but
/// for what says otherwise; disposes the grounder.
/// </summary>
public sealed class CommandGrounder(CommandInbox inbox, Conversation conversation, SensorClock clock) : IDisposable
{
    private readonly List<GroundedCommand> _grounded = [];
    private volatile Grounder? _grounder;

    /// <summary>Whether it has its grounder. Safe from any thread.</summary>
    public bool IsReady => _grounder is not null;

    /// <summary>Gives it its grounder, once; from the next tick on commands are answered. Safe from any thread.</summary>
    public void Use(Grounder grounder) => _grounder = grounder;

    /// <summary>The commands of this tick with their answers; the list is reused by the next call.</summary>
    public IReadOnlyList<GroundedCommand> Ground(Scene scene)
    {
        _grounded.Clear();
        if (_grounder is not { } grounder) return _grounded;
        while (inbox.TryTake(out var command)) _grounded.Add(new GroundedCommand(command, Answer(command, scene, grounder)));
        return _grounded;
    }

    /// <summary>Refuses all that still wait, since no tick will come for them; the list is reused by the next call.</summary>
    public IReadOnlyList<GroundedCommand> RefuseAll(string reason)
    {
        _grounded.Clear();
        while (inbox.TryTake(out var command)) _grounded.Add(new GroundedCommand(command, Refuse(command, command.Parsed, reason)));
        return _grounded;
    }

    /// <summary>Frees the grounder.</summary>
    public void Dispose() => _grounder?.Dispose();

    private GroundingAnswer Answer(PendingCommand command, Scene scene, Grounder grounder)
    {
        if (clock.Monotonic > command.ExpiresAt)
            return Refuse(command, command.Parsed, $"the command expired {(clock.Monotonic - command.ExpiresAt).TotalMilliseconds:0} ms before it could be grounded");
        var meant = conversation.Read(command.Parsed, clock.Monotonic);
        var needsSight = ActionOf(meant) is not (RobotActionKind.Resume or RobotActionKind.Stop or RobotActionKind.None);
        if (needsSight && scene.Cameras.Count == 0) return Refuse(command, meant, "no camera gives pictures at the moment");
        var answer = grounder.Ground(command.Id, meant, scene);
        conversation.Remember(meant, answer, clock.Monotonic);
        return answer;
    }

    private static RobotActionKind ActionOf(ParsedCommand command) => command.Steps is [var first, ..] ? first.Action : command.Incomplete;

    private static GroundingAnswer Refuse(PendingCommand command, ParsedCommand meant, string reason) => new()
    {
        Id = command.Id,
        Outcome = GroundingOutcome.Refuse,
        Action = ActionOf(meant),
        Confidence = 1,
        Reason = reason,
    };
}
