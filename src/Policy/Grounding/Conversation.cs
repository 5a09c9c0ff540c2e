using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Grounding;

/// <summary>
/// What was said before, so that "no, the other one", "the red one", "yes" and "put it on the table" have a meaning.
/// Keeps the last turn that was about an object, for a while. Owned by one thread.
/// </summary>
/// <param name="timeout">How long a turn is remembered; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
public sealed class Conversation(TimeSpan timeout)
{
    private Turn? _last;
    private bool _hasActed;
    private TimeSpan _saidAt;

    /// <summary>What "it" and "one" stand for; null if no turn is remembered.</summary>
    /// <param name="now">The time, of any clock that only goes forward.</param>
    internal NounPhrase? Antecedent(TimeSpan now)
    {
        if (timeout >= TimeSpan.Zero && now - _saidAt > timeout) _last = null;
        return _last?.Antecedent;
    }

    /// <summary>The readings of what is said now, with what was said before in mind; likeliest first.</summary>
    internal IReadOnlyList<ParsedCommand> Follow(IReadOnlyList<ParsedCommand> readings)
    {
        if (!_hasActed && readings[0].TakesBackTurns) return [readings[0] with { TakesBackTurns = false }];
        if (_last is { } last)
        {
            List<ParsedCommand> followed = [.. readings.Select(last.Follow)];
            // Of "right" as a yes and as a side, the one that answers the question is meant.
            var first = followed[0].Asks is null ? 0
                : followed.FindIndex(reading => reading is { IsFollowUp: true, Asks: null });
            return first <= 0 ? followed : [followed[first], .. followed.Where((_, i) => i != first)];
        }

        return readings[0].Fragment is { } fragment
            && (fragment.IsBare || fragment.Objects is [{ IsOther: true } or { Noun.Count: 0, Called: null }])
            ? [Turn.Ask(readings[0], "What do you mean? I remember nothing that was said before.")]
            : readings;
    }

    /// <summary>Remembers a turn that was about an object; forgets it where all is taken back.</summary>
    /// <param name="command">What was said, as <see cref="Follow"/> gave it.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="now">The time.</param>
    internal void Remember(ParsedCommand command, GroundingAnswer answer, TimeSpan now)
    {
        if (command.TakesBackTurns) _last = null;
        _hasActed |= answer.Outcome != GroundingOutcome.Refuse;
        if (answer.Outcome == GroundingOutcome.Refuse || command.Asks is not null) return;
        if (command is { Steps: [], Incomplete: not RobotActionKind.None })
            command =
                command with
                {
                    Steps = [new CommandStep(command.Incomplete, null, null)],
                    Incomplete = RobotActionKind.None,
                };
        if (command.Steps is not [var first, ..]
            || (first.Target is null && answer.Outcome != GroundingOutcome.Clarify)) return;
        // "the other one" after "the other one" is still about cups.
        var described = first.Target is { KnownId: not null } && _last?.Described is { } before ? before
            : first.Target ?? answer.Asked?.About;
        (_last, _saidAt) = (new Turn(command, first, described, answer), now);
    }
}
