using System.Text.Json;
using EdgePerception.Runtime.Messaging.Messages;

namespace EdgePerception.Runtime.CommandLine;

/// <summary>An answer as the command line words it.</summary>
internal static class AnswerText
{
    /// <summary>Outcome, action and target, then the question, the reason and the evidence, a line each.</summary>
    public static IEnumerable<string> Lines(GroundingAnswer answer)
    {
        var action = answer.Action == ActionKind.None ? "" : $" {JsonNamingPolicy.SnakeCaseLower.ConvertName(answer.Action.ToString())}";
        var target = answer.HasTarget ? $" {answer.Target}" : "";
        yield return $"{answer.Outcome.ToString().ToLowerInvariant()}{action}{target}";
        if (answer.HasQuestion) yield return answer.Question;
        if (answer.HasReason) yield return answer.Reason;
        foreach (var clause in answer.Clauses) yield return $"{(clause.Holds ? "✓" : "✗")} {clause.Text}: {clause.Evidence}";
    }
}
