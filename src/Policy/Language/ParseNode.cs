namespace EdgePerception.Policy.Language;

/// <summary>A part of a reading: an alternative of the grammar or a phrase of the lexicon, over some words. Immutable.</summary>
/// <param name="Label">The alternative's label; for a phrase its section in <c>&lt; &gt;</c>; for a word the word.</param>
/// <param name="Start">The first word's index.</param>
/// <param name="End">The index behind the last word.</param>
/// <param name="Price">What it cost with all below it.</param>
/// <param name="Meaning">The meaning that the lexicon gives to a phrase; empty otherwise.</param>
/// <param name="Children">Its parts in the order of the words; parts without a label are left out for their own parts.</param>
internal sealed record ParseNode(
    string Label, int Start, int End, float Price, string Meaning, IReadOnlyList<ParseNode> Children)
{
    /// <summary>The first child with a label; none without one.</summary>
    public ParseNode? Child(string label)
    {
        foreach (var child in Children)
        {
            if (child.Label == label) return child;
        }

        return null;
    }

    /// <summary>Whether it has a child with a label.</summary>
    public bool Has(string label) => Child(label) is not null;

    /// <summary>Itself and all below it, in the order of the words.</summary>
    public IEnumerable<ParseNode> All() => Children.SelectMany(child => child.All()).Prepend(this);
}
