using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Grounding;

/// <summary>
/// Relations of distance also compare: "next to" means the one that is closest, where several are close.
/// </summary>
internal static class Nearness
{
    /// <summary>
    /// How a relation ranks objects by their distance from its one anchor; null if it compares none. Takes how well
    /// each object fits, and gives the probability that none is meant, and each.
    /// </summary>
    public static Func<double[], (double None, double[] At)>? Of(
        RelationModifier relation, IReadOnlyList<ViewedObject> objects, int[] anchors)
    {
        if (relation.Negated || anchors.Length != 1) return null;
        var sign = relation.Relation switch
        {
            SpatialRelation.NearestTo or SpatialRelation.NextTo or SpatialRelation.With => 1,
            SpatialRelation.FarthestFrom => -1,
            _ => 0,
        };
        if (sign == 0) return null;
        var anchor = objects[anchors[0]];
        var distances = objects.Select(item => SpatialPredicates.Distance(item, anchor)).ToArray();
        var spread = relation.Relation == SpatialRelation.NextTo ? 0.03 : 0.01;
        return fits => SetProbability.Ranked(fits, 0, (i, j) => distances[i] is { } a && distances[j] is { } b
            ? Logistic.Step(sign * (b - a) / anchor.Camera.Width, 0, spread) : 0.5);
    }
}
