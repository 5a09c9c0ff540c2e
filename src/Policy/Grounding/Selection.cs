using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Grounding;

/// <summary>Superlatives, ordinals and places in a row, over a set whose members are only probable.</summary>
internal static class Selection
{
    /// <summary>Picks from a set by a scale.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="selection">What to pick by.</param>
    /// <param name="fits">Probability of each object to belong to the set.</param>
    /// <param name="count">How many to pick ("the two leftmost cups").</param>
    /// <returns>Probability that there is nothing to pick, and of each object to be picked.</returns>
    public static (double None, double[] At) Apply(
        SceneView scene, SelectionModifier selection, double[] fits, int count)
    {
        var scale = selection.Scale;
        var before = scale == Scale.Middle ? Middle(scene, fits, Scale.Left) : scale == Scale.Medium
            ? Middle(scene, fits, Scale.Large) : (i, j) => ScaleOrder.Before(scale, scene.Objects[i], scene.Objects[j]);
        Func<int, int, double> order = selection.Rank < 0 ? (i, j) => 1 - before(i, j) : before;
        var rank = selection.Rank < 0 ? -1 - selection.Rank : selection.Rank;
        var (none, at) = SetProbability.Ranked(fits, rank, order);
        for (var next = 1; next < count; next++)
        {
            var (_, more) = SetProbability.Ranked(fits, rank + next, order);
            for (var i = 0; i < at.Length; i++) at[i] = Math.Min(1, at[i] + more[i]);
        }

        if (selection.Negated)
            return (0, [.. fits.Select((fit, i) => fit * (1 - (fit > 0 ? Math.Min(1, at[i] / fit) : 0)))]);
        if (selection.IsRegion && count == 1) at = OnItsSide(scene, selection, fits, at);
        return (none, at);
    }

    /// <summary>Whether two orders run against each other ("the leftmost rightmost cup").</summary>
    public static bool Contradicts(SelectionModifier first, SelectionModifier second) =>
        first is { Rank: 0, Negated: false } && second is { Rank: 0, Negated: false } && (first.Scale, second.Scale) is
            (Scale.Left, Scale.Right) or (Scale.Right, Scale.Left) or (Scale.Top, Scale.Bottom)
                or (Scale.Bottom, Scale.Top)
            or (Scale.Near, Scale.Far) or (Scale.Far, Scale.Near) or (Scale.Large, Scale.Small)
            or (Scale.Small, Scale.Large)
            or (Scale.Tall, Scale.Short) or (Scale.Short, Scale.Tall) or (Scale.Wide, Scale.Narrow)
            or (Scale.Narrow, Scale.Wide)
            or (Scale.Fast, Scale.Slow) or (Scale.Slow, Scale.Fast) or (Scale.Bright, Scale.Dark)
            or (Scale.Dark, Scale.Bright);

    /// <summary>What two picks from one set have in common.</summary>
    public static (double None, double[] At) Both(double[] first, double[] second)
    {
        double[] both = [.. first.Select((fit, i) => fit * second[i])];
        return (Math.Clamp(1 - both.Sum(), 0, 1), both);
    }

    /// <summary>Alone in its set, an object is "on the left" only if it stands there.</summary>
    private static double[] OnItsSide(SceneView scene, SelectionModifier selection, double[] fits, double[] at)
    {
        var alone = SetProbability.Exactly(fits).Alone;
        for (var i = 0; i < at.Length; i++)
        {
            if (at[i] <= 0 || scene.Objects[i].Box is not { } box) continue;
            var x = box.CenterX / scene.Objects[i].Camera.Width;
            var side = selection.Scale switch
            {
                Scale.Left => Logistic.Step(0.6 - x, 0, 0.03),
                Scale.Right => Logistic.Step(x - 0.4, 0, 0.03),
                Scale.Middle => Logistic.Step(0.3 - Math.Abs(x - 0.5), 0, 0.03),
                _ => 1,
            };
            at[i] -= Math.Min(at[i], alone[i]) * (1 - Math.Max(0.05, side));
        }

        return at;
    }

    /// <summary>In the middle of an order stands who has as many before as behind.</summary>
    private static Func<int, int, double> Middle(SceneView scene, double[] fits, Scale order)
    {
        var members = Enumerable.Range(0, fits.Length).Where(i => fits[i] > 0.01).ToArray();
        var balance = new double[fits.Length];
        foreach (var i in members)
        {
            var sum = members.Where(j => j != i)
                .Sum(j => fits[j] * (2 * ScaleOrder.Before(order, scene.Objects[j], scene.Objects[i]) - 1));
            balance[i] = Math.Abs(sum);
        }

        return (i, j) => Logistic.Step(balance[j] - balance[i], 0, 0.3);
    }
}
