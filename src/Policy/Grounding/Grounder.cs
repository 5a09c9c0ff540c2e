using EdgePerception.Fusion.Attention;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Commands;

namespace EdgePerception.Policy.Grounding;

/// <summary>
/// Grounds commands: rules and network each answer with probabilities, and the calibrated combination decides between
/// acting, asking and "not in sight". Stops, refusals and injections never meet the network. Owned by one thread, as the
/// network is; disposes the network.
/// </summary>
public sealed class Grounder : IDisposable
{
    // A verb that the lexicon does not know is taken for one that it knows only where the network hardly doubts it.
    private const float SureIntent = 0.9f;

    private static readonly RuleExecutor Rules = new();

    private readonly AttentionModel? _network;
    private readonly GroundingCalibration? _calibration;
    private readonly GrounderSettings _settings;

    /// <summary>Creates a grounder of rules alone.</summary>
    public Grounder() => _settings = new GrounderSettings(GroundingMethod.Rules);

    /// <summary>Creates a grounder with a network.</summary>
    /// <param name="network">The network, disposed with this.</param>
    /// <param name="calibration">How its opinion counts.</param>
    /// <param name="settings">Who answers, at which risk.</param>
    public Grounder(AttentionModel network, GroundingCalibration calibration, GrounderSettings settings) =>
        (_network, _calibration, _settings) = (network, calibration, settings);

    /// <summary>Grounds a command.</summary>
    /// <param name="id">The command's id, repeated in the answer.</param>
    /// <param name="command">The command as <see cref="CommandParser"/> read it.</param>
    /// <param name="scene">What is in sight and heard; values that are not finite count as not measured.</param>
    /// <exception cref="ModelException">The network's run failed or was terminated.</exception>
    public GroundingAnswer Ground(string id, ParsedCommand command, Scene scene)
    {
        if (_network is null || _settings.Method == GroundingMethod.Rules || !MayAsk(command)) return Rules.Ground(id, command, scene);
        return _network.Read(scene, command.Text) is { } reading
            ? Weigh(id, command, scene, reading, _calibration!, _settings)
            : Rules.Ground(id, command, scene);
    }

    /// <summary>Grounds a command with what a network reads in it, whatever that is: a pure function.</summary>
    internal static GroundingAnswer Weigh(
        string id, ParsedCommand command, Scene scene, AttentionReading reading, GroundingCalibration calibration, GrounderSettings settings)
    {
        if (!MayAsk(command)) return Rules.Ground(id, command, scene);
        if (settings.Method == GroundingMethod.Network)
        {
            var view = new SceneView(scene, GroundingThresholds.Default);
            return new NetworkAnswer(id, reading, view, new Combination(reading, command, view, calibration, settings), IntentOf(reading), scene.Quality).Build();
        }

        if (command.NamesNoAction) command = Suppose(command, reading);
        var answer = Rules.Ground(id, command, scene, (parsed, view) => new Combination(reading, parsed, view, calibration, settings));
        return answer.Method == GroundingMethod.Rules ? answer : answer with { Modalities = ModalityReport.Of(reading, scene.Quality) };
    }

    /// <summary>The raw opinions on the first target, from which the calibration is fitted; none where one of them has none.</summary>
    public GroundingEvidence? Evidence(string id, ParsedCommand command, Scene scene)
    {
        if (_network is null || !MayAsk(command) || _network.Read(scene, command.Text) is not { } reading) return null;
        if (command.NamesNoAction) command = Suppose(command, reading);
        var view = new SceneView(scene, GroundingThresholds.Default);
        command = RuleExecutor.WithLabels(command, view);
        return GroundingEvidence.Of(id, command, view, new Combination(reading, command, view, _calibration!, _settings));
    }

    /// <summary>Frees the network.</summary>
    public void Dispose() => _network?.Dispose();

    /// <summary>Whether a command is the network's business: an order that was understood but for its verb.</summary>
    private static bool MayAsk(ParsedCommand command) =>
        command.Steps is not [{ Action: RobotActionKind.Stop or RobotActionKind.Resume }] && (command.Refusal is null || command.NamesNoAction)
        && command is { Incomplete: RobotActionKind.None, IsCorrected: false, IsFollowUp: false, Antecedent: null };

    private static ParsedCommand Suppose(ParsedCommand command, AttentionReading reading)
    {
        var best = reading.Intents.Max();
        return best >= SureIntent && SupposedVerb.Read(command.Text, IntentOf(reading)) is { } supposed ? supposed : command;
    }

    private static RobotActionKind IntentOf(AttentionReading reading)
    {
        var best = 0;
        for (var i = 1; i < reading.Intents.Count; i++) if (reading.Intents[i] > reading.Intents[best]) best = i;
        return Enum.TryParse<RobotActionKind>(reading.IntentNames[best].Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var action)
            ? action : RobotActionKind.None;
    }
}
