namespace EdgePerception.Policy.Grounding;

/// <summary>
/// How many of independent candidates fit, and which: the Poisson binomial distribution, exactly, for the counts that
/// matter to a description.
/// </summary>
internal static class SetProbability
{
    /// <summary>Probability that none fits, and for each object that it alone fits.</summary>
    public static (double None, double[] Alone) Exactly(double[] fits)
    {
        var alone = new double[fits.Length];
        var after = new double[fits.Length + 1];
        after[^1] = 1;
        for (var i = fits.Length - 1; i >= 0; i--) after[i] = after[i + 1] * (1 - fits[i]);
        var before = 1.0;
        for (var i = 0; i < fits.Length; i++)
        {
            alone[i] = fits[i] * before * after[i + 1];
            before *= 1 - fits[i];
        }

        return (after[0], alone);
    }

    /// <summary>
    /// Probability that each object is the one with so many before it, and that there are not as many.
    /// </summary>
    /// <param name="fits">Probability of each object to belong to the set.</param>
    /// <param name="rank">0 for the first.</param>
    /// <param name="before">Probability that one object, by index, comes before another.</param>
    public static (double None, double[] At) Ranked(double[] fits, int rank, Func<int, int, double> before)
    {
        var at = new double[fits.Length];
        var members = Enumerable.Range(0, fits.Length).Where(i => fits[i] > 1e-4).ToArray();
        Span<double> counts = stackalloc double[rank + 2];
        foreach (var i in members)
        {
            counts.Clear();
            counts[0] = 1;
            foreach (var j in members)
            {
                if (j != i) Convolve(counts, fits[j] * before(j, i));
            }

            at[i] = fits[i] * counts[rank];
        }

        counts.Clear();
        counts[0] = 1;
        foreach (var j in members) Convolve(counts, fits[j]);
        double none = 0, sum = at.Sum();
        for (var k = 0; k <= rank; k++) none += counts[k];
        for (var i = 0; i < at.Length; i++) at[i] = sum > 0 ? at[i] / sum * (1 - none) : 0;
        return (none, at);
    }

    /// <summary>Adds one object to the distribution of a count; the last place holds "that many or more".</summary>
    private static void Convolve(Span<double> counts, double probability)
    {
        counts[^1] += counts[^2] * probability;
        for (var k = counts.Length - 2; k > 0; k--)
            counts[k] = counts[k] * (1 - probability) + counts[k - 1] * probability;
        counts[0] *= 1 - probability;
    }
}
