using System.Globalization;
using System.Text;

namespace EdgePerception.Tests.Support;

/// <summary>Characters that no line for people may hold: they are not seen, and change what is seen.</summary>
public static class HiddenCharacters
{
    /// <summary>One of each kind, alone and in the company that makes it dangerous.</summary>
    public static readonly string[] Samples =
    [
        "\e[31m", "\e]0;title\a", "\r", "\n", "\t", "\0", "\b", "\u007f", "\u0085", "\u009b", "\u00ad", "\u061c",
        "\u200b", "\u200e", "\u200f", "\u2028", "\u2029", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2060",
        "\u2066", "\u2067", "\u2068", "\u2069", "\ufeff", "\ufff9", "\U000e0001", "\U000e0041", "\U0001d173",
        "\ud800", "\udc00",
    ];

    /// <summary>Those of a text, in the order in which they come.</summary>
    public static IReadOnlyList<Rune> In(string text) =>
    [
        .. text.EnumerateRunes().Where(rune => Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator),
    ];
}
