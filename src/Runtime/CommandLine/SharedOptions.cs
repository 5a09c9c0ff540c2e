using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using EdgePerception.Runtime.Drawing;

namespace EdgePerception.Runtime.CommandLine;

/// <summary>Options that several verbs have, worded and checked alike.</summary>
internal static class SharedOptions
{
    public static Option<string> Config() =>
        new("--config") { Description = "The configuration file (YAML)", Required = true };

    public static Option<string[]> Set() => new("--set")
    {
        Description =
            "Override a key of the file, as in --set mqtt.port=1884; may be given several times; no place for secrets",
        AllowMultipleArgumentsPerToken = false,
    };

    public static Option<bool> Json() =>
        new("--json") { Description = "Print JSON and nothing else on standard output" };

    /// <summary>Where an image is to be drawn to, and what it is to show.</summary>
    public static Option<string?> Draw(string what) =>
        new("--out") { Description = $"{what}, {ImageOutput.Formats}" };

    /// <summary>A time such as 30s, 500ms, 5m or 2h; a bare number is seconds.</summary>
    public static Option<TimeSpan?> Duration(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result => ParseDuration(result),
    };

    private static TimeSpan? ParseDuration(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        (string Unit, double Seconds)[] units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("", 1)];
        foreach (var (unit, seconds) in units)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal)) continue;
            if (double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture, out var number)
                && number * seconds is > 0 and < 1e8)
            {
                return TimeSpan.FromSeconds(number * seconds);
            }

            break;
        }

        result.AddError($"'{text}' is not a duration such as 30s, 500ms, 5m or 2h");
        return null;
    }
}
