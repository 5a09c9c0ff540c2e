using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Actions;
using EdgePerception.Policy.Language;
using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Time;
using Google.Protobuf.WellKnownTypes;
using Domain = EdgePerception.Policy.Grounding;

namespace EdgePerception.Runtime.Messaging.Messages;

/// <summary>
/// The only way from what the service knows to what it says, with <see cref="SceneMessages"/>, which keeps the messages
/// of every tick. Nothing is kept here. Single-precision figures are rounded to what they can mean: shares and scores
/// to five decimals, pixels, pixels a second and degrees to three. A figure that is not finite becomes 0.
/// </summary>
public static partial class ToMessage
{
    /// <summary>Capture times and source; number and publish time are the publisher's.</summary>
    public static Header Header(SensorTime captured, string source = "")
    {
        var message = new Header();
        Fill(message, captured, source);
        return message;
    }

    /// <summary>
    /// The answer of <c>detect</c> and <c>models try</c>, in the given order; what has no place has no box.
    /// </summary>
    public static DetectionList DetectionList(IEnumerable<(string Label, float Score, BoundingBox? Box)> sights)
    {
        var message = new DetectionList();
        foreach (var (label, score, box) in sights)
            message.Detections.Add(new DetectionList.Types.Item
            {
                Label = label,
                Score = Share(score),
                Box = box is { } place ? Box(place) : null,
            });

        return message;
    }

    /// <summary>The sounds of a scene.</summary>
    public static SoundArray Sounds(Fusion.Scenes.Scene scene)
    {
        var message = new SoundArray { Header = Header(scene.Time) };
        foreach (var sound in scene.Sounds)
        {
            message.Sounds.Add(new Sound());
            Fill(message.Sounds[^1], sound);
        }

        return message;
    }

    /// <summary>One object.</summary>
    public static Track Track(in SceneObject seen)
    {
        var message = new Track();
        Fill(message, seen);
        return message;
    }

    /// <summary>The answer to a command.</summary>
    public static GroundingAnswer GroundingAnswer(Domain.GroundingAnswer answer)
    {
        var message = new GroundingAnswer
        {
            Id = answer.Id,
            Outcome = Outcome(answer.Outcome),
            Action = Action(answer.Action),
        };
        if (answer.Confidence is { } confidence) message.Confidence = Share(confidence);
        if (answer.Target is { } target) message.Target = target;
        if (answer.Destination is { } destination) message.Destination = destination;
        if (answer.Question is { } question) message.Question = question;
        if (answer.Reason is { } reason) message.Reason = reason;
        message.Avoid.AddRange(answer.Avoid);
        foreach (var step in answer.Steps) message.Steps.Add(Step(step));
        foreach (var candidate in answer.Candidates) message.Candidates.Add(Candidate(candidate));
        foreach (var clause in answer.Clauses)
            message.Clauses.Add(new Clause { Text = clause.Text, Holds = clause.Holds, Evidence = clause.Evidence });
        message.Method = Method(answer.Method);
        message.Plausible.AddRange(answer.Plausible);
        foreach (var modality in answer.Modalities)
            message.Modalities.Add(
                new Modality { Name = modality.Name, Quality = Share(modality.Quality), Gate = Share(modality.Gate) });
        foreach (var weight in answer.Attention)
            message.Attention.Add(new WordWeight { Word = weight.Word, Weight = Share(weight.Weight) });
        foreach (var distance in answer.Distances) message.Constraints.Add(Constraint(distance));
        message.Unread.AddRange(answer.Unread.Select(word => word.Text));
        return message;
    }

    /// <summary>What the robot is to do.</summary>
    /// <param name="action">The action.</param>
    /// <param name="captured">When the scene was captured that it was decided in.</param>
    /// <param name="expires">The instant from which the action must not be begun.</param>
    public static Action Action(RobotAction action, SensorTime captured, SensorTime expires)
    {
        var message = new Action
        {
            Header = Header(captured),
            Id = action.Id,
            CommandId = action.CommandId,
            Action_ = Action(action.Kind),
            ExpiresAt = Timestamp.FromDateTimeOffset(expires.Utc),
        };
        if (action.Confidence is { } confidence) message.Confidence = Share(confidence);
        if (action.Target is { } target) message.Target = Track(target);
        if (action.Destination is { } destination) message.Destination = Track(destination);
        foreach (var avoid in action.Avoid) message.Avoid.Add(Track(avoid));
        foreach (var step in action.Steps) message.Steps.Add(Step(step));
        foreach (var distance in action.Distances) message.Constraints.Add(Constraint(distance));
        return message;
    }

    /// <summary>
    /// The stop that goes with a halt; whoever makes it of the same state makes the same one. A stop counts whenever it
    /// comes, whatever its <c>expires_at</c>.
    /// </summary>
    public static Action Stop(SafetyState state) => new()
    {
        Header = Header(state.Since),
        Id = state.NeedsResume ? $"stop-{state.HaltId}" : $"stop-{state.Since.Utc.ToUnixTimeMilliseconds()}",
        CommandId = state.CommandId,
        Action_ = ActionKind.Stop,
        Steps = { new Step { Action = ActionKind.Stop } },
        ExpiresAt = Timestamp.FromDateTimeOffset(state.Since.Utc),
    };

