namespace EdgePerception.Policy.Commands;

/// <summary>
/// The other reading of a chain: in "the cup on the table left of the bottle" the bottle may place the table, which is
/// how the parser reads it, or the cup.
/// </summary>
internal static class Attachment
{
    /// <summary>
    /// The description with the relations of its anchors as relations of its own; the same description when there are
    /// none. Relations in clauses of their own ("that is next to …") stay, since they name what they belong to.
    /// </summary>
    public static NounPhrase Raise(NounPhrase phrase)
    {
        var modifiers = new List<Modifier>();
        foreach (var modifier in phrase.Modifiers)
        {
            if (modifier is RelationModifier { Anchors: [var only] } relation && Raisable(only).Count > 0) modifiers.AddRange(Split(relation, only));
            else modifiers.Add(modifier);
        }

        return modifiers.Count == phrase.Modifiers.Count ? phrase : phrase with { Modifiers = modifiers };
    }

    private static IEnumerable<Modifier> Split(RelationModifier relation, NounPhrase anchor)
    {
        var raised = Raisable(anchor);
        var text = relation.Text;
        foreach (var inner in raised) text = text.Replace(inner.Text, "", StringComparison.Ordinal).Trim();
        var bare = anchor with { Modifiers = [.. anchor.Modifiers.Except(raised)], Text = anchor.Text };
        return raised.SelectMany(inner => inner is RelationModifier { Anchors: [var deeper] } nested && Raisable(deeper).Count > 0 ? Split(nested, deeper) : [inner])
            .Prepend(relation with { Text = text, Anchors = [bare] });
    }

    private static List<Modifier> Raisable(NounPhrase anchor) =>
        [.. anchor.Modifiers.Where(modifier => IsColorClause(modifier) || (modifier is RelationModifier && !IsClause(modifier)))];

    /// <summary>"the cup left of the blue one which is red": a colour in a clause of its own may be the cup's.</summary>
    private static bool IsColorClause(Modifier modifier) => modifier is ColorModifier && IsClause(modifier);

    private static bool IsClause(Modifier modifier) =>
        modifier.Text.StartsWith("that ", StringComparison.Ordinal) || modifier.Text.StartsWith("which ", StringComparison.Ordinal)
        || modifier.Text.StartsWith("who ", StringComparison.Ordinal);
}
