using System.Text.RegularExpressions;

namespace EdgePerception.EndToEnd.Tests.Language;

/// <summary>A sentence as others write it: case, punctuation, the order of halves, other words of each class.</summary>
internal static partial class FieldVariants
{
    private const int Swaps = 2;

    /// <summary>The variants of a case, in a fixed order; none of a case that is about its very letters.</summary>
    public static IEnumerable<FieldCase> Of(FieldCase asked)
    {
        if (asked.IsVerbatim) yield break;
        var turned = asked.Clauses is [var first, var second] ? asked.Say("turned", $"{second}, {first}") : null;
        var swapped = Enumerable.Range(1, Swaps).Select(seed => FieldSwap.Of(turned ?? asked, seed));
        foreach (var variant in swapped.Append(turned).Append(asked).OfType<FieldCase>())
        {
            if (variant != asked) yield return variant;
            if (Bare(variant.Command) is var bare && bare != variant.Command) yield return variant.Say("bare", bare);
            yield return variant.Say("shouted", bare.ToUpperInvariant());
        }
    }

    /// <summary>A text without its punctuation, as a recognizer of speech hands it over; figures keep theirs.</summary>
    private static string Bare(string text) => Spaces().Replace(Punctuation().Replace(text, ""), " ").Trim();

    [GeneratedRegex(@"[,;!?""“”()…]|(?<!\d)[.:]|[.:](?!\d)|(?<= )[-–—](?= )")]
    private static partial Regex Punctuation();

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}
