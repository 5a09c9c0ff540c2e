using EdgePerception.Policy.Commands;

namespace EdgePerception.Policy.Grounding;

/// <summary>Puts one description in the place of another, wherever in a command that stands.</summary>
/// <param name="text">The words of the description to be replaced.</param>
/// <param name="meant">What stands in its place.</param>
internal sealed class Replacement(string text, NounPhrase meant)
{
    // The same description of two steps is the same object, and stays so.
    private readonly Dictionary<NounPhrase, NounPhrase> _done = new(ReferenceEqualityComparer.Instance);

    /// <summary>Whether the description was found anywhere.</summary>
    public bool IsMade { get; private set; }

    /// <summary>A description with the replacement made in it and in what it relates to.</summary>
    public NounPhrase? In(NounPhrase? phrase)
    {
        if (phrase is null) return null;
        if (_done.TryGetValue(phrase, out var done)) return done;
        return _done[phrase] = phrase.Text == text ? Meant() : phrase with { Modifiers = [.. phrase.Modifiers.Select(In)] };
    }

    private Modifier In(Modifier modifier) => modifier switch
    {
        RelationModifier relation => relation with { Anchors = [.. relation.Anchors.Select(anchor => In(anchor)!)] },
        ExclusionModifier exclusion => exclusion with { Excluded = In(exclusion.Excluded)! },
        _ => modifier,
    };

    private NounPhrase Meant()
    {
        IsMade = true;
        return meant;
    }
}
