using System.Globalization;
using System.Text.Json;
using EdgePerception.Runtime.Messaging.Messages;

namespace EdgePerception.Runtime.CommandLine;

/// <summary>An answer as the command line words it.</summary>
internal static class AnswerText
{
    /// <summary>
    /// Outcome, action and target, then its limits, the words that were not understood, the question, the reason where
    /// it says more, and the evidence, a line each.
    /// </summary>
    public static IEnumerable<string> Lines(GroundingAnswer answer)
    {
        var action = answer.Action == ActionKind.None ? ""
            : $" {JsonNamingPolicy.SnakeCaseLower.ConvertName(answer.Action.ToString())}";
        var target = answer.HasTarget ? $" {answer.Target}" : "";
        yield return $"{answer.Outcome.ToString().ToLowerInvariant()}{action}{target}";
        foreach (var constraint in answer.Constraints) yield return Limit(constraint, answer);
        if (answer.Unread.Count > 0) yield return $"not understood: {string.Join(", ", answer.Unread)}";
        if (answer.HasQuestion) yield return answer.Question;
        if (answer.HasReason && answer.Reason != answer.Question) yield return answer.Reason;
        foreach (var clause in answer.Clauses)
            yield return $"{(clause.Holds ? "✓" : "✗")} {clause.Text}: {clause.Evidence}";
    }

    private static string Limit(Constraint constraint, GroundingAnswer answer)
    {
        if (constraint.Kind != Constraint.Types.Kind.KeepDistance)
            return "with a limit that this version does not know";
        var label = answer.Candidates.FirstOrDefault(candidate => candidate.Id == constraint.Object)?.Label;
        var name = string.IsNullOrEmpty(label) ? constraint.Object : $"{label} {constraint.Object}";
        return string.Create(CultureInfo.InvariantCulture, $"keep {constraint.Metres:0.###} m away from {name}");
    }
}
