using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgePerception.Runtime.Gateway;

/// <summary>
/// Instants as RFC 3339 writes them: any number of decimals, letters in either case, a blank for the T, every offset
/// from -23:59 to +23:59, and leap seconds. .NET's own parser takes neither of the last two.
/// </summary>
internal static partial class Rfc3339
{
    private const int DecimalsOfATick = 7;

    /// <summary>
    /// Reads an instant; false where the text is not one, or lies outside the years 1 to 9999 in UTC. Decimals below
    /// 100 ns are cut off. A leap second, which no clock of ours can show, is the second before it.
    /// </summary>
    public static bool TryParse(string text, out DateTimeOffset time)
    {
        time = default;
        if (Form().Match(text) is not { Success: true } match) return false;
        var (year, month, day) = (Part(match, 1), Part(match, 2), Part(match, 3));
        var (hour, minute, second) = (Part(match, 4), Part(match, 5), Part(match, 6));
        var leap = second == 60;
        if (year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month)) return false;
        if (hour > 23 || minute > 59 || second > 60) return false;
        if (Offset(match) is not { } offset) return false;
        var local = new DateTime(year, month, day, hour, minute, leap ? 59 : second);
        var utc = local.Ticks + Fraction(match.Groups[7].Value) - offset.Ticks;
        if (utc < DateTime.MinValue.Ticks || utc > DateTime.MaxValue.Ticks) return false;
        time = new DateTimeOffset(utc, TimeSpan.Zero);
        return !leap || time is { Hour: 23, Minute: 59 };
    }

    private static TimeSpan? Offset(Match match)
    {
        if (match.Groups[8].Length == 0) return TimeSpan.Zero;
        var (hours, minutes) = (Part(match, 9), Part(match, 10));
        if (hours > 23 || minutes > 59) return null;
        var offset = new TimeSpan(hours, minutes, 0);
        return match.Groups[8].Value == "-" ? -offset : offset;
    }

    private static long Fraction(string decimals)
    {
        if (decimals.Length == 0) return 0;
        var kept = decimals[..Math.Min(decimals.Length, DecimalsOfATick)].PadRight(DecimalsOfATick, '0');
        return long.Parse(kept, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private static int Part(Match match, int group) =>
        int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"\A([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
        + @"(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
