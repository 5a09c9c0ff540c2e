using System.Globalization;
using EdgePerception.Fusion.Geometry;
using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Grounding;

/// <summary>
/// How objects lie to each other in one camera's image. Left, right, above and below compare centres; depth compares
/// lower edges, since what stands farther off on the same floor ends higher up; margins are soft.
/// </summary>
internal static class SpatialPredicates
{
    private const double Margin = 0.008;
    private const double Aside = 0.3;

    /// <summary>Probability that the relation holds; null if a box is not measured.</summary>
    public static double? Probability(ViewedObject item, ViewedObject anchor, SpatialRelation relation)
    {
        if (item.Index == anchor.Index || item.Camera.Name != anchor.Camera.Name) return 0;
        if (item.Box is not { } a || anchor.Box is not { } b) return null;
        var width = (double)item.Camera.Width;
        var height = (double)item.Camera.Height;
        return relation switch
        {
            SpatialRelation.LeftOf => Beyond(b.CenterX - a.CenterX, width, Math.Min(a.Width, b.Width)),
            SpatialRelation.RightOf => Beyond(a.CenterX - b.CenterX, width, Math.Min(a.Width, b.Width)),
            SpatialRelation.Above => Beyond(b.CenterY - a.CenterY, height, Math.Min(a.Height, b.Height)),
            SpatialRelation.Below => Beyond(a.CenterY - b.CenterY, height, Math.Min(a.Height, b.Height)),
            SpatialRelation.Under =>
                Beyond(a.CenterY - b.CenterY, height, Math.Min(a.Height, b.Height)) * Beneath(a, b),
            SpatialRelation.On => On(a, b),
            SpatialRelation.In => In(a, b),
            SpatialRelation.NextTo or SpatialRelation.With => Close(a, b, width, 1.5),
            SpatialRelation.NearestTo or SpatialRelation.FarthestFrom => 1,
            SpatialRelation.Behind => Logistic.Step(Depth(anchor, a, b), 0, Margin * 1.5),
            SpatialRelation.InFrontOf => Logistic.Step(-Depth(anchor, a, b), 0, Margin * 1.5),
            SpatialRelation.LargerThan => Ratio(a.Area, b.Area),
            SpatialRelation.SmallerThan => Ratio(b.Area, a.Area),
            SpatialRelation.TallerThan => Ratio(a.Height, b.Height),
            SpatialRelation.ShorterThan => Ratio(b.Height, a.Height),
            _ => 0,
        };
    }

    /// <summary>Probability that the object stands between two others.</summary>
    public static double? Between(ViewedObject item, ViewedObject first, ViewedObject second)
    {
        if (item.Index == first.Index || item.Index == second.Index || first.Index == second.Index) return 0;
        if (item.Camera.Name != first.Camera.Name || item.Camera.Name != second.Camera.Name) return 0;
        if (item.Box is not { } box || first.Box is not { } a || second.Box is not { } b) return null;
        double dx = b.CenterX - a.CenterX, dy = b.CenterY - a.CenterY, length = Math.Sqrt(dx * dx + dy * dy);
        if (length < 1) return 0;
        double px = box.CenterX - a.CenterX, py = box.CenterY - a.CenterY;
        var along = (px * dx + py * dy) / (length * length);
        var aside = Math.Abs(px * dy - py * dx) / length;
        var reach = 0.35 * length + 0.5 * Math.Max(box.Height, Math.Max(a.Height, b.Height));
        return Logistic.Step(along, 0.05, 0.02) * Logistic.Step(0.95 - along, 0, 0.02)
            * Logistic.Step(reach - aside, 0, 0.1 * length);
    }

    /// <summary>
    /// Probability of the relation itself, whether it is then asked for or denied; null if a box is not measured.
    /// </summary>
    public static double? Probability(ViewedObject item, ViewedObject anchor, RelationModifier relation) =>
        relation is { Negated: true, Relation: SpatialRelation.NextTo }
            ? RightBeside(item, anchor)
            : Probability(item, anchor, relation.Relation);

    /// <summary>
    /// What "not next to" denies, which is less than "next to" grants: who excludes the neighbour means the one right
    /// beside it, and what stands somewhat apart is not excluded.
    /// </summary>
    private static double? RightBeside(ViewedObject item, ViewedObject anchor)
    {
        if (item.Index == anchor.Index || item.Camera.Name != anchor.Camera.Name) return 0;
        return item.Box is { } a && anchor.Box is { } b ? Close(a, b, item.Camera.Width, 1) : null;
    }

    /// <summary>Distance of the centres in pixels; null if a box is not measured or the cameras differ.</summary>
    public static double? Distance(ViewedObject item, ViewedObject anchor)
    {
        if (item.Camera.Name != anchor.Camera.Name || item.Box is not { } a || anchor.Box is not { } b) return null;
        return Math.Sqrt(Math.Pow(a.CenterX - b.CenterX, 2) + Math.Pow(a.CenterY - b.CenterY, 2));
    }

