using EdgePerception.Fusion.Attention;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Grounding;

/// <summary>
/// Grounds commands: rules and network each answer with probabilities, and the calibrated combination decides between
/// acting, asking and "not in sight". Stops, refusals and injections never meet the network. Owned by one thread, as
/// the network is; disposes the network.
/// </summary>
public sealed class Grounder : IDisposable
{
    private const string TooLong = "it takes too long to understand; say it in fewer words";
    private const string NotAnOrder = "Is that an order to me? Say yes, or say it as a plain order.";

    private static readonly RuleExecutor Rules = new();

    private readonly AttentionModel? _network;
    private readonly GroundingCalibration? _calibration;
    private readonly GrounderSettings _settings;
    private readonly Ear? _ear;

    /// <summary>Creates a grounder of rules alone.</summary>
    public Grounder() => _settings = new GrounderSettings(GroundingMethod.Rules);

    /// <summary>Creates a grounder with a network and an ear.</summary>
    /// <param name="network">The network, disposed with this.</param>
    /// <param name="calibration">How its opinion counts.</param>
    /// <param name="settings">Who answers, at which risk.</param>
    /// <param name="ear">
    /// What tells what unknown words mean, and is the second witness of an order; disposed with this.
    /// </param>
    public Grounder(AttentionModel network, GroundingCalibration calibration, GrounderSettings settings, Ear ear) =>
        (_network, _calibration, _settings, _ear) = (network, calibration, settings, ear);

    /// <summary>Why the rules answer alone though more was wanted, in one line; none otherwise.</summary>
    public string? Trouble { get; init; }

    /// <summary>Grounds a command that stands for itself.</summary>
    /// <param name="id">The command's id, repeated in the answer.</param>
    /// <param name="text">The command as spoken or written; any text is accepted.</param>
    /// <param name="scene">What is in sight and heard; values that are not finite count as not measured.</param>
    /// <exception cref="ModelException">The network's run failed or was terminated.</exception>
    public GroundingAnswer Ground(string id, string text, Scene scene) =>
        Ground(id, text, scene, new Conversation(Timeout.InfiniteTimeSpan), TimeSpan.Zero);

    /// <summary>Grounds the next command of a conversation, and remembers it there.</summary>
    /// <param name="id">The command's id, repeated in the answer.</param>
    /// <param name="text">The command as spoken or written; any text is accepted.</param>
    /// <param name="scene">What is in sight and heard.</param>
    /// <param name="conversation">What was said before.</param>
    /// <param name="now">The time, of the conversation's clock.</param>
    /// <param name="limit">
    /// How long the parse may take, and how long the rules: a command that takes longer is refused, and not remembered;
    /// null for any time. What the network and the ear take is not counted.
    /// </param>
    /// <exception cref="ModelException">The network's run failed or was terminated.</exception>
    public GroundingAnswer Ground(
        string id, string text, Scene scene, Conversation conversation, TimeSpan now, TimeLimit? limit = null)
    {
        ArgumentNullException.ThrowIfNull(scene);
        ArgumentNullException.ThrowIfNull(conversation);
        try
        {
            return Ground(id, text, scene, conversation, limit ?? TimeLimit.None, now);
        }
        catch (TakesTooLongException)
        {
            return new GroundingAnswer { Id = id, Outcome = GroundingOutcome.Refuse, Reason = TooLong };
        }
    }

    private GroundingAnswer Ground(
        string id, string text, Scene scene, Conversation conversation, TimeLimit limit, TimeSpan now)
    {
        var view = new SceneView(scene, GroundingThresholds.Default) { Limit = limit };
        limit.Begin();
        var read = CommandParser.Readings(text, Words(view), conversation.Antecedent(now));
        var readings = Hear(conversation.Follow(read), view);
        var opinion = Read(readings[0], scene);
        limit.Begin();
        var (reading, answer) = Weigh(id, readings, view, scene.Quality, opinion);
        answer = Witnessed(reading, answer);
        limit.Begin();
        if (Within(id, reading, answer, view) is { } offer) (reading, answer) = offer;
        conversation.Remember(reading, answer, now);
        return answer with { Reading = reading };
    }

    /// <summary>How a command that stands for itself is read in a scene, likeliest first.</summary>
    /// <param name="text">The command; any text is accepted.</param>
    /// <param name="scene">What is in sight and heard.</param>
    /// <exception cref="ModelException">The network's run failed or was terminated.</exception>
    public IReadOnlyList<ReadingTree> Explain(string text, Scene scene)
    {
        var view = new SceneView(scene, GroundingThresholds.Default);
        var readings = Hear(CommandParser.Readings(text, Words(view)), view);
        var (picked, _) = Weigh("", readings, view, scene.Quality, Read(readings[0], scene));
        // What is heard in unknown words changes a reading, never what it was built from.
        return [.. readings.Select(reading => ReadingTree.Of(reading, ReferenceEquals(reading.Pieces, picked.Pieces)))];
    }

    /// <summary>
    /// The raw opinions on the first target, from which the calibration is fitted; null if one of them has none.
    /// </summary>
    public GroundingEvidence? Evidence(string id, string text, Scene scene)
    {
        var view = new SceneView(scene, GroundingThresholds.Default);
        var command = Hear(CommandParser.Readings(text, Words(view)), view)[0];
        if (Read(command, scene) is not { } reading) return null;
        return GroundingEvidence.Of(
            id, command, view, new Combination(reading, command, view, _calibration!, _settings));
    }

    /// <summary>Frees the network and the ear.</summary>
    public void Dispose()
    {
        _network?.Dispose();
        _ear?.Dispose();
    }

