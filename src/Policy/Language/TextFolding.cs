using System.Globalization;
using System.Text;

namespace EdgePerception.Policy.Language;

/// <summary>
/// What characters read as: lower case, without accents, in plain letters whatever alphabet, width or style draws them,
/// by <c>folding.txt</c> (Unicode's own compatibility forms and look-alikes; .NET decomposes nothing while
/// globalization is invariant). Thread-safe; takes any text, unpaired surrogates too; allocates only what it returns.
/// </summary>
internal static class TextFolding
{
    /// <summary>The most characters that one folds to.</summary>
    public const int MaxLength = 6;

    private const string Source = "folding.txt";

    private static readonly Lazy<Dictionary<int, string>> Plain = new(ReadEmbedded);

    /// <summary>Folds one character.</summary>
    /// <param name="rune">The character; U+FFFD stands for an unpaired surrogate.</param>
    /// <param name="folded">Takes what it reads as; at least <see cref="MaxLength"/> long.</param>
    /// <returns>How many were written: none for what nobody sees, and for marks over other letters.</returns>
    public static int Fold(Rune rune, Span<char> folded)
    {
        if (rune.IsAscii && rune.Value != '`')
        {
            folded[0] = char.ToLowerInvariant((char)rune.Value);
            return IsInvisible(rune) ? 0 : 1;
        }

        var lower = Rune.ToLowerInvariant(rune);
        if (Plain.Value.TryGetValue(lower.Value, out var plain) || Plain.Value.TryGetValue(rune.Value, out plain))
        {
            plain.CopyTo(folded);
            return plain.Length;
        }

        if (IsInvisible(rune)) return 0;
        if (Rune.IsWhiteSpace(rune)) folded[0] = ' ';
        else if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber)
            folded[0] = (char)('0' + (int)Rune.GetNumericValue(rune));
        else return lower.EncodeToUtf16(folded);
        return 1;
    }

    /// <summary>Folds a text, character by character.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="places">Receives for each character of the result which one of the text it comes from.</param>
    public static string Fold(ReadOnlySpan<char> text, List<int>? places = null)
    {
        var builder = new StringBuilder(text.Length);
        Span<char> folded = stackalloc char[MaxLength];
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            builder.Append(folded[..Fold(rune, folded)]);
            while (places?.Count < builder.Length) places.Add(at);
            at += rune.Utf16SequenceLength;
        }

        return builder.ToString();
    }

    /// <summary>Reads the table of plain forms.</summary>
    /// <exception cref="InvalidDataException">A row is not 'plain : characters'; the message names it.</exception>
    public static Dictionary<int, string> Read(TextReader reader)
    {
        var table = new Dictionary<int, string>();
        for (var row = 1; reader.ReadLine() is { } line; row++)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var colon = line.IndexOf(" : ", StringComparison.Ordinal);
            if (colon is < 1 or > MaxLength)
                throw new InvalidDataException($"{Source} row {row}: not '1 to {MaxLength} plain ones : characters'");
            var plain = string.Intern(line[..colon]);
            foreach (var rune in line[(colon + 3)..].EnumerateRunes()) table.TryAdd(rune.Value, plain);
        }

        return table;
    }

    /// <summary>Marks over letters, controls but the white ones, joiners, fillers and the tones of emoji.</summary>
    private static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => true,
        UnicodeCategory.Control => !Rune.IsWhiteSpace(rune),
        UnicodeCategory.Surrogate => true,
        _ => rune.Value is 0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800 or (>= 0x1F3FB and <= 0x1F3FF),
    };

    private static Dictionary<int, string> ReadEmbedded()
    {
        using var reader = EmbeddedFile.Open(Source);
        return Read(reader);
    }
}
