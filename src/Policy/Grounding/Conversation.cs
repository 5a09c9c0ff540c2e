using EdgePerception.Policy.Commands;

namespace EdgePerception.Policy.Grounding;

/// <summary>
/// What was said before, so that "no, the other one", "the red one", "yes" and "put it on the table" have a meaning. Keeps
/// the last turn that was about an object, for a while. Owned by one thread.
/// </summary>
/// <param name="patience">How long a turn is remembered; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
public sealed class Conversation(TimeSpan patience)
{
    private const int MostWords = 14;

    private static readonly HashSet<string> Yes = ["yes", "yeah", "yep", "yup", "correct", "right", "exactly", "sure", "affirmative", "precisely"];
    private static readonly HashSet<string> No = ["no", "nope", "nah", "wrong", "not"];
    private static readonly HashSet<string> Fillers = ["please", "that", "is", "one", "it", "the", "thanks", "do", "you", "are", "go", "ahead"];
    private static readonly HashSet<string> OthersNouns = ["one", "ones", "thing", "object"];

    private static readonly string[] LeadIns =
        ["and what about", "what about", "how about", "and", "i meant", "i mean", "i said", "then", "now", "rather", "better", "instead", "actually", "sorry", "but", "ok", "okay"];

    private CommandStep? _step;
    private NounPhrase? _described;
    private GroundingAnswer? _answer;
    private TimeSpan _saidAt;

    /// <summary>Reads what is said now, with what was said before in mind.</summary>
    /// <param name="command">It, as <see cref="CommandParser"/> reads it on its own.</param>
    /// <param name="now">The time, of any clock that only goes forward.</param>
    public ParsedCommand Read(ParsedCommand command, TimeSpan now)
    {
        if (_answer is not null && patience >= TimeSpan.Zero && now - _saidAt > patience) Forget();
        var isOrder = command.Steps is [{ Action: RobotActionKind.Stop or RobotActionKind.Resume }];
        if (isOrder || (command.Refusal is not null && !command.NamesNoAction && !command.IsCorrected)) return command;
        var words = Tokenizer.Tokenize(command.Text).Select(token => token.Word).ToList();
        if (words.Count is 0 or > MostWords) return command;
        if (_step is not { } step || _described is not { } described || _answer is not { } answer)
            return command.NamesNoAction && IsAnswer(words) ? Ask(command.Text, "What do you mean? I remember nothing that was said before.") : command;
        return Follow(command, words, step, described, answer);
    }

    /// <summary>Remembers a turn that was about an object.</summary>
    /// <param name="command">What was said, as <see cref="Read"/> gave it.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="now">The time.</param>
    public void Remember(ParsedCommand command, GroundingAnswer answer, TimeSpan now)
    {
        if (command.Steps is not [{ Target: { } target } step, ..] || answer.Outcome is GroundingOutcome.Refuse) return;
        (_step, _answer, _saidAt) = (step, answer, now);
        // "the other one" after "the other one" is still about cups.
        if (target.KnownId is null || _described is null) _described = target;
    }

    private static ParsedCommand Follow(ParsedCommand command, List<string> words, CommandStep step, NounPhrase described, GroundingAnswer answer)
    {
        if (command.NamesNoAction && Yes.Contains(words[0]) && words.Skip(1).All(Fillers.Contains))
            return answer is { Outcome: GroundingOutcome.Clarify, Plausible.Count: <= 2, Candidates: [var only, ..] }
                   && answer.Candidates.Count(candidate => candidate.Probability >= only.Probability / 2) == 1
                ? Again(command.Text, step, Known(described, only.Id))
                : Ask(command.Text, answer.Question ?? $"Which {Noun(described)} do you mean?");
        var denied = false;
        while (words.Count > 0 && No.Contains(words[0]))
        {
            denied = true;
            words.RemoveAt(0);
        }

        if (denied && words.All(Fillers.Contains)) return Ask(command.Text, $"Which {Noun(described)} do you mean then?");
        if (IsOther(words) && (command.NamesNoAction || denied || command.Steps.Count == 1)) return Other(command, step, described, answer);

        var meant = answer.Target ?? (answer.Candidates is [var single] ? single.Id : null);
        var antecedent = meant is null ? described with { Modifiers = [] } : Known(described, meant);
        if (!command.NamesNoAction && !denied) return CommandParser.Parse(command.Text, [], antecedent);
        return Fragment(command, string.Join(' ', words), step, antecedent) ?? command;
    }

    /// <summary>"the red one", "what about the bottle": the verb of before with another object.</summary>
    private static ParsedCommand? Fragment(ParsedCommand command, string said, CommandStep step, NounPhrase antecedent)
    {
        foreach (var leadIn in LeadIns)
            if (said.StartsWith(leadIn + " ", StringComparison.Ordinal)) said = said[(leadIn.Length + 1)..];
        var parsed = CommandParser.Parse($"{SupposedVerb.For(step.Action)} {said}", [], antecedent);
        if (parsed.Steps is not [{ Target: { } target } next] || parsed.Avoid.Count > 0) return null;
        // "on the left" alone says where, not what.
        if (target.Noun.Count == 0) target = target with { Noun = antecedent.Noun };
        return Again(command.Text, next with { Destination = step.Destination, DestinationText = step.DestinationText }, target);
    }

    /// <summary>"the other one": another of the same kind, whatever else was said of the first.</summary>
    private static ParsedCommand Other(ParsedCommand command, CommandStep step, NounPhrase described, GroundingAnswer answer)
    {
        var excluded = answer.Target ?? (answer.Candidates is [var likeliest, ..] ? likeliest.Id : null);
        if (excluded is null) return Ask(command.Text, $"Which {Noun(described)} do you mean?");
        var verb = command.Steps is [{ Target: not null } said] ? said : step;
        var other = new NounPhrase
        {
            Text = "the other " + Noun(described),
            Noun = described.Noun,
            IsNamed = true,
            Modifiers = [new ExclusionModifier("other", Known(described, excluded))],
        };
        return Again(command.Text, verb with { Destination = verb.Destination ?? step.Destination }, other);
    }

    private static bool IsOther(List<string> words)
    {
        var at = words.FindIndex(word => word is "other" or "another" or "different");
        return at >= 0 && (at == words.Count - 1 || OthersNouns.Contains(words[at + 1])) && words.Skip(at + 2).All(Fillers.Contains);
    }

    private static bool IsAnswer(List<string> words) => Yes.Contains(words[0]) || No.Contains(words[0]) || IsOther(words) || words[^1] is "one" or "ones";

    private static NounPhrase Known(NounPhrase described, string id) => new()
    {
        Text = described.Noun.Count > 0 ? "the " + string.Join(' ', described.Noun) : "it",
        Noun = described.Noun,
        IsNamed = true,
        KnownId = id,
    };

    private static ParsedCommand Again(string text, CommandStep step, NounPhrase target) =>
        new(text, [step with { Target = target }], [], null) { IsFollowUp = true };

    private static ParsedCommand Ask(string text, string question) => new(text, [], [], null) { Asks = question, IsFollowUp = true };

    private static string Noun(NounPhrase described) => described.Noun.Count > 0 ? string.Join(' ', described.Noun) : "one";

    private void Forget() => (_step, _described, _answer) = (null, null, null);
}
