using System.Globalization;
using System.Text.Json;

namespace EdgePerception.Benchmarks;

/// <summary>
/// One figure over several rounds. Baseline and ratio come from the same rounds, ours and the baseline in turn, so that
/// a machine that slows down slows both; the ratio is the median of the rounds' ratios.
/// </summary>
public sealed record Result(
    string Name, string Unit, double Min, double Median, double Max, double? Baseline, double? Ratio, string Note)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>A figure without a baseline.</summary>
    public static Result Of(string name, string unit, IReadOnlyList<double> ours, string note) =>
        new(name, unit, Round(ours.Min()), Round(Timing.Median(ours)), Round(ours.Max()), null, null, note);

    /// <summary>A figure beside its baseline, round by round.</summary>
    public static Result Of(
        string name, string unit, IReadOnlyList<double> ours, IReadOnlyList<double> baseline, string note) =>
        Of(name, unit, ours, note) with
        {
            Baseline = Round(Timing.Median(baseline)),
            Ratio = Math.Round(Timing.Median([.. ours.Zip(baseline, (a, b) => a / b)]), 4),
        };

    /// <summary>Writes all results as an array.</summary>
    public static void Write(IReadOnlyList<Result> results, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, JsonSerializer.Serialize(results, Json));
    }

    /// <summary>A table for people.</summary>
    public static IEnumerable<string> Table(IReadOnlyList<Result> results)
    {
        yield return $"{"",-37} {"unit",-8} {"min",10} {"median",10} {"max",10} {"baseline",10} {"ratio",8}";
        foreach (var r in results)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{r.Name,-37} {r.Unit,-8} {r.Min,10:0.###} {r.Median,10:0.###} {r.Max,10:0.###} "
                + $"{r.Baseline,10:0.###} {r.Ratio,8:0.000}");
            yield return $"    {r.Note}";
        }
    }

    private static double Round(double value) => Math.Round(value, 3);
}
