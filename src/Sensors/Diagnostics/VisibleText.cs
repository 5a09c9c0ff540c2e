using System.Buffers;
using System.Globalization;
using System.Text;

namespace EdgePerception.Sensors.Diagnostics;

/// <summary>
/// Makes what others wrote fit to be shown. Commands, files, devices and brokers give texts that may hold a terminal's
/// control sequences, line breaks that forge a further line, or direction marks that show it in another order.
/// </summary>
public static class VisibleText
{
    /// <summary>
    /// The text with every character that is not seen itself but changes what is seen (control and format characters,
    /// line and paragraph separators, half surrogate pairs) written as <c>\u202E</c>. The answer is one line; a text
    /// that needs no change is given back as it is. JSON and quoted YAML keep their meaning, because they read
    /// <c>\u202E</c> as that character. Thread-safe.
    /// </summary>
    public static string Of(string text)
    {
        StringBuilder? visible = null;
        var shown = 0;
        for (int i = 0, length; i < text.Length; i += length)
        {
            length = 1;
            if (text[i] is >= ' ' and <= '~') continue;
            var status = Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out length);
            if (status == OperationStatus.Done && !IsHidden(rune)) continue;
            visible ??= new StringBuilder(text.Length + 16);
            visible.Append(text, shown, i - shown);
            foreach (var unit in text.AsSpan(i, length))
                visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:X4}");

            shown = i + length;
        }

        return visible is null ? text : visible.Append(text, shown, text.Length - shown).ToString();
    }

    private static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control
        or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
