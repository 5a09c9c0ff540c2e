using EdgePerception.Fusion.Attention;
using EdgePerception.Policy.Commands;

namespace EdgePerception.Policy.Grounding;

/// <summary>What one of the two makes of a description; the probabilities sum to 1.</summary>
/// <param name="Objects">Of each object that it alone is meant.</param>
/// <param name="Absent">That nothing fits.</param>
/// <param name="Several">That several fit alike.</param>
public sealed record Opinion(IReadOnlyList<double> Objects, double Absent, double Several);

/// <summary>The raw opinions of rules and network on a command's first target: what their combination is fitted on.</summary>
/// <param name="Id">The command's id.</param>
/// <param name="Objects">The ids of the objects, in the order of the opinions.</param>
/// <param name="Read">How much of the description the rules understand.</param>
/// <param name="Rules">The rules' opinion.</param>
/// <param name="Network">The network's opinion.</param>
public sealed record GroundingEvidence(string Id, IReadOnlyList<string> Objects, RuleReading Read, Opinion Rules, Opinion Network)
{
    /// <summary>Both opinions; none where the command has no single target.</summary>
    internal static GroundingEvidence? Of(string id, ParsedCommand command, AttentionReading reading, SceneView scene)
    {
        if (command.Steps is not [{ Target: { Quantity: Quantity.One, Alternatives.Count: 0 } target }]) return null;
        var referents = new DescriptionResolver(scene).Resolve(target);
        var (none, single, several) = referents.Weighed(scene.Thresholds);
        var network = Combination.Shown(reading, scene).Select(place => place < 0 ? 0.0 : reading.Target.Objects[place]);
        return new GroundingEvidence(id, [.. scene.Objects.Select(item => item.Source.Id)], Combination.ReadingOf(command, target, referents.Noun, scene),
            new Opinion(single, none, several), new Opinion([.. network], reading.Target.Absent, reading.Target.Several));
    }
}