    /// <summary>The safety level, its cause, since when, and what leads back.</summary>
    public static Safety Safety(SafetyState state) => new()
    {
        Header = Header(state.Since),
        Level = state.Level switch
        {
            SafetyLevel.Act => Messages.Safety.Types.Level.Act,
            SafetyLevel.Clarify => Messages.Safety.Types.Level.Clarify,
            SafetyLevel.Degrade => Messages.Safety.Types.Level.Degrade,
            _ => Messages.Safety.Types.Level.Halt,
        },
        Cause = state.Cause,
        Since = Timestamp.FromDateTimeOffset(state.Since.Utc),
        Input = TagNames.Of(state.Input),
        WayBack = state.WayBack,
        Armed = state.IsArmed,
        HaltId = state.HaltId,
    };

    /// <summary>How the parts of the service are doing; the service is as well as the worst of them.</summary>
    /// <param name="components">At least one.</param>
    public static Health Health(IEnumerable<ComponentHealth> components)
    {
        var message = new Health();
        foreach (var component in components)
        {
            message.Components.Add(new Health.Types.Component
            {
                Name = component.Name,
                Status = component.Status switch
                {
                    HealthStatus.Ok => Messages.Health.Types.Status.Ok,
                    HealthStatus.Degraded => Messages.Health.Types.Status.Degraded,
                    _ => Messages.Health.Types.Status.Failed,
                },
                Detail = component.Detail,
            });
        }

        message.Status = message.Components.Max(component => component.Status);
        return message;
    }

    /// <summary>The action's name on the wire.</summary>
    public static ActionKind Action(RobotActionKind action) => action switch
    {
        RobotActionKind.None => ActionKind.None,
        RobotActionKind.Pick => ActionKind.Pick,
        RobotActionKind.Bring => ActionKind.Bring,
        RobotActionKind.Place => ActionKind.Place,
        RobotActionKind.GoTo => ActionKind.GoTo,
        RobotActionKind.Follow => ActionKind.Follow,
        RobotActionKind.LookAt => ActionKind.LookAt,
        RobotActionKind.Avoid => ActionKind.Avoid,
        RobotActionKind.Report => ActionKind.Report,
        RobotActionKind.Stop => ActionKind.Stop,
        RobotActionKind.Resume => ActionKind.Resume,
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "has no name on the wire"),
    };

    private static GroundingAnswer.Types.Outcome Outcome(Domain.GroundingOutcome outcome) => outcome switch
    {
        Domain.GroundingOutcome.Act => Messages.GroundingAnswer.Types.Outcome.Act,
        Domain.GroundingOutcome.Clarify => Messages.GroundingAnswer.Types.Outcome.Clarify,
        Domain.GroundingOutcome.Absent => Messages.GroundingAnswer.Types.Outcome.Absent,
        Domain.GroundingOutcome.Refuse => Messages.GroundingAnswer.Types.Outcome.Refuse,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "has no name on the wire"),
    };

    private static GroundingMethod Method(Domain.GroundingMethod method) => method switch
    {
        Domain.GroundingMethod.Rules => GroundingMethod.Rules,
        Domain.GroundingMethod.Combined => GroundingMethod.Combined,
        Domain.GroundingMethod.Network => GroundingMethod.Network,
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "has no name on the wire"),
    };

    /// <summary>Fills a header as <see cref="Header"/> makes one.</summary>
    internal static void Fill(Header message, SensorTime captured, string source = "")
    {
        message.Source = source;
        (message.CapturedAt ??= new Timestamp()).Set(captured.Utc);
        message.CapturedMonotonicS = Math.Round(captured.Monotonic.TotalSeconds, 6);
    }

    /// <summary>A share or score as it is told.</summary>
    internal static double Share(double value) => Finite(Math.Round(value, 5));

    private static Candidate Candidate(Domain.Candidate candidate) => new()
    {
        Id = candidate.Id,
        Label = candidate.Label,
        Probability = Share(candidate.Probability),
        Box = Box(candidate.Box),
    };

    private static Step Step(Domain.ActionStep step)
    {
        var message = new Step { Action = Action(step.Action) };
        if (step.Target is { } target) message.Target = target;
        if (step.Destination is { } destination) message.Destination = destination;
        return message;
    }

    private static Constraint Constraint(Domain.KeepDistance distance) => new()
    {
        Kind = Messages.Constraint.Types.Kind.KeepDistance,
        Object = distance.Id,
        Metres = Distance(distance.Metres),
    };

    // To whole millimetres, up: what is told is never nearer than what was said, but for the noise of 12 × 0.0254. What
    // is no figure becomes the farthest and not 0, which would let the robot come as near as it likes.
    private static double Distance(double metres)
    {
        var told = Math.Ceiling(Math.Round(metres * 1000, 6)) / 1000;
        return double.IsFinite(told) ? told : double.MaxValue;
    }

    private static double Length(float value) => Finite(Math.Round(value, 3));

    // Adding zero takes the sign off a zero: protobuf does not tell it.
    private static double Finite(double value) => double.IsFinite(value) ? value + 0.0 : 0;
}
