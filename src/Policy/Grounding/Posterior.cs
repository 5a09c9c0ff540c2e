namespace EdgePerception.Policy.Grounding;

/// <summary>What a description means when all opinions are weighed; the probabilities sum to 1.</summary>
/// <param name="None">That nothing fits.</param>
/// <param name="Single">Of each object that it alone is meant.</param>
/// <param name="Several">That several fit alike.</param>
/// <param name="MinProbability">From which an outcome counts as possible at the risk that was asked for.</param>
/// <param name="MinAct">From which an object may be acted on.</param>
internal sealed record Posterior(double None, double[] Single, double Several, double MinProbability, double MinAct)
{
    /// <summary>The likeliest object; −1 in an empty scene.</summary>
    public int Top { get; } = Single.Length == 0 ? -1 : Array.IndexOf(Single, Single.Max());

    /// <summary>Probability of the likeliest object.</summary>
    public double Best => Top < 0 ? 0 : Single[Top];

    /// <summary>Whether nothing but the likeliest object is possible, and it is likely enough to act on.</summary>
    public bool Acts =>
        Top >= 0 && Best >= MinAct && Best >= None && Best >= Several && None < MinProbability
            && Several < MinProbability
        && Single.Where((probability, index) => index != Top).All(probability => probability < MinProbability);

    /// <summary>Whether it is likelier than anything else that nothing fits, and no object is possible.</summary>
    public bool IsAbsent => None >= Several && Best < MinProbability && None >= Best;

    /// <summary>
    /// The conformal set: ids of the possible objects and, where they are, the words "absent" and "several".
    /// </summary>
    public IReadOnlyList<string> Plausible(SceneView scene)
    {
        var set = Enumerable.Range(0, Single.Length).Where(index => Single[index] >= MinProbability)
            .OrderByDescending(index => Single[index]).Select(index => scene.Objects[index].Source.Id).ToList();
        if (None >= MinProbability) set.Add("absent");
        if (Several >= MinProbability) set.Add("several");
        return set;
    }
}
