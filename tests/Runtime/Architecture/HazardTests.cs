using System.Text.RegularExpressions;

namespace EdgePerception.Runtime.Tests.Architecture;

/// <summary>The hazard log names tests that exist, and every hazard has one.</summary>
public sealed partial class HazardTests
{
    [Fact]
    public void Every_hazard_has_a_measure_and_tests_that_are_there()
    {
        string[] rows =
        [
            .. File.ReadLines(Path.Combine(Repository.Root, "docs", "hazards.md")).Where(line => Row().IsMatch(line)),
        ];
        Assert.True(rows.Length >= 20);
        Assert.Equal(
            Enumerable.Range(1, rows.Length).Select(number => $"{number}"),
            rows.Select(row => Row().Match(row).Groups[1].Value));
        var sources = Directory.GetFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText).ToArray();
        foreach (var row in rows)
        {
            var cells = row.Trim('|', ' ').Split(" | ");
            Assert.Equal(4, cells.Length);
            Assert.All(cells, cell => Assert.NotEmpty(cell));
            var names = Name().Matches(cells[3]).Select(match => match.Groups[1].Value).ToArray();
            Assert.NotEmpty(names);
            Assert.All(names, name => Assert.True(IsThere(sources, name), $"{name} is no test any more: {row}"));
        }
    }

    private static bool IsThere(string[] sources, string name)
    {
        var (type, method) = name.Split('.') is [var first, var second] ? (first, second) : (name, "");
        return sources.Any(source => source.Contains($"class {type}", StringComparison.Ordinal)
            && source.Contains(method.Length > 0 ? $" {method}(" : "[", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^\| (\d+) \| ")]
    private static partial Regex Row();

    [GeneratedRegex("`([A-Za-z_.0-9]+)`")]
    private static partial Regex Name();
}