    /// <summary>What unknown words of the readings may mean; without an ear they stay unknown.</summary>
    private IReadOnlyList<ParsedCommand> Hear(IReadOnlyList<ParsedCommand> readings, SceneView view)
    {
        if (_ear is null) return readings;
        var hearing = new Hearing(_ear, view, Words(view).IsWord);
        return [.. readings.Select(hearing.Of)];
    }

    /// <summary>
    /// The answer where the ear, too, takes what was said for an order, or where nothing would move; what was put
    /// together from an earlier turn was an order before.
    /// </summary>
    private GroundingAnswer Witnessed(ParsedCommand reading, GroundingAnswer answer)
    {
        var moves = answer.Outcome == GroundingOutcome.Act && answer.Steps.Any(step => step.Action
            is not (RobotActionKind.Stop or RobotActionKind.Resume or RobotActionKind.Report or RobotActionKind.Avoid
                or RobotActionKind.LookAt));
        if (_ear is null || !moves || reading.IsFollowUp || _ear.Orders.Confirms(SpokenOrder.Of(reading)))
            return answer;
        return new GroundingAnswer
        {
            Id = answer.Id,
            Outcome = GroundingOutcome.Clarify,
            Action = answer.Action,
            Candidates = answer.Candidates,
            Clauses = answer.Clauses,
            Method = answer.Method,
            Asked = answer.Target is { } target && reading.Steps[0].Target is { } about
                ? new Question(NotAnOrder) { About = about, Ids = [target] } : null,
            Question = NotAnOrder,
            Reason = "by its sound that is hardly an order to the robot",
        };
    }

    /// <summary>
    /// An offer of the order that stands inside of what was not understood, where the ear takes the whole for an order
    /// and the scene has what it names; none otherwise.
    /// </summary>
    private (ParsedCommand Reading, GroundingAnswer Answer)? Within(
        string id, ParsedCommand reading, GroundingAnswer answer, SceneView view)
    {
        var isOpen = answer is { Outcome: GroundingOutcome.Refuse or GroundingOutcome.Clarify, Candidates.Count: 0 }
            && reading is { IsFollowUp: false, Constraints.Count: 0 } && MayHoldAnOrder(reading.Act);
        if (_ear is null || !isOpen || CommandParser.Within(reading, Words(view)) is not { } within) return null;
        within = Hear([within], view)[0];
        var offer = Rules.Ground(id, [within], view, _ => null).Answer;
        return offer is { Asked.SaysAll: true, Candidates.Count: > 0 } && _ear.Orders.Confirms(SpokenOrder.Of(within))
            ? (within, offer)
            : null;
    }

    /// <summary>Whether what was taken for that may be an order in words that the grammar does not have.</summary>
    private static bool MayHoldAnOrder(SpeechAct act) => act is SpeechAct.None or SpeechAct.Order or SpeechAct.Statement
        or SpeechAct.Demand or SpeechAct.Fragment or SpeechAct.Hypothetical or SpeechAct.Wish;

    /// <summary>What scene and vocabulary add to the lexicon.</summary>
    private SceneWords Words(SceneView view) =>
        _ear is { } ear ? view.Words with { IsWord = ear.Vocabulary.Knows } : view.Words;

    private (ParsedCommand Reading, GroundingAnswer Answer) Weigh(
        string id, IReadOnlyList<ParsedCommand> readings, SceneView view, ModalityQuality quality,
        AttentionReading? reading) =>
        reading is null ? Rules.Ground(id, readings, view, _ => null)
            : Weigh(id, readings, view, quality, reading, _calibration!, _settings);

    /// <summary>Grounds a command with what a network reads in it, whatever that is: a pure function.</summary>
    internal static (ParsedCommand Reading, GroundingAnswer Answer) Weigh(
        string id, IReadOnlyList<ParsedCommand> readings, SceneView view, ModalityQuality quality,
        AttentionReading reading,
        GroundingCalibration calibration, GrounderSettings settings)
    {
        if (!MayAsk(readings[0])) return Rules.Ground(id, readings, view, _ => null);
        // The network alone knows no figures: a distance must not be lost, nor must words that nobody understood.
        if (settings.Method == GroundingMethod.Network
            && (readings[0].Unread.Count > 0 || readings[0].Avoid.Any(one => one.Metres is not null)))
            return Rules.Ground(id, readings, view, _ => null);
        if (settings.Method == GroundingMethod.Network)
        {
            var combination = new Combination(reading, readings[0], view, calibration, settings);
            return (readings[0], new NetworkAnswer(id, reading, view, combination, IntentOf(reading), quality).Build());
        }

        var (meant, answer) =
            Rules.Ground(id, readings, view, parsed => new Combination(reading, parsed, view, calibration, settings));
        return (meant, answer.Method == GroundingMethod.Rules ? answer
            : answer with { Modalities = ModalityReport.Of(reading, quality) });
    }

    private AttentionReading? Read(ParsedCommand command, Scene scene) =>
        _network is null || _settings.Method == GroundingMethod.Rules || !MayAsk(command) ? null
            : _network.Read(scene, command.Text);

    /// <summary>Whether a command is the network's business: an order that was understood but for its verb.</summary>
    private static bool MayAsk(ParsedCommand command) =>
        command.Act == SpeechAct.Order
            && command.Steps is not ([] or [{ Action: RobotActionKind.Stop or RobotActionKind.Resume }])
        && command is
        {
            Refusal: null, Incomplete: RobotActionKind.None, IsCorrected: false, IsFollowUp: false,
            Antecedent: null
        };

    private static RobotActionKind IntentOf(AttentionReading reading)
    {
        var best = 0;
        for (var i = 1; i < reading.Intents.Count; i++) if (reading.Intents[i] > reading.Intents[best]) best = i;
        return SnakeCase.TryParse<RobotActionKind>(reading.IntentNames[best], out var action) ? action
            : RobotActionKind.None;
    }
}
