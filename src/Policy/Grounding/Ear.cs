using EdgePerception.Fusion.Attention;
using EdgePerception.Fusion.Embeddings;
using EdgePerception.Fusion.Inference;

namespace EdgePerception.Policy.Grounding;

/// <summary>
/// What hears more than grammar knows: meanings for unknown words, and the second witness of an order. Where it is
/// missing, rules alone decide and unknown words are asked about. Owned by one thread.
/// </summary>
public sealed class Ear : IDisposable
{
    /// <summary>Joins an encoder, which is disposed with it, with what was fitted to it.</summary>
    /// <exception cref="ModelException">The weights were fitted to another encoder.</exception>
    public Ear(SentenceEncoder encoder, Vocabulary vocabulary, EarWeights weights)
    {
        weights.CheckEncoder(encoder);
        (Encoder, Vocabulary) = (encoder, vocabulary);
        Words = new WordMeaning(encoder, new NameConcepts(vocabulary), weights);
        Phrases = new PhraseMeaning(encoder, weights);
        Orders = new OrderWitness(encoder, weights);
    }

    /// <summary>The encoder, by which the network, too, reads names.</summary>
    public SentenceEncoder Encoder { get; }

    /// <summary>Which words there are, and what WordNet says of them.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>Nouns and uses among the labels in sight.</summary>
    public WordMeaning Words { get; }

    /// <summary>Verb phrases and relations.</summary>
    public PhraseMeaning Phrases { get; }

    /// <summary>Whether an utterance is an order to the robot.</summary>
    public OrderWitness Orders { get; }

    /// <summary>Frees the encoder.</summary>
    public void Dispose() => Encoder.Dispose();
}
