using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Actions;

/// <summary>
/// What the robot is to do, with the objects as they were seen at the decision and the time it must start by.
/// </summary>
public sealed record RobotAction
{
    /// <summary>Unique for this start of the service.</summary>
    public required string Id { get; init; }

    /// <summary>The command that it answers.</summary>
    public required string CommandId { get; init; }

    /// <summary>What to do.</summary>
    public required RobotActionKind Kind { get; init; }

    /// <summary>Whether the robot moves for it.</summary>
    public bool Moves => Kind is not (RobotActionKind.None or RobotActionKind.Report or RobotActionKind.Stop
        or RobotActionKind.Resume);

    /// <summary>The object to act on.</summary>
    public SceneObject? Target { get; init; }

    /// <summary>The object to bring the target to.</summary>
    public SceneObject? Destination { get; init; }

    /// <summary>The objects to keep away from.</summary>
    public IReadOnlyList<SceneObject> Avoid { get; init; } = [];

    /// <summary>
    /// How far to keep away from some of <see cref="Avoid"/>, at most one figure for each object. Whoever cannot keep
    /// one of them must not start the action.
    /// </summary>
    public IReadOnlyList<KeepDistance> Distances { get; init; } = [];

    /// <summary>The steps in order.</summary>
    public IReadOnlyList<ActionStep> Steps { get; init; } = [];

    /// <summary>Probability, 0 to 1, that its objects are meant; none for an action without one.</summary>
    public double? Confidence { get; init; }

    /// <summary>The instant on the monotonic clock after which nobody may start it.</summary>
    public required TimeSpan ExpiresAt { get; init; }
}
