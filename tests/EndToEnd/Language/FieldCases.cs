using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using EdgePerception.Policy.Grounding;
using EdgePerception.Runtime.CommandLine;

namespace EdgePerception.EndToEnd.Tests.Language;

/// <summary>The case files of the folder field, and the product's answer to a case.</summary>
internal static class FieldCases
{
    private static readonly JsonObject Scenes =
        JsonNode.Parse(File.ReadAllText(Path.Combine(Folder(), "scenes.json")))!.AsObject();

    /// <summary>The kinds: a file each, and where cases were handed out, a second one of siblings.</summary>
    public static IReadOnlyList<string> Files { get; } =
        [.. Directory.GetFiles(Folder(), "*.jsonl").Select(path => Path.GetFileNameWithoutExtension(path))
            .Order(StringComparer.Ordinal)];

    /// <summary>
    /// What is known to be misunderstood: ids of cases, and of single variants, from <c>known-gaps.txt</c>.
    /// </summary>
    public static IReadOnlySet<string> Gaps { get; } = File.ReadLines(Path.Combine(Folder(), "..", "known-gaps.txt"))
        .Where(row => row.Length > 0 && row[0] != '#').Select(row => row.Split(" | ")[0]).ToHashSet();

    /// <summary>Whether a case or variant, or the case that a variant is of, is a known gap.</summary>
    public static bool IsGap(FieldCase asked) => Gaps.Contains(asked.Id) || Gaps.Contains(asked.Id.Split(' ')[0])
        || (asked.Id.Split(' ') is [var id, ..] && (asked.Id.EndsWith(" bare", StringComparison.Ordinal)
            || asked.Id.EndsWith(" shouted", StringComparison.Ordinal)) && Gaps.Contains(id + " without pauses"));

    /// <summary>The cases of one file, in its order.</summary>
    public static IReadOnlyList<FieldCase> Load(string file) =>
        [.. File.ReadLines(Path.Combine(Folder(), file + ".jsonl"))
            .Select(row => new FieldCase(JsonNode.Parse(row)!.AsObject(), Scenes))];

    /// <summary>What is said in a scene, answered turn by turn: the one place where a text becomes an answer.</summary>
    public static GroundingAnswer Answer(GroundingCase said)
    {
        using var grounder = new Grounder();
        var conversation = new Conversation(Timeout.InfiniteTimeSpan);
        GroundingAnswer? answer = null;
        foreach (var text in said.History.Append(said.Command))
        {
            answer = grounder.Ground(said.Id, text, said.Scene, conversation, TimeSpan.Zero);
        }

        return answer!;
    }

    /// <summary>What is wrong with the product's answer to a case, in one line; null when nothing is.</summary>
    public static string? Fault(FieldCase asked)
    {
        var answer = Answer(asked.Read());
        if (asked.Expectation.Holds(answer)) return null;
        var said = string.Join(" - ", asked.History.Append(asked.Command).Select(text => $"\"{text}\""));
        var targets = string.Join(',', FieldExpectation.Targets(answer));
        return $"{asked.Id}: {said} wants {asked.Action} {asked.Expect}, "
            + $"got {answer.Outcome} {answer.Action} {targets} "
            + $"avoid [{string.Join(',', answer.Avoid)}] {answer.Reason ?? answer.Question}";
    }

    private static string Folder([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "field");
}
