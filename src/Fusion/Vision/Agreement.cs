using EdgePerception.Fusion.Geometry;

namespace EdgePerception.Fusion.Vision;

/// <summary>
/// Joins what two detectors saw in one image. Boxes that overlap are one object: it is missed only if both are wrong
/// (1 − (1 − a) · (1 − b) of agreeing labels), its box lies between the two, by their scores. What one alone saw
/// counts less. Thread-safe.
/// </summary>
internal static class Agreement
{
    /// <summary>The overlap (intersection over union) from which two boxes are one object.</summary>
    public const float Overlap = 0.5f;

    /// <summary>What a score counts that the other detector does not confirm.</summary>
    public const float Alone = 0.67f;

    /// <summary>Joins the second list into the first, best first. The second is used up.</summary>
    public static void Join(List<Detection> first, List<Detection> second)
    {
        for (var i = 0; i < first.Count; i++)
        {
            var partner = Partner(first[i], second);
            if (partner < 0)
            {
                first[i] = first[i] with { Score = Alone * first[i].Score };
                continue;
            }

            first[i] = Joined(first[i], second[partner]);
            second.RemoveAt(partner);
        }

        foreach (var alone in second) first.Add(alone with { Score = Alone * alone.Score });
        NonMaximumSuppression.SortByScore(first);
    }

    // The box that overlaps most, one of the same label first.
    private static int Partner(in Detection one, List<Detection> others)
    {
        var (best, most) = (-1, 0f);
        for (var i = 0; i < others.Count; i++)
        {
            var overlap = one.Box.IntersectionOverUnion(others[i].Box);
            if (overlap < Overlap) continue;
            if (others[i].Label == one.Label) overlap += 1;
            if (overlap > most) (best, most) = (i, overlap);
        }

        return best;
    }

    private static Detection Joined(in Detection one, in Detection other)
    {
        var share = one.Score / MathF.Max(one.Score + other.Score, float.Epsilon);
        var box = Between(one.Box, other.Box, share);
        if (one.Label == other.Label)
        {
            return one with
            {
                Score = 1 - (1 - one.Score) * (1 - other.Score),
                Box = box,
                Near = one.Near.With(other.Near),
            };
        }

        var (better, lesser) = one.Score >= other.Score ? (one, other) : (other, one);
        return better with
        {
            Row = one.Row,
            Box = box,
            Near = better.Near.With(lesser.Near.With(new LabelScore(lesser.Label, lesser.Score))),
        };
    }

    private static BoundingBox Between(in BoundingBox one, in BoundingBox other, float share)
    {
        var rest = 1 - share;
        return new BoundingBox(
            share * one.X + rest * other.X, share * one.Y + rest * other.Y,
            share * one.Width + rest * other.Width, share * one.Height + rest * other.Height);
    }
}
