using System.Globalization;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Commands;
using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Language;
using EdgePerception.Policy.Safety;
using EdgePerception.Sensors.Diagnostics;
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

    /// <summary>Whether it was the watch over motion that refused.</summary>
    public bool IsWithheld { get; init; }
}

/// <summary>
/// The loop's stage that turns answers into actions as far as the safety ladder allows. Looking and telling are always
/// allowed; a motion needs the rung <see cref="SafetyLevel.Act"/>, a controller that could carry it out, and that
/// nobody halted since it was asked for: what waited through a halt is not taken up after it. Owned by the loop.
/// </summary>
/// <param name="safety">The watch over motion.</param>
/// <param name="settings">How sure an answer must be, and what a resume must say.</param>
/// <param name="ends">Tells of halts.</param>
/// <param name="actions">Makes actions.</param>
/// <param name="canMove">Whether a controller is there that may be given motion.</param>
/// <param name="clock">The time.</param>
public sealed class DecisionMaker(
    SafetySupervisor safety, SafetySettings settings, MotionEnds ends, ActionFactory actions, Func<bool> canMove,
    SensorClock clock)
{
    private const string NobodyCan =
        "no controller is connected that could carry it out; one must register, and with permits";

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
                if (state.Level != SafetyLevel.Act) return Withhold(command, answer, Cause(state));
                if (ends.NewestHalt is { } halt && halt.At >= command.ReceivedAt)
                    return Withhold(command, answer, $"a halt came after the command: {halt.Cause}; give it again");
                if (answer.Confidence < settings.MinConfidence) return new Decision(command, Unsure(answer), null);
                if (!canMove()) return new Decision(command, Refuse(answer, NobodyCan), null);
                break;
        }

        return new Decision(command, answer, actions.Create(answer, scene, clock.Monotonic));
    }

    private static GroundingAnswer Unsure(GroundingAnswer answer) => answer with
    {
        Outcome = GroundingOutcome.Clarify,
        Target = null,
        Destination = null,
        Question = string.Create(
            CultureInfo.InvariantCulture,
            $"I am only {answer.Confidence:0%} sure of what you mean. Please say it again, naming it more exactly."),
        Reason = "it is not sure enough which object is meant (safety.minConfidence)",
    };

    private static Decision Withhold(PendingCommand command, GroundingAnswer answer, string reason) =>
        new(command, Refuse(answer, reason), null) { IsWithheld = true };

    private static string Cause(SafetyState state) =>
        $"no motion while the robot is at {TagNames.Of(state.Level)}: {state.Cause}"
        + (state.NeedsResume ? "; resume first" : "");

    private static GroundingAnswer Refuse(GroundingAnswer answer, string reason) =>
        answer with { Outcome = GroundingOutcome.Refuse, Reason = reason };

    // Words cannot name a halt. That none stands is no reason to refuse them: the controllers hear of it all the same.
    private string? Resume(PendingCommand command)
    {
        if (settings.RequireNamedResume) return ResumeRefusals.NotNamed;
        var outcome = safety.Resume("", command.IssuedAt);
        return outcome == ResumeOutcome.NotHalted ? null : outcome.Refusal();
    }
}
