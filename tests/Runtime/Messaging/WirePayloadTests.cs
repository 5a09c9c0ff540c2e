using System.Text.Json;
using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Vision.Color;
using EdgePerception.Policy.Actions;
using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Language;
using EdgePerception.Runtime.Messaging.Encoding;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Sensors.Time;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Answer = EdgePerception.Policy.Grounding.GroundingAnswer;
using DomainScene = EdgePerception.Fusion.Scenes.Scene;
using Wire = EdgePerception.Runtime.Messaging.Messages;

namespace EdgePerception.Runtime.Tests.Messaging;

/// <summary>What others compile against: the bytes and the JSON of every message, as approved files.</summary>
public sealed class WirePayloadTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly SensorTime Captured = new(
        TimeSpan.FromSeconds(1234.5), new DateTimeOffset(2026, 5, 4, 12, 0, 0, 123, TimeSpan.Zero));

    public static TheoryData<string> Names => [.. Messages().Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_json_of_a_message_is_as_approved(string name) =>
        ApprovedPayloads.Check($"{name}.json", Pretty(JsonEncoding.ToText(Messages()[name])));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_protobuf_of_a_message_is_as_approved(string name) =>
        ApprovedPayloads.Check($"{name}.hex", Hex(Encode(Messages()[name], MessageEncoding.Protobuf)));

    [Theory]
    [MemberData(nameof(Names))]
    public void Json_from_the_transport_is_the_command_lines_and_can_be_read_back(string name)
    {
        var message = Messages()[name];
        var json = System.Text.Encoding.UTF8.GetString(Encode(message, MessageEncoding.Json));
        Assert.Equal(JsonEncoding.ToText(message), json);
        Assert.DoesNotContain('\n', json);
        Assert.Equal(message, JsonParser.Default.Parse(json, message.Descriptor));
    }

    [Fact]
    public void The_header_is_as_approved()
    {
        var header = new byte[EnvelopeHeader.Size];
        EnvelopeHeader.Write(header, new MessageStamp(42, 1_777_896_000_123_000_000, 1_777_896_000_140_250_000));
        ApprovedPayloads.Check("zeromq-header.hex", Hex(header));
    }

    [Fact]
    public void Default_values_are_written_and_what_is_not_set_is_left_out()
    {
        using var json = JsonDocument.Parse(JsonEncoding.ToText(new Wire.GroundingAnswer { Id = "a" }));
        var root = json.RootElement;
        Assert.Equal("refuse", root.GetProperty("outcome").GetString());
        Assert.Equal("none", root.GetProperty("action").GetString());
        Assert.Equal("rules", root.GetProperty("method").GetString());
        string[] lists = ["candidates", "modalities", "plausible", "attention", "constraints", "unread"];
        foreach (var empty in lists) Assert.Equal(0, root.GetProperty(empty).GetArrayLength());
        foreach (var left in new[] { "target", "destination", "confidence", "question", "reason" })
            Assert.False(root.TryGetProperty(left, out _));
    }

    [Fact]
    public void Every_enum_value_of_the_schema_is_lower_case_and_no_field_has_64_bits()
    {
        var file = EdgePerceptionReflection.Descriptor;
        var types = file.MessageTypes.SelectMany(type => type.NestedTypes.Prepend(type))
            .SelectMany(type => type.NestedTypes.Prepend(type)).ToList();
        var enums = file.EnumTypes.Concat(types.SelectMany(type => type.EnumTypes));
        Assert.All(enums.SelectMany(type => type.Values), value => Assert.Matches("^[a-z_]+$", value.Name));
        Assert.DoesNotContain(types.SelectMany(type => type.Fields.InDeclarationOrder()),
            field => field.FieldType.ToString().Contains("64", StringComparison.Ordinal));
    }

    [Fact]
    public void Figures_that_are_not_finite_never_reach_the_wire()
    {
        var list = ToMessage.DetectionList([("cup", float.NaN, new BoundingBox(float.PositiveInfinity, 1, 2, 3))]);
        Assert.Equal(
            """{ "detections": [ { "label": "cup", "score": 0, "box": { "x": 0, "y": 1, "width": 2, "height": 3 } } ] }""", JsonEncoding.ToText(list));
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(16.1, 16.1)]
    [InlineData(3 * 0.0254, 0.077)]
    [InlineData(0.3 + 1e-12, 0.3)]
    [InlineData(0.00001, 0.001)]
    [InlineData(99_999_999_000, 99_999_999_000)]
    [InlineData(double.PositiveInfinity, double.MaxValue)]
    [InlineData(double.MaxValue, double.MaxValue)]
    [InlineData(double.NaN, double.MaxValue)]
    public void A_distance_is_told_in_whole_millimetres_and_never_shorter(double said, double told)
    {
        var constraint = Assert.Single(
            ToMessage.GroundingAnswer(
                Grounded() with { Distances = [new KeepDistance("front-8", said)] }).Constraints);
        Assert.Equal((Wire.Constraint.Types.Kind.KeepDistance, "front-8", told),
            (constraint.Kind, constraint.Object, constraint.Metres));
    }

    [Fact]
    public void A_reader_takes_a_kind_of_constraint_that_is_not_known_for_unknown_by_name_and_by_default()
    {
        Assert.Equal(Wire.Constraint.Types.Kind.Unknown, new Wire.Constraint().Kind);
        var later = Wire.Constraint.Parser.ParseFrom([0x08, 99, 0x12, 1, (byte)'d']);
        Assert.False(System.Enum.IsDefined(later.Kind));
        Assert.Equal(("d", false), (later.Object, later.HasMetres));
    }

    [Fact]
    public void Every_action_of_the_policy_has_its_name_on_the_wire()
    {
        var names =
            System.Enum.GetValues<RobotActionKind>()
                .Select(action => JsonEncoding.ToText(new Step { Action = ToMessage.Action(action) }));
        string[] expected = ["none", "pick", "bring", "place", "go_to", "follow", "look_at", "avoid", "report", "stop",
            "resume"];
        Assert.Equal(expected.Select(name => $$"""{ "action": "{{name}}" }"""), names);
    }

    [Fact]
    public void Every_method_of_grounding_has_its_name_on_the_wire() => Assert.Equal(
        ["combined", "network", "rules"],
        System.Enum.GetValues<Policy.Grounding.GroundingMethod>().Select(method => JsonElement
            .Parse(JsonEncoding.ToText(ToMessage.GroundingAnswer(Grounded() with { Method = method })))
            .GetProperty("method").GetString()));

    private static Dictionary<string, IMessage> Messages()
    {
        var header = ToMessage.Header(Captured, "front");
        (header.Sequence, header.PublishedAt) = (42, Timestamp.FromDateTimeOffset(Captured.Utc.AddMilliseconds(17)));
        var scene = new SceneMessages().Scene(
            Scene(), new Dictionary<string, CameraLiveness> { ["front"] = new(TimeSpan.FromMilliseconds(12.5), true) });
        var track = scene.Objects[0];
        return new Dictionary<string, IMessage>
        {
            ["detections"] = new Detection2DArray
            {
                Header = header,
                Detections = { new Detection2D
                {
                    Id = "front-7", Bbox = track.Bbox,
                    Results = { new ObjectHypothesis { ClassId = "cup", Score = 0.9 } },
                } },
            },
            ["track-event"] = new TrackEvent { Header = header, Kind = TrackEvent.Types.Kind.Update, Track = track },
            ["scene"] = scene,
            ["sounds"] = ToMessage.Sounds(Scene()),
            ["grounding-answer"] = ToMessage.GroundingAnswer(Grounded()),
            ["grounding-question"] = ToMessage.GroundingAnswer(Asked()),
            ["grounding-refusal"] = new Wire.GroundingAnswer { Id = "ui-8", Reason = "the command is empty" },
            ["detection-list"] = ToMessage.DetectionList(
                [("sports ball", 0.3f, new BoundingBox(1.25f, 2.5f, 30.1f, 40))]),
            ["action"] = new Wire.Action
            {
                Header = header,
                Id = "a-1",
                CommandId = "ui-7",
                Action_ = ActionKind.Bring,
                Target = track,
                Confidence = 0.93,
                ExpiresAt = Timestamp.FromDateTimeOffset(Captured.Utc.AddSeconds(5)),
                RemainingMs = 4983,
                Steps = { new Step { Action = ActionKind.Bring, Target = "front-7" } },
            },
            ["action-with-distance"] = ToMessage.Action(
                Avoiding(), Captured, Captured with { Utc = Captured.Utc.AddSeconds(5) }),
            ["command-state"] = new CommandState
            {
                Header = header,
                Id = "ui-7",
                State = CommandState.Types.State.Failed,
                Reason = "its controller arm was lost: its connection is gone",
                Door = "controller",
                Who = "arm",
                ActionId = "a-1",
            },
            ["safety"] = new Safety
            {
                Header = header,
                Level = Safety.Types.Level.Halt,
                Cause = "stop was said",
                Since = Timestamp.FromDateTimeOffset(Captured.Utc),
            },
            ["health"] = new Health
            {
                Header = header,
                Status = Health.Types.Status.Degraded,
                Components = { new Health.Types.Component
                {
                    Name = "camera front", Status = Health.Types.Status.Failed, Detail = "no frame for 2.1 s",
                } },
            },
            ["stats"] = new Stats
            {
                Header = header,
                UptimeS = 12.5,
                FramesPerSecond = 9.8,
                LatencyP50Ms = 41,
                LatencyP99Ms = 63.5,
                Tracks = 3,
                Counters = { ["edge_perception.messaging.dropped{transport=mqtt,reason=queue_full}"] = 2 },
            },
            ["command"] = new Command
            {
                Id = "ui-7",
                Text = "bring me the red cup",
                IssuedAt = Timestamp.FromDateTimeOffset(Captured.Utc),
                TtlMs = 5000,
            },
            ["controller-register"] = new ControllerMessage { Register = new() { Name = "arm" } },
            ["controller-acknowledge"] = new ControllerMessage
            {
                Acknowledge = new() { ActionId = "a-1", Accepted = true },
            },
            ["controller-progress"] = new ControllerMessage
            {
                Progress = new()
                {
                    ActionId = "a-1",
                    State = ControllerMessage.Types.Progress.Types.State.Running,
                    Fraction = 0.5,
                    Detail = "half way",
                },
            },
            ["delivery-registered"] = new ControllerDelivery { Registered = new() { Name = "arm", Device = "robot" } },
            ["delivery-rejected"] = new ControllerDelivery { Rejected = new() { Reason = "register first" } },
        };
    }

    private static DomainScene Scene()
    {
        var colors = default(ColorShares);
        (colors[NamedColor.Red], colors[NamedColor.White]) = (0.7f, 0.2f);
        return new DomainScene
        {
            Time = Captured,
            Sequence = 42,
            Quality = new ModalityQuality(0.61f, 1),
            Cameras = { new CameraView("front", 640, 480, 62.2f),
                new CameraView("rear", 320, 240, null) { Quality = 0.22f } },
            Objects =
            {
                new SceneObject("front-7", "front", "cup", 0.9f, new BoundingBox(100.1f, 50, 40, 60), colors,
                    new System.Numerics.Vector2(-3.5f, 0)),
                new SceneObject("front-8", "front", "sports ball", 0.31f, new BoundingBox(0, 0, 10, 10), null, null),
            },
            Sounds = { new SceneSound("beep", 0.8f, -12.5f, 4), new SceneSound("water", 0.4f, null, null) },
        };
    }

    private static Answer Grounded() => new()
    {
        Id = "ui-7",
        Outcome = GroundingOutcome.Act,
        Action = RobotActionKind.Bring,
        Target = "front-7",
        Avoid = ["front-8"],
        Distances = [new KeepDistance("front-8", 1.5)],
        Steps = [new ActionStep(RobotActionKind.Bring, "front-7", null)],
        Confidence = 0.93,
        Candidates = [new("front-7", "cup", 0.93, new BoundingBox(100.1f, 50, 40, 60))],
        Clauses = [new("red", true, "70 % of it is red")],
        Method = Policy.Grounding.GroundingMethod.Combined,
        Modalities = [new("words", 1, 0.9312345), new("vision", 0.8, 0.75), new("sound", 1, 0.1)],
        Plausible = ["front-7", "several"],
        Attention = [new("bring", 0.08), new("the", double.NaN), new("red", 0.61), new("cup", 0.25)],
    };

    private static Answer Asked() => new()
    {
        Id = "ui-9",
        Outcome = GroundingOutcome.Clarify,
        Action = RobotActionKind.Bring,
        Unread = [new("tomorrow", 18..26), new("of the wug", 30..40)],
        Question = "I did not understand \"tomorrow\" and \"of the wug\". Say it without that, or in other words.",
        Reason = "the command holds words that were not understood",
    };

    private static RobotAction Avoiding() => new()
    {
        Id = "a-2",
        CommandId = "ui-9",
        Kind = RobotActionKind.Avoid,
        Avoid = [.. Scene().Objects],
        Distances = [new KeepDistance("front-8", 12 * 0.0254)],
        Steps = [new ActionStep(RobotActionKind.Avoid, null, null)],
        Confidence = 0.9,
        ExpiresAt = TimeSpan.FromSeconds(1239.5),
    };

    private static byte[] Encode(IMessage message, MessageEncoding encoding)
    {
        using var encoded = new EncodedMessage();
        encoded.Encode(message);
        return encoded.As(encoding).ToArray();
    }

    private static string Pretty(string json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonSerializer.Serialize(document, Indented);
    }

    private static string Hex(byte[] bytes) =>
        string.Join(
            '\n', bytes.Chunk(16)
                .Select(row =>
                    string.Join(' ',
                        row.Select(value => value.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)))));
}
