using System.Globalization;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Actions;

/// <summary>Turns answers into actions with ids and deadlines. Thread-safe.</summary>
/// <param name="idPrefix">Tells the actions of one start of the service from those of another.</param>
/// <param name="lifetime">How long after the decision an action may still be started.</param>
public sealed class ActionFactory(string idPrefix, TimeSpan lifetime)
{
    private int _count;

    /// <summary>The action of an answer whose outcome is to act.</summary>
    /// <param name="answer">The answer; its ids stand in the scene.</param>
    /// <param name="scene">The scene that it was grounded in.</param>
    /// <param name="now">The decision's instant on the monotonic clock.</param>
    /// <exception cref="ArgumentException">
    /// The answer is not to act, names an object that is not in the scene, or a distance that nobody could keep: from
    /// an object that is not to be avoided, or not finite and more than 0.
    /// </exception>
    public RobotAction Create(GroundingAnswer answer, Scene scene, TimeSpan now)
    {
        if (answer.Outcome != GroundingOutcome.Act)
            throw new ArgumentException($"an answer of outcome {answer.Outcome} is no action", nameof(answer));
        return new RobotAction
        {
            Id = NextId(),
            CommandId = answer.Id,
            Kind = answer.Action,
            Target = Find(scene, answer.Target),
            Destination = Find(scene, answer.Destination),
            Avoid = [.. answer.Avoid.Select(id => Find(scene, id)!.Value)],
            Distances = [.. answer.Distances.Select(distance => Check(answer, distance))],
            Steps = answer.Steps,
            Confidence = answer.Confidence,
            ExpiresAt = now + lifetime,
        };
    }

    /// <summary>A stop, which needs no scene.</summary>
    public RobotAction Stop(string commandId, TimeSpan now) => new()
    {
        Id = NextId(),
        CommandId = commandId,
        Kind = RobotActionKind.Stop,
        Steps = [new ActionStep(RobotActionKind.Stop, null, null)],
        ExpiresAt = now + lifetime,
    };

    private string NextId() =>
        string.Create(CultureInfo.InvariantCulture, $"{idPrefix}-{Interlocked.Increment(ref _count)}");

    private static KeepDistance Check(GroundingAnswer answer, KeepDistance distance)
    {
        var (id, metres) = distance;
        if (!answer.Avoid.Contains(id))
            throw new ArgumentException(
                $"the answer keeps away from '{id}', which is not to be avoided", nameof(answer));
        if (!(metres > 0 && double.IsFinite(metres)))
            throw new ArgumentException(
                $"the answer keeps {metres} m away from '{id}'; give more than 0", nameof(answer));
        return distance;
    }

    private static SceneObject? Find(Scene scene, string? id)
    {
        if (id is null) return null;
        foreach (var candidate in scene.Objects)
        {
            if (candidate.Id == id) return candidate;
        }

        throw new ArgumentException($"the answer names the object '{id}', which is not in the scene", nameof(id));
    }
}
