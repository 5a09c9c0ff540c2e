using System.Text.Json;
using System.Text.RegularExpressions;
using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Language;

namespace EdgePerception.EndToEnd.Tests.Language;

/// <summary>What is right for one sentence, in the words of the case files; README.md lists them.</summary>
/// <param name="text">The expectation.</param>
/// <param name="action">The action that an act must be, in snake case; null when the ids say enough.</param>
internal sealed partial class FieldExpectation(string text, string? action)
{
    private static readonly HashSet<RobotActionKind> Motions =
    [
        RobotActionKind.Pick, RobotActionKind.Bring, RobotActionKind.Place, RobotActionKind.GoTo,
        RobotActionKind.Follow, RobotActionKind.LookAt, RobotActionKind.Avoid,
    ];

    /// <summary>The ids that the expectation names; empty when it is about no object.</summary>
    public IReadOnlyList<string> Ids =>
        KeepAway().Match(text) is { Success: true } away ? [away.Groups["id"].Value]
        : GoAndKeepAway().Match(text) is { Success: true } both ? [both.Groups["id"].Value, both.Groups["away"].Value]
        : OrQuestion().Match(text) is { Success: true } either ? either.Groups["ids"].Value.Split(',')
        : IsPhrase ? [] : text.Split(',');

    /// <summary>Whether the robot has to stop or to stay where it is.</summary>
    public bool IsStill => text == "stop" || Is("no motion");

    private bool IsPhrase => IsStill || text == "ask" || Is("absent") || Is("understood") || Is("any of");

    /// <summary>Whether an answer is right.</summary>
    public bool Holds(GroundingAnswer answer)
    {
        var acts = answer.Outcome == GroundingOutcome.Act;
        var asks = answer.Outcome == GroundingOutcome.Clarify;
        var targets = Targets(answer);
        if (text == "stop") return acts && answer.Action == RobotActionKind.Stop;
        if (text == "ask") return asks;
        if (Is("no motion")) return !acts || !Motions.Contains(answer.Action);
        if (Is("absent")) return answer.Outcome == GroundingOutcome.Absent;
        if (Is("understood"))
            return acts || asks || (answer.Outcome == GroundingOutcome.Refuse && !BlamesAnAttack(answer));
        if (Is("any of")) return acts && answer.Action == RobotActionKind.Follow && targets.Count == 1;
        if (OrQuestion().Match(text) is { Success: true } either)
        {
            var verb = either.Groups["verb"].Value.Replace(' ', '_');
            return asks || (acts && Name(answer) == verb && Means(answer, targets));
        }

        if (KeepAway().IsMatch(text)) return acts && answer.Action == RobotActionKind.Avoid && Means(answer, targets);
        if (GoAndKeepAway().IsMatch(text))
            return acts && answer.Action == RobotActionKind.GoTo && targets.SetEquals([Ids[0]])
                && answer.Avoid.Contains(Ids[1]);
        return acts && (action is null || action == Name(answer)) && Means(answer, targets);
    }

    /// <summary>What an answer acts on, over all its steps.</summary>
    public static HashSet<string> Targets(GroundingAnswer answer)
    {
        var targets = answer.Steps.Select(step => step.Target).OfType<string>().ToHashSet();
        if (targets.Count == 0 && answer.Target is { } one) targets.Add(one);
        return targets;
    }

    // Who keeps away from more than was said is still right.
    private bool Means(GroundingAnswer answer, HashSet<string> targets) => answer.Action == RobotActionKind.Avoid
        ? Ids.All(id => targets.Contains(id) || answer.Avoid.Contains(id)) : targets.SetEquals(Ids);

    private bool Is(string start) => text.StartsWith(start, StringComparison.Ordinal);

    private static bool BlamesAnAttack(GroundingAnswer answer) =>
        answer.Reason?.Contains("rules of the software", StringComparison.Ordinal) == true;

    private static string Name(GroundingAnswer answer) =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(answer.Action.ToString());

    [GeneratedRegex("^keep away from (?<id>[^ ,]+)$")]
    private static partial Regex KeepAway();

    [GeneratedRegex("^go to (?<id>[^ ,]+), keep away from (?<away>[^ ,]+)$")]
    private static partial Regex GoAndKeepAway();

    [GeneratedRegex("^(?<verb>[a-z ]+) (?<ids>[^ ]+), or a question$")]
    private static partial Regex OrQuestion();
}
