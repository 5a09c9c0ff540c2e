using System.Globalization;
using EdgePerception.Fusion.Vision.Color;
using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Grounding;

/// <summary>Whether an object has a colour, by the shares of its pixels.</summary>
internal static class ColorPredicate
{
    /// <summary>
    /// Share from which a colour names an object, and the lower one from which it names a piece of clothing.
    /// </summary>
    private const double WholeMidpoint = 0.36;
    private const double WornMidpoint = 0.22;

    // Beside the face there is little of a hat or of hair.
    private const double HeadMidpoint = 0.15;
    private const double Scale = 0.06;
    private const double DominanceBonus = 0.15;
    private const double NeighbourCredit = 0.12;
    private const double ToneMidpoint = 0.04;
    private const double ToneScale = 0.05;
    private const double OtherToneCredit = 0.08;
    private const double BlackOfOtherClothes = 0.25;

    private static readonly Dictionary<NamedColor, NamedColor[]> Neighbours = new()
    {
        [NamedColor.Red] = [NamedColor.Orange, NamedColor.Pink],
        [NamedColor.Orange] = [NamedColor.Red, NamedColor.Yellow],
        [NamedColor.Yellow] = [NamedColor.Orange],
        [NamedColor.Green] = [NamedColor.Cyan],
        [NamedColor.Cyan] = [NamedColor.Green, NamedColor.Blue],
        [NamedColor.Blue] = [NamedColor.Cyan],
        [NamedColor.Purple] = [NamedColor.Pink],
        [NamedColor.Pink] = [NamedColor.Purple],
        [NamedColor.Brown] = [NamedColor.Orange],
        [NamedColor.Black] = [],
        [NamedColor.Grey] = [],
        [NamedColor.White] = [],
    };

    /// <summary>
    /// Probability that people would call the object that colour; null if its colours are not measured.
    /// </summary>
    public static double? Probability(ViewedObject item, ColorModifier modifier)
    {
        if (Shares(item, modifier) is not { } shares) return null;
        var all = modifier.Colors.Count > 1 && !modifier.AnyOf;
        var each = modifier.Colors.Select(color => Probability(shares, color, Midpoint(modifier, all), modifier.Worn));
        var fits = modifier.AnyOf ? 1 - each.Aggregate(1.0, (none, p) => none * (1 - p))
            : each.Aggregate(1.0, (product, p) => product * p);
        return modifier.Negated ? 1 - fits : fits;
    }

    /// <summary>The measured shares in words.</summary>
    public static string Evidence(ViewedObject item, ColorModifier modifier)
    {
        if (Shares(item, modifier) is not { } shares)
            return $"the colours of {item.Name} are not measured, so this was not checked";
        var asked = modifier.Colors.SelectMany(color => color.Shows).Select(show => show.Color).Distinct()
            .Select(color => $"{Name(color)} {Figure(shares[color])}");
        var dominant = shares.Dominant;
        var part = modifier.Part switch
        {
            BodyPart.Lower when item.LowerColors is not null => " below the waist",
            BodyPart.Head when item.HeadColors is not null => " at the head",
            _ => "",
        };
        return $"{string.Join(", ", asked)} of {item.Name}'s pixels{part}; most of it is {Name(dominant)} "
            + $"({Figure(shares[dominant])})";
    }

    // Where the garment was not measured, what the person goes by.
    private static ColorShares? Shares(ViewedObject item, ColorModifier modifier) => modifier.Part switch
    {
        BodyPart.Lower => item.LowerColors ?? item.Colors,
        BodyPart.Head => item.HeadColors ?? item.Colors,
        _ => item.Colors,
    };

    private static double Midpoint(ColorModifier modifier, bool partOfSeveral) =>
        modifier.Part == BodyPart.Head ? HeadMidpoint
        : modifier.Worn || partOfSeveral ? WornMidpoint
        : WholeMidpoint;

    private static double Probability(in ColorShares shares, ColorTerm color, double midpoint, bool worn)
    {
        Span<double> weights = stackalloc double[ColorShares.Count];
        weights.Clear();
        foreach (var (shown, weight) in color.Shows)
        {
            weights[(int)shown] = Math.Max(weights[(int)shown], weight);
            if (color.Shows.Count > 1) continue;
            foreach (var neighbour in Neighbours[shown])
                weights[(int)neighbour] = Math.Max(weights[(int)neighbour], NeighbourCredit * weight);
        }

        double share = 0, own = 0, most = 0;
        for (var i = 0; i < ColorShares.Count; i++)
        {
            share += weights[i] * shares[i];
            if (weights[i] > NeighbourCredit) own += weights[i] * shares[i];
            else most = Math.Max(most, shares[i]);
        }

        var relative = own / Math.Max(own, most + 1e-9);
        var dominance = Math.Clamp((relative - 0.6) / 0.4, 0, 1);
        return Logistic.Step(share + DominanceBonus * dominance, midpoint, Scale) * ToneFits(shares, color, worn);
    }

    // The twelve colours do not tell light blue from navy, but what they mix with does: light shades show white and
    // cyan beside their own colour, dark ones black.
    private static double ToneFits(in ColorShares shares, ColorTerm color, bool worn)
    {
        if (color.Tone == 0) return 1;
        // Black on a person may well be the trousers below the light blue jacket.
        var black = worn && color.Tone > 0 ? BlackOfOtherClothes * shares[NamedColor.Black] : shares[NamedColor.Black];
        var lightness = shares[NamedColor.White] + shares[NamedColor.Cyan] - black;
        return OtherToneCredit + (1 - OtherToneCredit) * Logistic.Step(color.Tone * lightness, ToneMidpoint, ToneScale);
    }

    private static string Name(NamedColor color) => color.ToString().ToLowerInvariant();

    private static string Figure(float share) => share.ToString("0.00", CultureInfo.InvariantCulture);
}
