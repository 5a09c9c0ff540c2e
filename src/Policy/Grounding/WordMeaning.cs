using EdgePerception.Fusion.Attention;
using EdgePerception.Fusion.Embeddings;
using EdgePerception.Fusion.Inference;

namespace EdgePerception.Policy.Grounding;

/// <summary>
/// Tells which of the labels in sight a noun means that no list holds ("the settee"), or which of them serves a use
/// ("something to cut with"): by the sentence encoder, and for nouns by WordNet's concepts too. It is likeness and not
/// identity, so that what is nothing in sight is told by probability alone. Owned by the encoder's thread.
/// </summary>
/// <param name="encoder">The encoder; the caller's.</param>
/// <param name="concepts">What WordNet says of names.</param>
/// <param name="weights">How surely likeness means a thing.</param>
public sealed class WordMeaning(SentenceEncoder encoder, NameConcepts concepts, EarWeights weights)
{
    // Longer ones are no names, and would cost time.
    private const int Longest = 64;

    /// <summary>Which label a noun means.</summary>
    /// <param name="noun">The noun in the singular, without article: "settee", "coffee mug".</param>
    /// <param name="labels">The labels in sight, each once.</param>
    /// <exception cref="ModelException">The encoder failed.</exception>
    public Offers OfNoun(string noun, IReadOnlyList<string> labels)
    {
        if (!IsName(noun) || labels.Count == 0) return Offers.Nothing;
        // The encoder knows a bare word worse than one with its article, whichever.
        var vectors = encoder.Encode([$"a {noun}", .. labels.Select(label => $"a {label}")]);
        return Ranked(
            weights.Nouns, labels,
            i => Cosine(vectors[0], vectors[i + 1]) + weights.ConceptWeight * concepts.Likeness(noun, labels[i]));
    }

    /// <summary>Which label serves a use.</summary>
    /// <param name="use">What is to be done with it, without "something to": "cut with", "sit on".</param>
    /// <param name="labels">The labels in sight, each once.</param>
    /// <exception cref="ModelException">The encoder failed.</exception>
    public Offers OfUse(string use, IReadOnlyList<string> labels)
    {
        if (!IsName(use) || labels.Count == 0) return Offers.Nothing;
        var vectors = encoder.Encode([$"used to {use}", .. labels.Select(label => $"something like a {label}")]);
        var words = TextWords.Of(use);
        return Ranked(
            weights.Uses, labels,
            i => Cosine(vectors[0], vectors[i + 1]) - (Names(words, labels[i]) ? weights.Mentioned : 0));
    }

    private static Offers Ranked(LikenessFigures figures, IReadOnlyList<string> labels, Func<int, double> likeness)
    {
        var probabilities = figures.Probabilities([.. Enumerable.Range(0, labels.Count).Select(likeness)]);
        return Offers.Of(labels.Zip(probabilities));
    }

    // Words that the encoder has no pieces for would all look alike to it.
    private static bool IsName(string text) => text.Length <= Longest && text.Any(char.IsAsciiLetter);

    private static bool Names(List<string> words, string label)
    {
        var last = TextWords.Of(label).LastOrDefault();
        return last is not null && (words.Contains(last) || words.Contains(last + "s"));
    }

    private static double Cosine(float[] one, float[] other)
    {
        var sum = 0.0;
        for (var i = 0; i < one.Length; i++) sum += (double)one[i] * other[i];
        return sum;
    }
}
