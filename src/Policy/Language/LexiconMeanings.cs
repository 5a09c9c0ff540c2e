using System.Globalization;
using EdgePerception.Fusion.Vision.Color;

namespace EdgePerception.Policy.Language;

/// <summary>
/// The meanings that the product knows by name or as figures: a slip in one is told when the lexicon is read, and not
/// when somebody says the word. Those of all other sections are free.
/// </summary>
internal static class LexiconMeanings
{
    private static readonly Dictionary<string, (string What, Func<string, bool> IsKnown)> Sections = new()
    {
        ["colours"] = ("colour", meaning => meaning.Split('+', StringSplitOptions.TrimEntries).All(Names<NamedColor>)),
        ["clothing"] = ("part of the body", Names<BodyPart>),
        ["verbs"] = ("action", Names<RobotActionKind>),
        ["relations"] = ("relation", Relates),
        ["sources"] = ("relation", Relates),
        ["sides"] = ("relation", Relates),
        ["scales"] = ("scale", Names<Scale>),
        ["regions"] = ("scale", meaning => meaning.Split(' ').All(Names<Scale>)),
        ["motions"] = ("motion", Names<Motion>),
        ["number words"] = ("whole number", IsWhole),
        ["ordinal words"] = ("whole number", IsWhole),
        ["ordinals"] = ("whole number", IsWhole),
        ["length units"] = ("number of metres", meaning => Number(meaning) is > 0 and < 1e6),
    };

    /// <summary>What is wrong with a meaning; null if nothing is.</summary>
    public static string? Fault(string section, string meaning) =>
        Sections.TryGetValue(section, out var known) && !known.IsKnown(meaning)
            ? $"'{meaning}' is no {known.What}"
            : null;

    private static bool Relates(string meaning) =>
        Names<SpatialRelation>(meaning is ['n', 'o', 't', '_', .. var denied] ? denied : meaning);

    private static bool Names<T>(string meaning)
        where T : struct, Enum =>
        meaning.Length > 0 && meaning.All(letter => char.IsAsciiLetterLower(letter) || letter == '_')
        && SnakeCase.TryParse<T>(meaning, out _);

    private static bool IsWhole(string meaning) => int.TryParse(meaning, CultureInfo.InvariantCulture, out _);

    private static double? Number(string meaning) =>
        double.TryParse(meaning, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
