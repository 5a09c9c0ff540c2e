using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Grounding;

/// <summary>
/// What a description means in a scene, as probabilities that sum to 1: nothing, exactly one object, several.
/// </summary>
internal sealed class Referents(int count)
{
    /// <summary>Probability that nothing fits.</summary>
    public double None { get; set; }

    /// <summary>Probability that several fit.</summary>
    public double Several { get; set; }

    /// <summary>Probability of each object that it alone is meant.</summary>
    public double[] Single { get; } = new double[count];

    /// <summary>Probability of each object that it fits, alone or with others.</summary>
    public double[] Fits { get; } = new double[count];

    /// <summary>How well each object fits when every clause that fails is forgiven a little: whom to explain.</summary>
    public double[] Closeness { get; } = new double[count];

    /// <summary>What the noun matched.</summary>
    public required NounMatch Noun { get; init; }

    /// <summary>
    /// A description of something else that is missing, which this one relies on ("left of the bottle").
    /// </summary>
    public NounPhrase? MissingAnchor { get; set; }

    /// <summary>A description of something else that several fit, which this one relies on.</summary>
    public NounPhrase? UnclearAnchor { get; set; }

    /// <summary>What it means when the network's opinion is weighed in; null if the rules alone are asked.</summary>
    public Posterior? Posterior { get; set; }

    /// <summary>
    /// The probabilities weighed with how often people say such a thing, or with the network's opinion.
    /// </summary>
    public (double None, double[] Single, double Several) Weighed(GroundingThresholds thresholds)
    {
        if (Posterior is { } posterior) return (posterior.None, posterior.Single, posterior.Several);
        var none = None * thresholds.NonePrior;
        var several = Several * thresholds.SeveralPrior;
        var sum = none + several + Single.Sum();
        if (!(sum > 0)) return (1, new double[Single.Length], 0);
        return (none / sum, [.. Single.Select(single => single / sum)], several / sum);
    }

    /// <summary>Probability of each object to be the one that is meant.</summary>
    public double[] Meant(GroundingThresholds thresholds)
    {
        var (_, single, several) = Weighed(thresholds);
        var fits = Fits.Sum();
        return [.. single.Select((alone, i) => Math.Min(1, alone + (fits > 0 ? several * Fits[i] / fits : 0)))];
    }

    /// <summary>The object that explains the description best; -1 in an empty scene.</summary>
    public int Closest()
    {
        var best = -1;
        for (var i = 0; i < Closeness.Length; i++)
        {
            if (best < 0 || Single[i] + Closeness[i] * 1e-3 > Single[best] + Closeness[best] * 1e-3) best = i;
        }

        return best;
    }
}
