using System.Globalization;

namespace EdgePerception.Policy.Language;

/// <summary>A part of a reading: an alternative of the grammar or a phrase, over some words. Immutable.</summary>
/// <param name="Label">
/// The alternative's label; for a phrase its section in <c>&lt; &gt;</c>; for a word <c>=</c> and the word.
/// </param>
/// <param name="Start">The first word's index.</param>
/// <param name="End">The index behind the last word.</param>
/// <param name="Price">What it cost with all below it.</param>
/// <param name="Meaning">The meaning that the lexicon gives to a phrase; empty otherwise.</param>
/// <param name="Children">
/// Its parts in the order of the words; parts without a label are left out for their own parts.
/// </param>
internal sealed record ParseNode(
    string Label, int Start, int End, float Price, string Meaning, IReadOnlyList<ParseNode> Children)
{
    /// <summary>Whether it is a word of the grammar or a phrase of the lexicon.</summary>
    public bool IsTerminal => Label is ['<' or '=', ..];

    /// <summary>The meaning as a figure.</summary>
    public double Figure() => double.Parse(Meaning, CultureInfo.InvariantCulture);

    /// <summary>The meaning as a member of an enumeration.</summary>
    public T As<T>() where T : struct, Enum => SnakeCase.Parse<T>(Meaning);

    /// <summary>The first child with a label; none without one.</summary>
    public ParseNode? Child(string label) => Children.FirstOrDefault(child => child.Label == label);

    /// <summary>The first child that is a phrase of a section of the lexicon, whatever it means.</summary>
    public ParseNode? Phrase(string section) =>
        Children.FirstOrDefault(child => child.Label is ['<', ..] && child.Label.AsSpan(1).StartsWith(section));

    /// <summary>The children that are descriptions of objects.</summary>
    public IEnumerable<ParseNode> Descriptions => Children.Where(child => child.Label == "np");

    /// <summary>Whether it has a child with a label.</summary>
    public bool Has(string label) => Child(label) is not null;

    /// <summary>Itself and all below it, in the order of the words.</summary>
    public IEnumerable<ParseNode> All() => Children.SelectMany(child => child.All()).Prepend(this);
}
