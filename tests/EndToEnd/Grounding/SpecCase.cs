using System.Text.Json;
using EdgePerception.Policy.Grounding;

namespace EdgePerception.EndToEnd.Tests.Grounding;

/// <summary>What the design asks of one case; the folder's README explains the fields.</summary>
internal sealed class SpecCase(JsonElement expected)
{
    public string Id { get; } = expected.GetProperty("id").GetString()!;

    public string Phenomenon { get; } = expected.GetProperty("phenomenon").GetString()!;

    /// <summary>Every way in which an answer is not what was asked for.</summary>
    public IEnumerable<string> Faults(GroundingAnswer answer)
    {
        var outcome = answer.Outcome.ToString().ToLowerInvariant();
        if (answer.Id != Id) yield return $"the id is '{answer.Id}'";
        if (!Allows("outcome", outcome)) yield return $"outcome {outcome}, not {expected.GetProperty("outcome")}";
        if (answer.Outcome == GroundingOutcome.Act)
        {
            var action = JsonNamingPolicy.SnakeCaseLower.ConvertName(answer.Action.ToString());
            if (!Allows("action", action)) yield return $"action {action}, not {expected.GetProperty("action")}";
            if (Names("notAction", action)) yield return $"action {action}, which must not be";
            if (!IsNull("target") && !Allows("target", answer.Target))
                yield return $"target {answer.Target}, not {expected.GetProperty("target")}";
            if (Names("notTarget", answer.Target)) yield return $"target {answer.Target}, which must not be";
            if (!answer.Steps.Select(step => step.Destination).Append(answer.Destination)
                .Any(to => Allows("destination", to)))
                yield return $"destination {answer.Destination}, not {expected.GetProperty("destination")}";
        }

        if (IsNull("target") && answer.Target is not null) yield return $"target {answer.Target}, where there is none";
        if (answer.Outcome is GroundingOutcome.Act or GroundingOutcome.Clarify
            && expected.TryGetProperty("avoid", out var avoid)
            && !avoid.EnumerateArray().Select(id => id.GetString()).ToHashSet().SetEquals(answer.Avoid))
            yield return $"avoid [{string.Join(", ", answer.Avoid)}], not {avoid}";
        foreach (var fault in FormFaults(answer)) yield return fault;
    }

    /// <summary>What holds for every answer.</summary>
    private static IEnumerable<string> FormFaults(GroundingAnswer answer)
    {
        var listed = answer.Candidates.Select(candidate => candidate.Id).ToHashSet();
        foreach (var id in answer.Avoid.Append(answer.Target).OfType<string>().Where(id => !listed.Contains(id)))
            yield return $"{id} does not stand in candidates";
        if (answer.Outcome == GroundingOutcome.Clarify && string.IsNullOrEmpty(answer.Question))
            yield return "no question";
        if (answer.Outcome == GroundingOutcome.Refuse && string.IsNullOrEmpty(answer.Reason)) yield return "no reason";
        if (answer.Outcome is GroundingOutcome.Absent or GroundingOutcome.Refuse && answer.Target is not null)
            yield return "a target without an act";
        foreach (var clause in answer.Clauses.Where(clause => !clause.Holds && answer.Outcome == GroundingOutcome.Act))
            yield return $"acts although \"{clause.Text}\" does not hold ({clause.Evidence})";
        if (answer.Confidence is not (null or (>= 0 and <= 1))) yield return $"confidence {answer.Confidence}";
    }

    private bool IsNull(string key) =>
        expected.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Null;

    private bool Allows(string key, string? actual) =>
        !expected.TryGetProperty(key, out _) || IsNull(key) || Names(key, actual);

    private bool Names(string key, string? actual)
    {
        if (!expected.TryGetProperty(key, out var value)) return false;
        return value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray().Any(one => one.GetString() == actual)
            : value.GetString() == actual;
    }
}
