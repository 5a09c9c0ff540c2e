using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Grounding;

/// <summary>What one of the two makes of a description; the probabilities sum to 1.</summary>
/// <param name="Objects">Of each object that it alone is meant.</param>
/// <param name="Absent">That nothing fits.</param>
/// <param name="Several">That several fit alike.</param>
public sealed record Opinion(IReadOnlyList<double> Objects, double Absent, double Several);

/// <summary>
/// The raw opinions of rules and network on a command's first target: what their combination is fitted on.
/// </summary>
/// <param name="Id">The command's id.</param>
/// <param name="Objects">The ids of the objects, in the order of the opinions.</param>
/// <param name="Read">How much of the description the rules understand.</param>
/// <param name="Rules">The rules' opinion.</param>
/// <param name="Network">The network's opinion.</param>
public sealed record GroundingEvidence(
    string Id, IReadOnlyList<string> Objects, RuleReading Read, Opinion Rules, Opinion Network)
{
    /// <summary>
    /// Both opinions; null if the command has no single target, or the rules alone are asked about it.
    /// </summary>
    internal static GroundingEvidence? Of(string id, ParsedCommand command, SceneView scene, Combination combination)
    {
        if (command.Steps is not [{ Target: { } phrase }]) return null;
        var resolver = new DescriptionResolver(scene);
        var referents = resolver.Resolve(phrase);
        if (combination.ReadingOf(phrase, referents) is not { } read) return null;
        var (none, single, several) = referents.Weighed(scene.Thresholds);
        var target = combination.Reading.Target;
        var network = combination.Shown.Select(place => place < 0 ? 0.0 : target.Objects[place]);
        return new GroundingEvidence(id, [.. scene.Objects.Select(item => item.Source.Id)], read,
            new Opinion(single, none, several), new Opinion([.. network], target.Absent, target.Several));
    }
}
