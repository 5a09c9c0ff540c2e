namespace EdgePerception.Policy.Language;

/// <summary>
/// Edits the descriptions of a command wherever they stand, what a description relates to before the description
/// itself. What was one description of two steps stays one. Used by one thread, for one command.
/// </summary>
/// <param name="edit">Gives what stands in the place of a description.</param>
internal sealed class PhraseEditor(Func<NounPhrase, NounPhrase> edit)
{
    private readonly Dictionary<NounPhrase, NounPhrase> _done = new(ReferenceEqualityComparer.Instance);

    /// <summary>A command with its descriptions edited.</summary>
    public ParsedCommand In(ParsedCommand command) => command with
    {
        Steps = [.. command.Steps.Select(step =>
            step with { Target = In(step.Target), Destination = In(step.Destination) })],
        Avoid = [.. command.Avoid.Select(one => one with { What = In(one.What)! })],
    };

    private NounPhrase? In(NounPhrase? phrase)
    {
        if (phrase is null) return null;
        if (_done.TryGetValue(phrase, out var done)) return done;
        return _done[phrase] = edit(phrase with
        {
            Modifiers = [.. phrase.Modifiers.Select(In)],
            Alternatives = [.. phrase.Alternatives.Select(other => In(other)!)],
        });
    }

    private Modifier In(Modifier modifier) => modifier switch
    {
        RelationModifier relation => relation with { Anchors = [.. relation.Anchors.Select(anchor => In(anchor)!)] },
        ExclusionModifier exclusion => exclusion with { Excluded = In(exclusion.Excluded)! },
        SupposedModifier supposed => supposed with { Anchor = In(supposed.Anchor) },
        _ => modifier,
    };
}
