using EdgePerception.Fusion.Embeddings;
using EdgePerception.Fusion.Inference;

namespace EdgePerception.Policy.Grounding;

/// <summary>
/// The second witness of an order: tells by the sound of a whole utterance, and not by grammar, whether it orders this
/// robot to do something now, so that the two seldom err together. A motion needs both; what grammar reads as an order
/// and this does not is asked about. Owned by the encoder's thread.
/// </summary>
/// <param name="encoder">The encoder; the caller's.</param>
/// <param name="weights">The head that was fitted to it.</param>
public sealed class OrderWitness(SentenceEncoder encoder, EarWeights weights)
{
    private const string Order = "order";

    private readonly int _order = weights.Orders.Labels.ToList().IndexOf(Order) is >= 0 and var at
        ? at
        : throw new ModelException($"the ear's witness has no label '{Order}'; make train fits it anew");

    /// <summary>The probability of an order from which the witness confirms one.</summary>
    public double Least => weights.MinOrder;

    /// <summary>The probability that an utterance is an order to the robot, to be carried out now.</summary>
    /// <param name="utterance">All that was said, as it was said.</param>
    /// <exception cref="ModelException">The encoder failed.</exception>
    public double Probability(string utterance) => weights.Orders.Probabilities(encoder.Read(utterance))[_order];

    /// <summary>Whether it confirms an order.</summary>
    /// <param name="utterance">All that was said, as it was said.</param>
    /// <exception cref="ModelException">The encoder failed.</exception>
    public bool Confirms(string utterance) => Probability(utterance) >= Least;
}
