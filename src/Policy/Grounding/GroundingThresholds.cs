namespace EdgePerception.Policy.Grounding;

/// <summary>
/// The figures behind the executor's decisions. Probabilities of how many objects fit a description (none, exactly one,
/// several) are weighed with how often people say such a thing, then compared.
/// </summary>
public sealed record GroundingThresholds
{
    /// <summary>The product's own figures.</summary>
    public static GroundingThresholds Default { get; } = new();

    /// <summary>Weight of "nothing fits" beside "exactly one fits": people mostly name what is there.</summary>
    public double NonePrior { get; init; } = 0.3;

    /// <summary>
    /// Weight of "several fit" beside "exactly one fits": who says "the cup" mostly sees one that stands out.
    /// </summary>
    public double SeveralPrior { get; init; } = 0.7;

    /// <summary>
    /// Share of the best object in all that is not "nothing fits", from which the robot acts without asking.
    /// </summary>
    public double Act { get; init; } = 0.58;

    /// <summary>
    /// Probability of "exactly this one fits" below which the robot asks, even where nothing else comes near.
    /// </summary>
    public double MinAct { get; init; } = 0.45;

    /// <summary>Probability of "nothing fits" from which the answer is absent.</summary>
    public double Absent { get; init; } = 0.5;

    /// <summary>Probability from which an object counts as one of "the cups".</summary>
    public double Member { get; init; } = 0.5;

    /// <summary>Probability from which an object is listed as a candidate.</summary>
    public double Candidate { get; init; } = 0.03;

    /// <summary>Most candidates that are listed beside those the answer refers to.</summary>
    public int MaxCandidates { get; init; } = 20;

    /// <summary>Probability given to a clause that cannot be checked because its measurement is missing.</summary>
    public double Unmeasured { get; init; } = 0.6;

    /// <summary>Factor on the certainty of a description for each property that no sensor measures.</summary>
    public double Unverifiable { get; init; } = 0.9;

    /// <summary>Probability from which what the ear makes of unknown words may be acted on.</summary>
    public double SureOffer { get; init; } = 0.7;

    /// <summary>Probability from which it may be acted on where the network agrees.</summary>
    public double LikelyOffer { get; init; } = 0.5;

    /// <summary>Probability from which it is asked about.</summary>
    public double MinOffer { get; init; } = 0.35;

    /// <summary>Detector score at which an object is as likely there as not.</summary>
    public double ScoreMidpoint { get; init; } = 0.3;

    /// <summary>Quality of the image below which nothing in it is acted on.</summary>
    public double MinVision { get; init; } = 0.15;

    /// <summary>Quality of the sound below which nothing that is heard counts.</summary>
    public double MinSound { get; init; } = 0.15;

    /// <summary>How fast trust grows with the detector score.</summary>
    public double ScoreScale { get; init; } = 0.07;

    /// <summary>Trust in an object however low its score: the detector reported it after all.</summary>
    public double ScoreFloor { get; init; } = 0.2;
}
