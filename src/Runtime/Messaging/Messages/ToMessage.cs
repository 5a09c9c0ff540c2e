using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Tracking;
using EdgePerception.Fusion.Vision;
using EdgePerception.Policy.Actions;
using EdgePerception.Policy.Commands;
using EdgePerception.Policy.Safety;
using EdgePerception.Sensors.Synchronization;
using Google.Protobuf.WellKnownTypes;
using Domain = EdgePerception.Policy.Grounding;
using Tracking = EdgePerception.Fusion.Tracking;

namespace EdgePerception.Runtime.Messaging.Messages;

/// <summary>How recent a camera's picture is.</summary>
/// <param name="Age">Age of its newest frame.</param>
/// <param name="Live">False while the source is gone or being rebuilt.</param>
public readonly record struct CameraLiveness(TimeSpan Age, bool Live);

/// <summary>
/// The only way from what the service knows to what it says. Pure; nothing is kept. Single-precision figures are
/// rounded to what they can mean, so that JSON does not print 0.30000001192092896: shares and scores to five decimals,
/// pixels, pixels a second and degrees to three. A figure that is not finite becomes 0.
/// </summary>
public static class ToMessage
{
    /// <summary>Capture times and source; number and publish time are the publisher's.</summary>
    public static Header Header(SensorTime captured, string source = "") => new()
    {
        Source = source,
        CapturedAt = Timestamp.FromDateTimeOffset(captured.Utc),
        CapturedMonotonicS = Math.Round(captured.Monotonic.TotalSeconds, 6),
    };

    /// <summary>
    /// What a camera's detector saw, for the topic; each detection with the id of the track that shows the same object,
    /// or with none while the tracker has not confirmed one.
    /// </summary>
    /// <param name="camera">The camera after tracking.</param>
    /// <param name="leastScore">Detections below are left out.</param>
    /// <param name="captured">When the picture was taken.</param>
    public static Detection2DArray Detections(CameraPerception camera, float leastScore, SensorTime captured)
    {
        var message = new Detection2DArray { Header = Header(captured, camera.Name) };
        foreach (var detection in camera.Detections)
        {
            if (detection.Score >= leastScore)
                message.Detections.Add(Detection(TrackOf(detection, camera.Tracker.Tracks), detection.Label, detection.Score, detection.Box));
        }

        return message;
    }

    /// <summary>The answer of <c>detect</c> and <c>models try</c>, in the given order; what has no place has no box.</summary>
    public static DetectionList DetectionList(IEnumerable<(string Label, float Score, BoundingBox? Box)> sights)
    {
        var message = new DetectionList();
        foreach (var (label, score, box) in sights)
            message.Detections.Add(new DetectionList.Types.Item { Label = label, Score = Share(score), Box = box is { } place ? Box(place) : null });

        return message;
    }

    /// <summary>A whole scene; a camera without an entry in <paramref name="liveness"/> counts as live and fresh.</summary>
    public static Scene Scene(Fusion.Scenes.Scene scene, IReadOnlyDictionary<string, CameraLiveness>? liveness = null)
    {
        var message = new Scene
        {
            Header = Header(scene.Time),
            Quality = new SceneQuality { Vision = Share(scene.Quality.Vision), Sound = Share(scene.Quality.Sound) },
        };
        foreach (var camera in scene.Cameras)
        {
            var state = liveness is not null && liveness.TryGetValue(camera.Name, out var known) ? known : new(TimeSpan.Zero, true);
            message.Cameras.Add(Camera(camera, state));
        }

        foreach (var seen in scene.Objects) message.Objects.Add(Track(seen));
        foreach (var sound in scene.Sounds) message.Sounds.Add(Sound(sound));
        return message;
    }

    /// <summary>The sounds of a scene.</summary>
    public static SoundArray Sounds(Fusion.Scenes.Scene scene)
    {
        var message = new SoundArray { Header = Header(scene.Time) };
        foreach (var sound in scene.Sounds) message.Sounds.Add(Sound(sound));
        return message;
    }

    /// <summary>A step in the life of a track.</summary>
    public static TrackEvent TrackEvent(string camera, SensorTime captured, in Tracking.TrackEvent happened)
    {
        var track = happened.Track;
        var seen = new SceneObject(track.Id, camera, track.Label, track.Score, track.Box, track.Colors, track.Velocity);
        return new TrackEvent
        {
            Header = Header(captured, camera),
            Kind = happened.Kind switch
            {
                TrackEventKind.New => Messages.TrackEvent.Types.Kind.New,
                TrackEventKind.Update => Messages.TrackEvent.Types.Kind.Update,
                _ => Messages.TrackEvent.Types.Kind.End,
            },
            Track = Track(seen, track.Age),
        };
    }

