using System.Globalization;
using System.Text.Json;

namespace EdgePerception.Benchmarks;

/// <summary>
/// What a result may come to at most, by its name, from <c>benchmarks/budgets.json</c>, which tests read, too.
/// </summary>
internal static class Budgets
{
    /// <summary>A line for each result whose median is over its budget.</summary>
    public static IEnumerable<string> Exceeded(string root, IReadOnlyList<Result> results)
    {
        var file = Path.Combine("benchmarks", "budgets.json");
        var budgets =
            JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(Path.Combine(root, file)))!;
        return results.Where(result => budgets.TryGetValue(result.Name, out var most) && result.Median > most)
            .Select(result => string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Name}: {result.Median:0} {result.Unit}, the budget is {budgets[result.Name]:0} ({file})"));
    }
}
