namespace EdgePerception.Fusion.Attention;

/// <summary>
/// How alike two names are by what WordNet says that they are: the cosine of their concepts. Thread-safe.
/// </summary>
public sealed class NameConcepts(Vocabulary vocabulary)
{
    /// <summary>The likeness of two names, 0 to 1; 0 where one of them is not known.</summary>
    public double Likeness(string one, string other)
    {
        var (left, right) = (Of(one), Of(other));
        if (left.Count == 0 || right.Count == 0) return 0;
        var size = Math.Sqrt((double)left.Count * right.Count);
        left.IntersectWith(right);
        return left.Count / size;
    }

    // A name's own concepts, else those of its words.
    private HashSet<int> Of(string name)
    {
        var words = TextWords.Of(name);
        var concepts = new HashSet<int>();
        concepts.UnionWith(vocabulary.Concepts(string.Join('_', words)).ToArray());
        if (concepts.Count > 0) return concepts;
        foreach (var word in words) concepts.UnionWith(vocabulary.Concepts(word).ToArray());
        return concepts;
    }
}
