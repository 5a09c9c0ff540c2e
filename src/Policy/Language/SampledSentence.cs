namespace EdgePerception.Policy.Language;

/// <summary>A sentence drawn from the grammar, with the tree that it was drawn as. Immutable.</summary>
/// <param name="Text">In lower case, with commas and full stops where the grammar wants them, none at the end.</param>
/// <param name="Tokens">Its words.</param>
/// <param name="Path">The tree: what is meant by it.</param>
internal sealed record SampledSentence(string Text, IReadOnlyList<Token> Tokens, UtterancePath Path)
{
    /// <summary>The labels of the alternatives and terminals it was drawn from, in the order of the words.</summary>
    public IEnumerable<string> Labels => Path.Pieces.SelectMany(piece => piece.All()).Select(node => node.Label);

    /// <summary>What is meant by it; null if its tree means nothing ("none of the fourth other").</summary>
    public ParsedCommand? Meaning()
    {
        try
        {
            return new ReadingBuilder(Text, Tokens, Lexicon.Default, null).Build(Path);
        }
        catch (ReadingException)
        {
            return null;
        }
    }
}
