using System.Globalization;
using EdgePerception.Policy.Commands;

namespace EdgePerception.Policy.Grounding;

/// <summary>Writes for each clause of a description whether it holds for an object, and what was measured.</summary>
internal sealed class EvidenceWriter(DescriptionResolver resolver)
{
    private const int DeepestChain = 2;

    private readonly SceneView _scene = resolver.Scene;

    /// <summary>The clauses of a description for one object; for none when the index is negative.</summary>
    public List<Clause> Write(NounPhrase phrase, int index)
    {
        var clauses = new List<Clause>();
        Write(phrase, index, clauses, 0);
        return clauses;
    }

    private void Write(NounPhrase phrase, int index, List<Clause> clauses, int depth)
    {
        var (noun, modifiers) = resolver.Read(phrase);
        if (index < 0)
        {
            clauses.Add(new Clause(phrase.Text, false, "nothing is in sight"));
            return;
        }

        var item = _scene.Objects[index];
        if (depth == 0) clauses.Add(Noun(phrase, noun, item));
        foreach (var word in noun.Unread)
            clauses.Add(new Clause(word, true, $"\"{word}\" cannot be checked: no sensor measures it"));
        foreach (var modifier in modifiers)
        {
            clauses.Add(Modifier(phrase, noun, modifier, item, out var anchor));
            if (anchor >= 0 && depth < DeepestChain) Write(((RelationModifier)modifier).Anchors[0], anchor, clauses, depth + 1);
        }
    }

    private static Clause Noun(NounPhrase phrase, NounMatch noun, ViewedObject item)
    {
        var weight = noun.Weights[item.Index];
        var text = phrase.Noun.Count > 0 ? string.Join(' ', phrase.Noun) : "object";
        var score = float.IsFinite(item.Source.Score) ? Figure(item.Source.Score) : "not given";
        if (weight <= 0) return new Clause(text, false, $"no label in sight is \"{text}\"");
        var evidence = noun.Noun.Length == 0 || item.Label == noun.Noun
            ? $"{item.Name} is seen with score {score}"
            : $"{item.Name} is labelled {item.ShortLabel}, which \"{noun.Noun}\" can mean ({Figure(weight)}); score {score}";
        return new Clause(text, true, evidence);
    }

    private Clause Modifier(NounPhrase phrase, NounMatch noun, Modifier modifier, ViewedObject item, out int anchor)
    {
        anchor = -1;
        switch (modifier)
        {
            case ColorModifier color:
                return new Clause(color.Text, Holds(item, color), ColorPredicate.Evidence(item, color));
            case MotionModifier motion:
                return new Clause(motion.Text, Holds(item, motion), MotionPredicate.Evidence(item));
            case SoundModifier sound:
                return new Clause(sound.Text, Holds(item, sound), SoundPredicate.Evidence(_scene, item, sound));
            case RelationModifier relation:
                return Relation(relation, item, out anchor);
            case SelectionModifier selection:
                return Order(phrase, noun, selection, item);
            case ExclusionModifier exclusion:
                var holds = Holds(item, exclusion);
                return new Clause(exclusion.Text, holds, $"{item.Name} {(holds ? "is not" : "may be")} \"{exclusion.Excluded.Text}\"");
            default:
                return new Clause(modifier.Text, true, $"\"{modifier.Text}\" cannot be checked: no sensor measures it");
        }
    }

    /// <summary>A clause that cannot be checked is not held against the object; its evidence says so.</summary>
    private bool Holds(ViewedObject item, Modifier modifier) => (resolver.Check(item, modifier) ?? 1) >= 0.5;

    private Clause Relation(RelationModifier relation, ViewedObject item, out int anchor)
    {
        anchor = -1;
        var first = resolver.Anchors(relation.Anchors[0]).Where(candidate => candidate.Index != item.Index).ToList();
        if (first.Count == 0) return new Clause(relation.Text, false, $"nothing in sight is \"{relation.Anchors[0].Text}\"");
        if (relation.Relation == SpatialRelation.Between) return Between(relation, item, first);
        var best = first.Take(3).OrderByDescending(candidate => candidate.Weight
            * (SpatialPredicates.Probability(item, _scene.Objects[candidate.Index], relation.Relation) ?? 0.5)).First().Index;
        anchor = best;
        var other = _scene.Objects[best];
        // What is lower but aside is under it loosely speaking; that much holds.
        var checkedAs = relation.Relation == SpatialRelation.Under ? relation with { Relation = SpatialRelation.Below } : relation;
        var holds = SpatialPredicates.Probability(item, other, checkedAs) ?? 1;
        return new Clause(relation.Text, relation.Negated ? holds < 0.5 : holds >= 0.5, SpatialPredicates.Evidence(item, other, relation.Relation));
    }

    private Clause Between(RelationModifier relation, ViewedObject item, List<(int Index, double Weight)> first)
    {
        var second = relation.Anchors.Count > 1 ? resolver.Anchors(relation.Anchors[1]) : first;
        var pairs = first.SelectMany(_ => second, (a, b) => (A: a.Index, B: b.Index)).Where(pair => pair.A != pair.B && pair.B != item.Index)
            .Select(pair => (pair.A, pair.B, P: SpatialPredicates.Between(item, _scene.Objects[pair.A], _scene.Objects[pair.B]) ?? 0.5)).ToList();
        if (pairs.Count == 0) return new Clause(relation.Text, false, "there are no two objects to stand between");
        var (left, right, probability) = pairs.MaxBy(pair => pair.P);
        var holds = relation.Negated ? probability < 0.5 : probability >= 0.5;
        return new Clause(relation.Text, holds, $"{item.Name} {(probability >= 0.5 ? "stands" : "does not stand")} between {_scene.Objects[left].Name} and {_scene.Objects[right].Name}");
    }

    private Clause Order(NounPhrase phrase, NounMatch noun, SelectionModifier selection, ViewedObject item)
    {
        if (!ScaleOrder.IsMeasured(selection.Scale, item)) return new Clause(selection.Text, true, $"{item.Name} is not measured so, so this was not checked");
        var others = _scene.Objects.Where(other => other.Index != item.Index && noun.Weights[other.Index] > 0
            && ScaleOrder.IsMeasured(selection.Scale, other)).ToList();
        var measure = $"{item.Name}: {ScaleOrder.Measure(selection.Scale, item)}";
        if (others.Count == 0) return new Clause(selection.Text, true, $"{measure}; there is no other to compare with");
        var meant = resolver.Resolve(phrase);
        var holds = meant.Single[item.Index] >= 0.3 || meant.Fits[item.Index] >= 0.5;
        var nearest = others.OrderByDescending(other => meant.Closeness[other.Index]).First();
        return new Clause(selection.Text, holds, $"{measure}; {nearest.Name}: {ScaleOrder.Measure(selection.Scale, nearest)}; {others.Count + 1} compared");
    }

    private static string Figure(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
