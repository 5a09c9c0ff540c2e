namespace EdgePerception.Policy.Grounding;

/// <summary>What something may mean, and how probably.</summary>
/// <param name="Meaning">A label in sight, or the name of an action or a relation.</param>
/// <param name="Probability">0 to 1, calibrated.</param>
public sealed record Offer(string Meaning, double Probability);

/// <summary>
/// What words that nobody listed may mean, likeliest first. An offer is an offer: it is asked about, or acted on where
/// it is sure enough, and evidence shows it.
/// </summary>
/// <param name="Ranked">The offers, likeliest first; none where there is nothing to choose from.</param>
/// <param name="None">The probability that it is none of them.</param>
public sealed record Offers(IReadOnlyList<Offer> Ranked, double None)
{
    /// <summary>Nothing is offered.</summary>
    public static Offers Nothing { get; } = new([], 1);

    /// <summary>The likeliest offer where it is at least that probable; otherwise none.</summary>
    public Offer? Sure(double least) => Ranked.Count > 0 && Ranked[0].Probability >= least ? Ranked[0] : null;

    internal static Offers Of(IEnumerable<(string Meaning, double Probability)> offers)
    {
        // Alike offers stay in the order in which they were named, so that an answer does not depend on chance.
        var ranked = offers.OrderByDescending(offer => offer.Probability)
            .Select(offer => new Offer(offer.Meaning, offer.Probability)).ToArray();
        return new Offers(ranked, Math.Clamp(1 - ranked.Sum(offer => offer.Probability), 0, 1));
    }
}
