using System.Globalization;

namespace EdgePerception.Policy.Language;

/// <summary>Reads numbers in digits and words: "3", "-1", "1.5", "one hundred and five", "thirty-first".</summary>
internal static class Numbers
{
    private const int MaxWords = 8;

    /// <summary>Every number that starts at a word, longest last: how many words it takes, its value.</summary>
    public static IEnumerable<(int Length, double Value, bool Ordinal)> At(
        IReadOnlyList<Token> tokens, int position, Lexicon lexicon)
    {
        if (Digits(tokens[position].Word) is { } digits)
        {
            yield return (1, digits.Value, digits.Ordinal);
            yield break;
        }

        double total = 0, group = 0;
        var last = double.PositiveInfinity;
        for (var i = position; i < Math.Min(tokens.Count, position + MaxWords); i++)
        {
            if (i > position && tokens[i].Pause != Pause.None) yield break;
            var word = tokens[i].Word;
            if (lexicon.OrdinalWord(word) is { } ordinal)
            {
                if (ordinal >= 100) yield return (i + 1 - position, total + Math.Max(1, group) * ordinal, true);
                else if (Fits(ordinal, last)) yield return (i + 1 - position, total + group + ordinal, true);
                yield break;
            }

            if (lexicon.NumberWord(word) is { } number)
            {
                if (number >= 100)
                {
                    if (number >= 1000) (total, group) = (total + Math.Max(1, group) * number, 0);
                    else group = Math.Max(1, group) * number;
                    last = number;
                }
                else if (Fits(number, last)) (group, last) = (group + number, number);
                else yield break;
                yield return (i + 1 - position, total + group, false);
            }
            else if (!(word == "and" && last >= 100 && i > position)) yield break;
        }
    }

    /// <summary>"five" after "twenty" or "hundred", but not "twenty" after "five".</summary>
    private static bool Fits(double number, double last) =>
        double.IsPositiveInfinity(last) || (last >= 100 && number < last)
        || (last is >= 20 and < 100 && number is > 0 and < 10);

    private static (double Value, bool Ordinal)? Digits(string word)
    {
        var ordinal = word.Length > 2 && char.IsAsciiDigit(word[^3]) && word[^2..] is "st" or "nd" or "rd" or "th";
        var digits = ordinal ? word[..^2] : word;
        if (digits.Split('/', 2) is [{ Length: > 0 } above, var below] && Digits(above) is { } top
            && Digits(below) is { Value: > 0 } bottom)
            return (top.Value / bottom.Value, false);
        const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        return double.TryParse(digits, Plain, CultureInfo.InvariantCulture, out var value) && Math.Abs(value) < 1e9
            ? (value, ordinal)
            : null;
    }
}
