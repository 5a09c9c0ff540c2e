using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Grounding;

/// <summary>The ways in which the relations of a description can be anchored, each with its weight.</summary>
internal sealed class AnchorCombinations(
    DescriptionResolver resolver, List<RelationModifier> relations, Referents result)
{
    private const double Unclear = 0.3;

    /// <summary>
    /// All combinations of anchors, likeliest first; their weights sum to 1 less the probability that an anchor is
    /// missing, which is added to the result.
    /// </summary>
    public List<(double Weight, int[][] Anchors)> All(int most)
    {
        var combinations = new List<(double Weight, int[][] Anchors)> { (1, []) };
        foreach (var relation in relations)
        {
            var options = Options(relation);
            combinations = [.. combinations
                .SelectMany(_ => options,
                    (before, option) => (before.Weight * option.Weight, (int[][])[.. before.Anchors, option.Anchors]))
                .OrderByDescending(combination => combination.Item1).Take(most)];
        }

        var sum = combinations.Sum(combination => combination.Weight);
        result.None += Math.Clamp(1 - sum, 0, 1);
        return combinations;
    }

    private List<(double Weight, int[] Anchors)> Options(RelationModifier relation)
    {
        var first = relation.Anchors[0];
        var options = relation.Relation == SpatialRelation.Between ? Pairs(relation) : Singles(first);
        if (options.Count == 0) result.MissingAnchor ??= first;
        if (relation.Relation is SpatialRelation.On or SpatialRelation.In or SpatialRelation.NextTo
            or SpatialRelation.With && !relation.Negated)
            options = Existing(options, relation);
        else if (options.Count > 1 && options[1].Weight > Unclear * options[0].Weight && first.Quantity == Quantity.One)
            result.UnclearAnchor ??= first;
        return options;
    }

    private List<(double Weight, int[] Anchors)> Singles(NounPhrase phrase)
    {
        var anchors = resolver.Anchors(phrase);
        if (phrase.Quantity != Quantity.One)
        {
            var fits = resolver.Resolve(phrase).Fits;
            var members =
                Enumerable.Range(0, fits.Length).Where(i => fits[i] >= resolver.Scene.Thresholds.Member).ToArray();
            return members.Length == 0 ? [] : [(resolver.Resolve(phrase).Fits.Max(), members)];
        }

        return [.. anchors.Select(anchor => (anchor.Weight, (int[])[anchor.Index]))];
    }

    private List<(double Weight, int[] Anchors)> Pairs(RelationModifier relation)
    {
        if (relation.Anchors.Count == 2)
        {
            var second = resolver.Anchors(relation.Anchors[1]);
            return [.. resolver.Anchors(relation.Anchors[0]).Take(4)
                .SelectMany(_ => second.Take(4), (a, b) => (a.Weight * b.Weight, (int[])[a.Index, b.Index]))];
        }

        var fits = resolver.Resolve(relation.Anchors[0]).Fits;
        var members = Enumerable.Range(0, fits.Length).Where(i => fits[i] > 0.3).Take(6).ToArray();
        var pairs = members.SelectMany(_ => members, (a, b) => (a, b)).Where(pair => pair.a < pair.b)
            .Select(pair => (fits[pair.a] * fits[pair.b], (int[])[pair.a, pair.b])).ToList();
        var sum = pairs.Sum(pair => pair.Item1);
        return [.. pairs.Select(pair => (pair.Item1 / Math.Max(1, sum), pair.Item2))];
    }

    /// <summary>
    /// "the cup on the table" tells two tables apart by the cup: relations of contact weigh each anchor by whether
    /// anything that the noun names is there.
    /// </summary>
    private List<(double Weight, int[] Anchors)> Existing(
        List<(double Weight, int[] Anchors)> options, RelationModifier relation)
    {
        var sum = options.Sum(option => option.Weight);
        if (options.Count < 2 || sum <= 0) return options;
        var weighed =
            options.Select(option => (option.Weight * (0.05 + Best(option.Anchors, relation)), option.Anchors))
                .ToList();
        var total = weighed.Sum(option => option.Item1);
        return [
            .. weighed.Select(option => (option.Item1 / total * sum, option.Anchors))
                .OrderByDescending(option => option.Item1)];
    }

    private double Best(int[] anchors, RelationModifier relation) =>
        resolver.Scene.Objects.Where(item => result.Noun.Weights[item.Index] > 0)
            .Select(item =>
                anchors.Max(anchor =>
                    SpatialPredicates.Probability(item, resolver.Scene.Objects[anchor], relation.Relation) ?? 0.5))
            .DefaultIfEmpty(0).Max();
}
