using EdgePerception.Fusion.Embeddings;
using EdgePerception.Fusion.Inference;
using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Grounding;

/// <summary>
/// Tells what a phrase asks for that grammar does not know: which action ("hightail it to the car"), which relation
/// ("at arm's length from the car"). Stops are none of its actions: they are never a matter of likeness. Owned by the
/// encoder's thread.
/// </summary>
public sealed class PhraseMeaning
{
    private const string None = "none";

    private readonly SentenceEncoder _encoder;
    private readonly EarWeights _weights;

    /// <summary>Joins an encoder with the heads that were fitted to it.</summary>
    /// <exception cref="ModelException">
    /// A head tells something that this version has no action or relation for.
    /// </exception>
    public PhraseMeaning(SentenceEncoder encoder, EarWeights weights)
    {
        (_encoder, _weights) = (encoder, weights);
        Check<RobotActionKind>(weights.Actions, "actions");
        Check<SpatialRelation>(weights.Relations, "relations");
    }

    /// <summary>Which action a verb phrase asks for, by its name on the wire.</summary>
    /// <param name="phrase">The verb with its objects, as they were said: "hightail it to the red car".</param>
    /// <exception cref="ModelException">The encoder failed.</exception>
    public Offers OfAction(string phrase) => Of(_weights.Actions, phrase);

    /// <summary>
    /// Which relation a phrase says: left_of, right_of, above, below, under, on, in, next_to, nearest_to,
    /// farthest_from, behind, in_front_of, between, with.
    /// </summary>
    /// <param name="phrase">The phrase with the thing that it relates to: "at arm's length from the car".</param>
    /// <exception cref="ModelException">The encoder failed.</exception>
    public Offers OfRelation(string phrase) => Of(_weights.Relations, phrase);

    private static void Check<T>(TextHead head, string name)
        where T : struct, Enum
    {
        if (head.Labels.FirstOrDefault(label => label != None && !SnakeCase.TryParse<T>(label, out _)) is { } unknown)
            throw new ModelException(
                $"the ear's {name} have the label '{unknown}', which is none of this version; make train fits them "
                + "anew");
    }

    private Offers Of(TextHead head, string phrase)
    {
        if (!phrase.Any(char.IsAsciiLetter)) return Offers.Nothing;
        var probabilities = head.Probabilities(_encoder.Read(phrase));
        var offers = head.Labels.Zip(probabilities, (label, value) => (Meaning: label, Probability: (double)value));
        return Offers.Of(offers.Where(offer => offer.Meaning != None));
    }
}
