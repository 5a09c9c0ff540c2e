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

    private Turn? _last;
    private TimeSpan _saidAt;

    /// <summary>Reads what is said now, with what was said before in mind.</summary>
    /// <param name="command">It, as <see cref="CommandParser"/> reads it on its own.</param>
    /// <param name="now">The time, of any clock that only goes forward.</param>
    public ParsedCommand Read(ParsedCommand command, TimeSpan now)
    {
        if (command.IsTakenBack || (patience >= TimeSpan.Zero && now - _saidAt > patience)) _last = null;
        var isOrder = command.Steps is [{ Action: RobotActionKind.Stop or RobotActionKind.Resume }];
        if (isOrder || command.IsTakenBack || (command.Refusal is not null && !command.NamesNoAction && !command.IsCorrected)) return command;
        var tokens = Tokenizer.Tokenize(command.Text);
        if (tokens.Count is 0 or > MostWords) return command;
        var said = new Utterance(command, tokens);
        if (_last is not null) return _last.Follow(said);
        return command.NamesNoAction && said.LeansOnBefore ? said.Ask("What do you mean? I remember nothing that was said before.") : command;
    }

    /// <summary>Remembers a turn that was about an object.</summary>
    /// <param name="command">What was said, as <see cref="Read"/> gave it.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="now">The time.</param>
    public void Remember(ParsedCommand command, GroundingAnswer answer, TimeSpan now)
    {
        if (answer.Outcome == GroundingOutcome.Refuse || command.Asks is not null) return;
        if (command is { Steps: [], Incomplete: not RobotActionKind.None })
            command = command with { Steps = [new CommandStep(command.Incomplete, null, null)], Incomplete = RobotActionKind.None };
        if (command.Steps is not [var first, ..] || (first.Target is null && answer.Outcome != GroundingOutcome.Clarify)) return;
        // "the other one" after "the other one" is still about cups.
        var described = first.Target is { KnownId: not null } && _last?.Described is { } before ? before : first.Target ?? answer.Asked?.About;
        (_last, _saidAt) = (new Turn(command, first, described, answer), now);
    }
}
