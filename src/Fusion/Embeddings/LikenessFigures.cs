namespace EdgePerception.Fusion.Embeddings;

/// <summary>
/// How surely a likeness means a thing: among n things P(thing) ∝ e^(scale · likeness), and P(none of them) ∝
/// e^(scale · none) · n^crowd.
/// </summary>
/// <param name="Scale">How fast trust grows with the likeness; above 0.</param>
/// <param name="None">The likeness of a thing that is as likely meant as none, where it is the only one.</param>
/// <param name="Crowd">How much likelier none becomes with their number: one of many is like by chance.</param>
public sealed record LikenessFigures(double Scale, double None, double Crowd)
{
    /// <summary>The probability of each thing; what they lack of 1 is that of none.</summary>
    /// <param name="likeness">The likeness of each thing, of any number of things.</param>
    public double[] Probabilities(IReadOnlyList<double> likeness)
    {
        if (likeness.Count == 0) return [];
        var none = Scale * None + Crowd * Math.Log(likeness.Count);
        var most = Math.Max(none, Scale * likeness.Max());
        var shares = likeness.Select(value => Math.Exp(Scale * value - most)).ToArray();
        var sum = shares.Sum() + Math.Exp(none - most);
        return [.. shares.Select(share => share / sum)];
    }
}