    /// <summary>What was measured, in words.</summary>
    public static string Evidence(ViewedObject item, ViewedObject anchor, SpatialRelation relation)
    {
        if (item.Camera.Name != anchor.Camera.Name)
            return $"{item.Name} and {anchor.Name} are seen by different cameras";
        if (item.Box is not { } a || anchor.Box is not { } b)
            return $"the boxes of {item.Name} and {anchor.Name} are not both measured, so this was not checked";
        return relation switch
        {
            SpatialRelation.LeftOf or SpatialRelation.RightOf =>
                $"centre {Pixels(a.CenterX - b.CenterX)} px {(a.CenterX < b.CenterX ? "left" : "right")} of "
                + $"{anchor.Name}'s",
            SpatialRelation.Above or SpatialRelation.Below or SpatialRelation.Under =>
                $"centre {Pixels(a.CenterY - b.CenterY)} px {(a.CenterY < b.CenterY ? "above" : "below")} "
                + $"{anchor.Name}'s",
            SpatialRelation.Behind or SpatialRelation.InFrontOf =>
                $"lower edge {Pixels(a.Bottom - b.Bottom)} px {(a.Bottom < b.Bottom ? "above" : "below")} "
                + $"{anchor.Name}'s, so it stands {(a.Bottom < b.Bottom ? "farther off" : "nearer")}",
            SpatialRelation.On or SpatialRelation.In =>
                $"{Share(Overlap(a, b))} of {item.Name} lies within {anchor.Name}'s box, lower edge "
                + $"{Pixels(a.Bottom - b.Y)} px {(a.Bottom >= b.Y ? "below" : "above")} its top",
            SpatialRelation.LargerThan or SpatialRelation.SmallerThan =>
                $"area {Share(a.Area / Math.Max(b.Area, 1e-6))} of {anchor.Name}'s",
            SpatialRelation.TallerThan or SpatialRelation.ShorterThan =>
                $"height {Share(a.Height / Math.Max(b.Height, 1e-6))} of {anchor.Name}'s",
            _ => $"centres {Pixels(Distance(item, anchor) ?? 0)} px apart, {Pixels(Gap(a, b))} px between the edges "
                + $"of {item.Name} and {anchor.Name}",
        };
    }

    private static double Beyond(double difference, double extent, double size) =>
        Logistic.Step(difference / extent, 0, Margin + 0.02 * size / extent);

    private static double Ratio(double a, double b) =>
        Logistic.Step(Math.Log(Math.Max(a, 1e-6) / Math.Max(b, 1e-6)), 0, 0.04);

    /// <summary>How much farther off the first is than the second, in image heights of lower edge.</summary>
    private static double Depth(ViewedObject anchor, in BoundingBox a, in BoundingBox b) =>
        (b.Bottom - a.Bottom) / anchor.Camera.Height;

    /// <summary>
    /// Rests on it: stands over it sideways, ends between its top and its lower part, and starts above its middle.
    /// </summary>
    private static double On(in BoundingBox a, in BoundingBox b)
    {
        var scale = Math.Max(b.Height, 0.5 * a.Height);
        var reaches = Logistic.Step((a.Bottom - b.Y) / scale, -0.12, 0.03);
        var staysUp = Logistic.Step((b.Bottom - a.Bottom) / scale, -0.04, 0.03);
        var startsAbove = Logistic.Step((b.CenterY - a.Y) / scale, -0.05, 0.05);
        return Logistic.Step(Sideways(a, b), 0.45, 0.06) * reaches * staysUp * startsAbove;
    }

    /// <summary>
    /// Who says "under" means what is beneath rather than what is lower somewhere else, if there is such.
    /// </summary>
    private static double Beneath(in BoundingBox a, in BoundingBox b) =>
        Aside + (1 - Aside) * Logistic.Step(Sideways(a, b), 0.25, 0.06);

    /// <summary>Share of the narrower box's width that the two have in common.</summary>
    private static double Sideways(in BoundingBox a, in BoundingBox b) =>
        Math.Max(0, Math.Min(a.Right, b.Right) - Math.Max(a.X, b.X)) / Math.Max(1e-6, Math.Min(a.Width, b.Width));

    private static double In(in BoundingBox a, in BoundingBox b) =>
        Logistic.Step(Overlap(a, b), 0.65, 0.06)
            * Logistic.Step(Math.Log(Math.Max(b.Area, 1e-6) / Math.Max(a.Area, 1e-6)), 0.05, 0.05);

    private static double Close(in BoundingBox a, in BoundingBox b, double width, double sizes)
    {
        var size = (Math.Max(a.Width, a.Height) + Math.Max(b.Width, b.Height)) / 2;
        var reach = Math.Max(sizes * size, 0.04 * sizes * width);
        return Logistic.Step(1 - Gap(a, b) / reach, 0, 0.12);
    }

    private static double Gap(in BoundingBox a, in BoundingBox b)
    {
        double x = Math.Max(0, Math.Max(b.X - a.Right, a.X - b.Right)),
            y = Math.Max(0, Math.Max(b.Y - a.Bottom, a.Y - b.Bottom));
        return Math.Sqrt(x * x + y * y);
    }

    private static double Overlap(in BoundingBox a, in BoundingBox b) => a.Intersection(b) / Math.Max(1e-6, a.Area);

    private static string Pixels(double distance) => Math.Abs(distance).ToString("0", CultureInfo.InvariantCulture);

    private static string Share(double share) => share.ToString("0.00", CultureInfo.InvariantCulture);
}
