using System.Globalization;
using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Grounding;

/// <summary>
/// Puts in words, for each clause of a description, whether it holds for an object and what was measured.
/// </summary>
internal sealed class EvidenceWriter(SceneView scene, ClauseChecks checks)
{
    /// <summary>The clauses of a description for one object; for none when the index is negative.</summary>
    public List<Clause> Write(NounPhrase phrase, int index) =>
        index < 0 ? [new Clause(phrase.Text, false, "nothing is in sight")]
            : [.. checks.Of(phrase, index).Select(Write)];

    /// <summary>One clause.</summary>
    public Clause Write(ClauseCheck check)
    {
        var item = check.Item;
        if (check.Modifier is not { } modifier) return Noun(check);
        return new Clause(modifier.Text, check.Holds, modifier switch
        {
            ColorModifier color => ColorPredicate.Evidence(item, color),
            MotionModifier => MotionPredicate.Evidence(item),
            SoundModifier sound => SoundPredicate.Evidence(scene, item, sound),
            RelationModifier relation => Relation(check, relation),
            SelectionModifier selection => Order(check, selection),
            ExclusionModifier exclusion =>
                $"{item.Name} {(check.Holds ? "is not" : "may be")} \"{exclusion.Excluded.Text}\"",
            SupposedModifier => $"\"{modifier.Text}\" stands in no list: the network alone read it",
            _ => $"\"{modifier.Text}\" cannot be checked: no sensor measures it",
        });
    }

    private static Clause Noun(ClauseCheck check)
    {
        var (phrase, noun, _, item, _) = check;
        var text = phrase.Noun.Count > 0 ? string.Join(' ', phrase.Noun) : "object";
        if (!check.Holds) return new Clause(text, false, $"no label in sight is \"{text}\"");
        var score = float.IsFinite(item.Source.Score) ? Figure(item.Source.Score) : "not given";
        if (noun.Weights[item.Index] <= 0) return new Clause(text, true, $"{item.Name} was agreed on; score {score}");
        var meaning = noun.IsOffered ? "is taken to mean" : "can mean";
        return new Clause(text, true, noun.Noun.Length == 0 || item.Label == noun.Noun
            ? $"{item.Name} is seen with score {score}"
            : $"{item.Name} is labelled {item.ShortLabel}, which \"{noun.Noun}\" {meaning} "
                + $"({Figure(noun.Weights[item.Index])}); score {score}");
    }

    private static string Relation(ClauseCheck check, RelationModifier relation)
    {
        if (relation.Relation == SpatialRelation.Between)
        {
            if (check.Others is not [var left, var right]) return "there are no two objects to stand between";
            var stands = check.Holds != relation.Negated ? "stands" : "does not stand";
            return $"{check.Item.Name} {stands} between {left.Name} and {right.Name}";
        }

        if (check.Others is not [var anchor]) return $"nothing in sight is \"{relation.Anchors[0].Text}\"";
        var taken =
            relation.Sureness < 1 ? $"taken to mean {Words(relation.Relation)} ({Figure(relation.Sureness)}): " : "";
        return taken + SpatialPredicates.Evidence(check.Item, anchor, relation.Relation);
    }

    private static string Order(ClauseCheck check, SelectionModifier selection)
    {
        var item = check.Item;
        if (!ScaleOrder.IsMeasured(selection.Scale, item))
            return $"{item.Name} is not measured so, so this was not checked";
        var measure = $"{item.Name}: {ScaleOrder.Measure(selection.Scale, item)}";
        return check.Others is [var nearest, ..]
            ? $"{measure}; {nearest.Name}: {ScaleOrder.Measure(selection.Scale, nearest)}; "
                + $"{check.Others.Count + 1} compared"
            : $"{measure}; there is no other to compare with";
    }

    /// <summary>"next to" for <see cref="SpatialRelation.NextTo"/>.</summary>
    private static string Words(SpatialRelation relation) =>
        string.Concat(
            relation.ToString()
                .Select((letter, i) =>
                    char.IsUpper(letter) ? $"{(i == 0 ? "" : " ")}{char.ToLowerInvariant(letter)}" : $"{letter}"));

    private static string Figure(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
