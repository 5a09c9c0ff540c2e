using System.Globalization;
using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Grounding;

namespace EdgePerception.Runtime.Drawing;

/// <summary>What an object is to the command.</summary>
public enum AnnotationRole
{
    /// <summary>In sight only.</summary>
    Seen,

    /// <summary>Considered.</summary>
    Candidate,

    /// <summary>To be kept away from.</summary>
    Avoid,

    /// <summary>Where the target goes.</summary>
    Destination,

    /// <summary>To be acted on.</summary>
    Target,
}

/// <summary>One box to draw.</summary>
/// <param name="Box">Where, in pixels.</param>
/// <param name="Text">What stands at it.</param>
/// <param name="Role">What the object is to the command; it gives colour and line.</param>
public readonly record struct Annotation(BoundingBox Box, string Text, AnnotationRole Role)
{
    /// <summary>
    /// An object of a scene as what it is to the answer, with the probability that the command means it.
    /// </summary>
    public static Annotation Of(in SceneObject seen, GroundingAnswer answer)
    {
        var id = seen.Id;
        var candidate = answer.Candidates.FirstOrDefault(candidate => candidate.Id == id);
        var role = answer switch
        {
            _ when answer.Target == id || answer.Steps.Any(step => step.Target == id) => AnnotationRole.Target,
            _ when answer.Destination == id || answer.Steps.Any(step => step.Destination == id) =>
                AnnotationRole.Destination,
            _ when answer.Avoid.Contains(id) => AnnotationRole.Avoid,
            _ when candidate is not null => AnnotationRole.Candidate,
            _ => AnnotationRole.Seen,
        };
        var prefix = role switch
        {
            AnnotationRole.Target => "target ",
            AnnotationRole.Destination => "to ",
            AnnotationRole.Avoid => "avoid ",
            _ => "",
        };
        var probability =
            candidate is null ? "" : candidate.Probability.ToString(" 0.00", CultureInfo.InvariantCulture);
        var distance = answer.Distances.FirstOrDefault(distance => distance.Id == id) is { } keep
            ? string.Create(CultureInfo.InvariantCulture, $", ≥ {keep.Metres:0.###} m") : "";
        return new Annotation(seen.Box, $"{prefix}#{id} {seen.Label}{probability}{distance}", role);
    }
}
