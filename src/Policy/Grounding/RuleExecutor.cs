using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Grounding;

/// <summary>
/// Grounds a parsed command in a scene by rules alone: soft predicates per clause, exact probabilities of how many
/// objects fit, and the outcome that is most probable. Deterministic, keeps nothing of the scene, thread-safe as long
/// as the scene is not changed meanwhile. A network that proposes checks itself against this.
/// </summary>
public sealed class RuleExecutor
{
    private const double PriceOfPreference = 0.6;
    private const double PriceOfTie = 0.02;

    private readonly GroundingThresholds _thresholds;

    /// <summary>Creates an executor with the product's own figures.</summary>
    public RuleExecutor()
        : this(GroundingThresholds.Default)
    {
    }

    /// <summary>Creates an executor with figures of one's own.</summary>
    /// <param name="thresholds">The figures behind the decisions.</param>
    public RuleExecutor(GroundingThresholds thresholds)
    {
        ArgumentNullException.ThrowIfNull(thresholds);
        _thresholds = thresholds;
    }

    /// <summary>Grounds a command that stands for itself.</summary>
    /// <param name="id">The command's id, repeated in the answer.</param>
    /// <param name="text">The command as spoken or written; any text is accepted.</param>
    /// <param name="scene">What is in sight and heard; values that are not finite count as not measured.</param>
    public GroundingAnswer Ground(string id, string text, Scene scene)
    {
        ArgumentNullException.ThrowIfNull(scene);
        var view = new SceneView(scene, _thresholds);
        return Ground(
            id, [.. CommandParser.Readings(text, view.Words)
                .Select(reading => reading with { TakesBackTurns = false })], view, _ => null).Answer;
    }

    /// <summary>Grounds a command: of its readings the scene picks one that means something.</summary>
    /// <param name="id">The command's id, repeated in the answer.</param>
    /// <param name="readings">The readings, likeliest first.</param>
    /// <param name="view">What is in sight and heard.</param>
    /// <param name="combine">Gives a network's opinion on a reading; none where the rules alone are asked.</param>
    internal (ParsedCommand Reading, GroundingAnswer Answer) Ground(
        string id, IReadOnlyList<ParsedCommand> readings, SceneView view, Func<ParsedCommand, Combination?> combine)
    {
        var first = (Reading: readings[0], Answer: Ground(id, readings[0], view, combine));
        if (first.Answer.Outcome is GroundingOutcome.Act or GroundingOutcome.Refuse) return first;
        foreach (var reading in readings.Skip(1).Where(reading => IsAlike(reading, first.Reading)))
        {
            var answer = Ground(id, reading, view, combine);
            // A reading that means one object may be dearer than one that means none, and no dearer than one that is
            // unclear.
            var most = first.Answer.Outcome == GroundingOutcome.Absent ? PriceOfPreference : PriceOfTie;
            if (reading.Price > first.Reading.Price + most) break;
            if (answer.Outcome == GroundingOutcome.Act) return (reading, answer);
            if (answer.Outcome == GroundingOutcome.Clarify && first.Answer.Outcome == GroundingOutcome.Absent)
                first = (reading, answer);
        }

        return first;
    }

    private GroundingAnswer Ground(
        string id, ParsedCommand command, SceneView view, Func<ParsedCommand, Combination?> combine)
    {
        if (command.TakesBackTurns && command.Act == SpeechAct.Retraction) return Order(id, RobotActionKind.Stop);
        if (command.Steps is [{ Action: RobotActionKind.Stop or RobotActionKind.Resume } order])
            return command.Unread.Count == 0 || order.Action == RobotActionKind.Stop ? Order(id, order.Action)
                : Unread(id, command);
        if (command.Refusal is { } reason) return Refuse(id, reason) with { Unread = command.Unread };
        if (command.Steps.Count > 0 && view.Cameras == 0)
            return Refuse(id, "no camera gives pictures at the moment") with { Action = command.Steps[0].Action };
        if (!(view.Vision >= _thresholds.MinVision))
            return Refuse(id, "the camera's picture cannot be trusted: it is dark, blurred or covered");
        return new AnswerBuilder(id, command, view, combine(command)).Build();
    }

    /// <summary>Whether two readings ask for the same, of objects that may be described otherwise.</summary>
    private static bool IsAlike(ParsedCommand a, ParsedCommand b) =>
        a.Refusal is null && a.Unread.Count == 0 && Guesses(a) <= Guesses(b)
            && a.Constraints.Count == b.Constraints.Count
        && a.Avoid.Select(one => one.Metres).SequenceEqual(b.Avoid.Select(one => one.Metres))
        && a.Steps.Select(step => (step.Action, step.Target?.Quantity))
            .SequenceEqual(b.Steps.Select(step => (step.Action, step.Target?.Quantity)));

    /// <summary>How much of a reading nobody can check.</summary>
    private static int Guesses(ParsedCommand command) =>
        command.Steps.SelectMany(step => step.Described).Sum(Guesses);

    private static int Guesses(NounPhrase phrase) => phrase.Modifiers.Sum(modifier => modifier switch
    {
        UnmeasuredModifier or SupposedModifier => 1,
        RelationModifier relation => relation.Anchors.Sum(Guesses),
        _ => 0,
    });

    private static GroundingAnswer Unread(string id, ParsedCommand command) => new()
    {
        Id = id,
        Outcome = GroundingOutcome.Clarify,
        Unread = command.Unread,
        Question = UnreadWords.NotUnderstood(command.Unread),
        Reason = UnreadWords.NotUnderstood(command.Unread),
    };

    /// <summary>An order without an object is obeyed whatever is in sight.</summary>
    private static GroundingAnswer Order(string id, RobotActionKind action) => new()
    {
        Id = id,
        Outcome = GroundingOutcome.Act,
        Action = action,
        Steps = [new ActionStep(action, null, null)],
    };

    private static GroundingAnswer Refuse(string id, string reason) => new()
    {
        Id = id,
        Outcome = GroundingOutcome.Refuse,
        Action = RobotActionKind.None,
        Reason = reason,
    };
}