    /// <summary>One object.</summary>
    public static Track Track(in SceneObject seen, TimeSpan age = default)
    {
        var message = new Track
        {
            Id = seen.Id,
            Camera = seen.Camera,
            Label = seen.Label,
            Score = Share(seen.Score),
            Bbox = CenteredBox(seen.Box),
            AgeS = Math.Round(age.TotalSeconds, 3),
        };
        if (seen.Velocity is { } velocity) message.Velocity = new Vector2 { X = Length(velocity.X), Y = Length(velocity.Y) };
        if (seen.Colors is { } colors) AddColors(message, colors);
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
            Confidence = Share(answer.Confidence),
        };
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
            message.Modalities.Add(new Modality { Name = modality.Name, Quality = Share(modality.Quality), Gate = Share(modality.Gate) });
        foreach (var weight in answer.Attention) message.Attention.Add(new WordWeight { Word = weight.Word, Weight = Share(weight.Weight) });
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
            Confidence = Share(action.Confidence),
        };
        if (action.Target is { } target) message.Target = Track(target);
        if (action.Destination is { } destination) message.Destination = Track(destination);
        foreach (var avoid in action.Avoid) message.Avoid.Add(Track(avoid));
        foreach (var step in action.Steps) message.Steps.Add(Step(step));
        return message;
    }

    /// <summary>The safety level, its cause and since when.</summary>
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
    };

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

    private static Camera Camera(in CameraView camera, CameraLiveness state)
    {
        var message = new Camera
        {
            Name = camera.Name,
            Width = (uint)camera.Width,
            Height = (uint)camera.Height,
            AgeMs = Math.Round(state.Age.TotalMilliseconds, 3),
            Live = state.Live,
            Quality = Share(camera.Quality),
        };
        if (camera.HorizontalFieldOfViewDegrees is { } field) message.HfovDeg = Length(field);
        return message;
    }

    private static Sound Sound(in SceneSound sound)
    {
        var message = new Sound { Label = sound.Label, Score = Share(sound.Score) };
        if (sound.AzimuthDegrees is { } azimuth) message.AzimuthDeg = Length(azimuth);
        if (sound.AzimuthStandardDeviationDegrees is { } deviation) message.AzimuthStdDeg = Length(deviation);
        return message;
    }

    private static string TrackOf(in Detection detection, ReadOnlySpan<Tracking.Track> tracks)
    {
        const float SameObject = 0.5f;
        var (id, most) = ("", SameObject);
        foreach (var track in tracks)
        {
            var overlap = track.State == TrackState.Tracked ? track.Box.IntersectionOverUnion(detection.Box) : 0;
            if (overlap > most) (id, most) = (track.Id, overlap);
        }

        return id;
    }

    private static Detection2D Detection(string id, string label, float score, in BoundingBox box)
    {
        var message = new Detection2D { Id = id, Bbox = CenteredBox(box) };
        message.Results.Add(new ObjectHypothesis { ClassId = label, Score = Share(score) });
        return message;
    }

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

    private static void AddColors(Track message, in ColorShares colors)
    {
        for (var color = 0; color < ColorShares.Count; color++)
        {
            if (Share(colors[color]) is > 0 and var share) message.Colors.Add(ColorNames[color], share);
        }
    }

    private static Box Box(in BoundingBox box) =>
        new() { X = Length(box.X), Y = Length(box.Y), Width = Length(box.Width), Height = Length(box.Height) };

    private static BoundingBox2D CenteredBox(in BoundingBox box) => new()
    {
        Center = new Vector2 { X = Length(box.CenterX), Y = Length(box.CenterY) },
        SizeX = Length(box.Width),
        SizeY = Length(box.Height),
    };

    private static readonly string[] ColorNames =
        [.. System.Enum.GetNames<NamedColor>().Select(name => name.ToLowerInvariant())];

    private static double Share(double value) => Finite(Math.Round(value, 5));

    private static double Length(float value) => Finite(Math.Round(value, 3));

    private static double Finite(double value) => double.IsFinite(value) ? value : 0;
}
