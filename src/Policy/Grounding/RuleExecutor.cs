using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Commands;

namespace EdgePerception.Policy.Grounding;

/// <summary>
/// Grounds a parsed command in a scene by rules alone: soft predicates per clause, exact probabilities of how many
/// objects fit, and the outcome that is most probable. Deterministic, keeps nothing of the scene, thread-safe as long as
/// the scene is not changed meanwhile. A network that proposes checks itself against this.
/// </summary>
public sealed class RuleExecutor
{
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

    /// <summary>Grounds a command.</summary>
    /// <param name="id">The command's id, repeated in the answer.</param>
    /// <param name="command">The command as <see cref="CommandParser"/> read it.</param>
    /// <param name="scene">What is in sight and heard; values that are not finite count as not measured.</param>
    public GroundingAnswer Ground(string id, ParsedCommand command, Scene scene) => Ground(id, command, scene, (_, _) => null);

    /// <summary>Grounds a command with a network's opinion weighed in.</summary>
    /// <param name="id">The command's id, repeated in the answer.</param>
    /// <param name="command">The command as <see cref="CommandParser"/> read it.</param>
    /// <param name="scene">What is in sight and heard.</param>
    /// <param name="combine">Gives the opinion, for the command as the scene's labels let it be read.</param>
    internal GroundingAnswer Ground(string id, ParsedCommand command, Scene scene, Func<ParsedCommand, SceneView, Combination?> combine)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(scene);
        if (command.Steps is [{ Action: RobotActionKind.Stop or RobotActionKind.Resume } order])
            return Order(id, order.Action);
        var view = new SceneView(scene, _thresholds);
        command = WithLabels(command, view);
        if (command.Refusal is { } reason) return Refuse(id, reason);
        if (!(scene.Quality.Vision >= _thresholds.LeastVision)) return Refuse(id, "the camera's picture cannot be trusted: it is dark, blurred or covered");
        return new AnswerBuilder(id, command, view, combine(command, view)).Build();
    }

    /// <summary>An order without an object is obeyed whatever is in sight.</summary>
    private static GroundingAnswer Order(string id, RobotActionKind action) => new()
    {
        Id = id,
        Outcome = GroundingOutcome.Act,
        Action = action,
        Confidence = 1,
        Steps = [new ActionStep(action, null, null)],
    };

    private static GroundingAnswer Refuse(string id, string reason) => new()
    {
        Id = id,
        Outcome = GroundingOutcome.Refuse,
        Action = RobotActionKind.None,
        Confidence = 0.95,
        Reason = reason,
    };

    /// <summary>Labels that the lexicon does not know are nouns where the command uses their words.</summary>
    internal static ParsedCommand WithLabels(ParsedCommand command, SceneView view)
    {
        var lexicon = Lexicon.Default;
        var unknown = view.Labels.Where(label => lexicon.Meanings(label) is null && !IsGrammar(label, lexicon)).ToList();
        if (unknown.Count == 0) return command;
        var words = Tokenizer.Tokenize(command.Text).Select(token => token.Word).SelectMany(word => new[] { word, lexicon.Singular(word) }).ToHashSet();
        var used = unknown.Where(label => label.Split(' ').All(words.Contains)).ToList();
        return used.Count == 0 || command.IsFollowUp ? command : CommandParser.Parse(command.Text, used, command.Antecedent);
    }

    private static bool IsGrammar(string label, Lexicon lexicon) =>
        lexicon.Vocabulary.Contains(label) && !lexicon.NounWords.Contains(label);
}
