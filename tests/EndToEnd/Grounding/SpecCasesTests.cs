using System.Runtime.CompilerServices;
using System.Text.Json;
using EdgePerception.Policy.Grounding;
using EdgePerception.Runtime.CommandLine;

namespace EdgePerception.EndToEnd.Tests.Grounding;

/// <summary>
/// The batch cases of an acceptance tester who knew the design and not the source, by the way that the command line
/// takes.
/// </summary>
public class SpecCasesTests
{
    [Fact]
    public void Every_case_is_answered_as_the_design_asks_but_for_the_known_gaps()
    {
        var gaps = Lines("known-gaps.txt").Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line[..line.IndexOf(' ', StringComparison.Ordinal)]).ToHashSet();
        var executor = new RuleExecutor();
        var disagreements = new List<string>();
        foreach (var (line, wanted) in Lines("cases.jsonl").Zip(Lines("expected.jsonl")))
        {
            using var document = JsonDocument.Parse(wanted);
            var expected = new SpecCase(document.RootElement);
            var (id, scene, command) = GroundingCase.Parse(line);
            var faults = expected.Faults(executor.Ground(id, command, scene)).ToList();
            if (gaps.Remove(expected.Id))
            {
                if (faults.Count == 0)
                    disagreements.Add($"{expected.Id}: \"{command}\" is right now and has to leave known-gaps.txt");
            }
            else if (faults.Count > 0)
                disagreements.Add($"{expected.Id} ({expected.Phenomenon}): \"{command}\": {string.Join("; ", faults)}");
        }

        disagreements.AddRange(gaps.Select(gap => $"known-gaps.txt names {gap}, which is no case"));
        Assert.True(disagreements.Count == 0, string.Join('\n', disagreements));
    }

    [Fact]
    public void Cases_and_expectations_stand_in_the_same_order() =>
        Assert.Equal(Lines("cases.jsonl").Select(Id), Lines("expected.jsonl").Select(Id));

    private static string Id(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.GetProperty("id").GetString()!;
    }

    private static string[] Lines(string name, [CallerFilePath] string here = "") =>
        File.ReadAllLines(Path.Combine(Path.GetDirectoryName(here)!, "SpecCases", name));
}
