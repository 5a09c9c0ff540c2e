using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Commands;
using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Language;
using EdgePerception.Policy.Safety;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Policy.Actions;

/// <summary>What became of one command in the end.</summary>
/// <param name="Command">The command.</param>
/// <param name="Answer">Its answer, after safety had its say.</param>
/// <param name="Action">What the robot is to do; null if it is to do nothing.</param>
public sealed record Decision(PendingCommand Command, GroundingAnswer Answer, RobotAction? Action)
{
    /// <summary>What deciding threw; null if nothing, as it should be. The answer is a refusal then.</summary>
    public Exception? Fault { get; init; }
}

/// <summary>
/// The loop's stage that turns answers into actions as far as the safety ladder allows. Looking and telling are always
/// allowed; a motion needs the rung <see cref="SafetyLevel.Act"/>. Owned by the loop.
/// </summary>
public sealed class DecisionMaker(
    SafetySupervisor safety, SafetySettings settings, ActionFactory actions, SensorClock clock)
{
    private readonly List<Decision> _decisions = [];

    /// <summary>The decisions of this tick; the list is reused by the next call.</summary>
    public IReadOnlyList<Decision> Decide(IReadOnlyList<GroundedCommand> grounded, Scene scene)
    {
        _decisions.Clear();
        foreach (var (command, answer) in grounded) _decisions.Add(Guard(command, answer, scene));
        return _decisions;
    }

    private Decision Guard(PendingCommand command, GroundingAnswer answer, Scene scene)
    {
        try
        {
            return Decide(command, answer, scene);
        }
#pragma warning disable CA1031 // The boundary of one command: whoever gave it is told, and the next one is decided.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var refusal = answer with { Outcome = GroundingOutcome.Refuse, Reason = CommandGrounder.InternalError };
            return new Decision(command, refusal, null) { Fault = e };
        }
    }

    private Decision Decide(PendingCommand command, GroundingAnswer answer, Scene scene)
    {
        if (answer.Outcome != GroundingOutcome.Act) return new Decision(command, answer, null);
        switch (answer.Action)
        {
            case RobotActionKind.Report:
                return new Decision(command, answer, null);
            case RobotActionKind.Resume:
                if (Resume(command) is { } reason)
                {
                    var refusal = answer with { Outcome = GroundingOutcome.Refuse, Reason = reason };
                    return new Decision(command, refusal, null);
                }

                break;
            case RobotActionKind.Stop:
                // A stop that comes this late was not recognized at the door; it is one all the same.
                safety.Halt("a command", command.Id);
                return new Decision(command, answer, null);
            default:
                var state = safety.State;
                if (state.Level != SafetyLevel.Act) return new Decision(command, Withhold(answer, state), null);
                break;
        }

        return new Decision(command, answer, actions.Create(answer, scene, clock.Monotonic));
    }

    // Words cannot name a halt. That none stands is no reason to refuse them: the controllers hear of it all the same.
    private string? Resume(PendingCommand command)
    {
        if (settings.RequireNamedResume) return ResumeRefusals.NotNamed;
        var outcome = safety.Resume("", command.IssuedAt);
        return outcome == ResumeOutcome.NotHalted ? null : outcome.Refusal();
    }

    private static GroundingAnswer Withhold(GroundingAnswer answer, SafetyState state) => answer with
    {
        Outcome = GroundingOutcome.Refuse,
        Reason = $"no motion while the robot is at {state.Level.ToString().ToLowerInvariant()}: {state.Cause}"
                 + (state.NeedsResume ? "; resume first" : ""),
    };
}
