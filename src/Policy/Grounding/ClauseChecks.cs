using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Grounding;

/// <summary>Whether one clause of a description holds for an object.</summary>
/// <param name="Phrase">The description.</param>
/// <param name="Noun">What its noun matched.</param>
/// <param name="Modifier">The clause; none for the noun itself.</param>
/// <param name="Item">The object.</param>
/// <param name="Holds">Whether it holds; what cannot be checked is not held against the object.</param>
internal sealed record ClauseCheck(NounPhrase Phrase, NounMatch Noun, Modifier? Modifier, ViewedObject Item, bool Holds)
{
    /// <summary>
    /// What the object was compared with, nearest to the measure first: the anchors of a relation, the others of an
    /// order.
    /// </summary>
    public IReadOnlyList<ViewedObject> Others { get; init; } = [];
}

/// <summary>
/// Checks a description clause by clause for one object, by what is measured and nothing else: decisions rest on it,
/// and evidence puts it in words.
/// </summary>
internal sealed class ClauseChecks(DescriptionResolver resolver)
{
    private const int DeepestChain = 2;
    private const double Holding = 0.5;

    // An order is only as sure as its neighbours are apart.
    private const double HoldingOrder = 0.3;

    private readonly SceneView _scene = resolver.Scene;

    /// <summary>
    /// The clauses of a description for an object, those of what it relates to behind their relation.
    /// </summary>
    public IEnumerable<ClauseCheck> Of(NounPhrase phrase, int index) => Of(phrase, index, 0);

    private IEnumerable<ClauseCheck> Of(NounPhrase phrase, int index, int depth)
    {
        var (noun, modifiers) = resolver.Read(phrase);
        var item = _scene.Objects[index];
        if (depth == 0)
            yield return new ClauseCheck(
                phrase, noun, null, item, phrase.KnownId is not null || noun.Weights[index] > 0);
        foreach (var word in noun.Unread)
            yield return new ClauseCheck(phrase, noun, new UnmeasuredModifier(word), item, true);
        foreach (var modifier in modifiers)
        {
            var check = new ClauseCheck(phrase, noun, modifier, item, (resolver.Check(item, modifier) ?? 1) >= Holding);
            if (modifier is SelectionModifier selection) check = Order(check, selection);
            if (modifier is not RelationModifier relation)
            {
                yield return check;
                continue;
            }

            check = Relation(check, relation);
            yield return check;
            if (depth == DeepestChain || check.Others is not [var anchor]) continue;
            foreach (var inner in Of(relation.Anchors[0], anchor.Index, depth + 1)) yield return inner;
        }
    }

    private ClauseCheck Relation(ClauseCheck check, RelationModifier relation)
    {
        var item = check.Item;
        var first = resolver.Anchors(relation.Anchors[0]).Where(anchor => anchor.Index != item.Index).ToList();
        if (relation.Relation == SpatialRelation.Between) return Between(check, relation, first);
        if (first.Count == 0) return check with { Holds = false };
        var anchor = first.Take(3).Select(candidate => (Item: _scene.Objects[candidate.Index], candidate.Weight))
            .MaxBy(candidate =>
                candidate.Weight
                    * (SpatialPredicates.Probability(item, candidate.Item, relation.Relation) ?? Holding)).Item;
        // What is lower but aside is under it loosely speaking; that much holds.
        var checkedAs =
            relation.Relation == SpatialRelation.Under ? relation with { Relation = SpatialRelation.Below } : relation;
        var probability = SpatialPredicates.Probability(item, anchor, checkedAs) ?? 1;
        return check with { Holds = probability >= Holding != relation.Negated, Others = [anchor] };
    }

    private ClauseCheck Between(ClauseCheck check, RelationModifier relation, List<(int Index, double Weight)> first)
    {
        var item = check.Item;
        var second = relation.Anchors.Count > 1 ? resolver.Anchors(relation.Anchors[1]) : first;
        var pairs = first.SelectMany(_ => second, (a, b) => (A: _scene.Objects[a.Index], B: _scene.Objects[b.Index]))
            .Where(pair => pair.A != pair.B && pair.B != item)
            .Select(pair => (pair.A, pair.B, P: SpatialPredicates.Between(item, pair.A, pair.B) ?? Holding)).ToList();
        if (pairs.Count == 0) return check with { Holds = false };
        var (left, right, probability) = pairs.MaxBy(pair => pair.P);
        return check with { Holds = probability >= Holding != relation.Negated, Others = [left, right] };
    }

    private ClauseCheck Order(ClauseCheck check, SelectionModifier selection)
    {
        var item = check.Item;
        if (!ScaleOrder.IsMeasured(selection.Scale, item)) return check with { Holds = true };
        var meant = resolver.Resolve(check.Phrase);
        List<ViewedObject> others =
        [
            .. _scene.Objects.Where(other => other != item && check.Noun.Weights[other.Index] > 0
                && other.Camera.Name == item.Camera.Name && ScaleOrder.IsMeasured(selection.Scale, other))
                .OrderByDescending(other => meant.Closeness[other.Index]),
        ];
        var holds = others.Count == 0 || meant.Single[item.Index] >= HoldingOrder || meant.Fits[item.Index] >= Holding;
        return check with { Holds = holds, Others = others };
    }
}
