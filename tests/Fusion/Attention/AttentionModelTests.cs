using System.Numerics;
using System.Text.Json;
using EdgePerception.Fusion.Attention;
using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Vision.Color;
using EdgePerception.Tests.Support;
using FsCheck;
using FsCheck.Xunit;

namespace EdgePerception.Fusion.Tests.Attention;

public sealed class AttentionModelTests(TrainedModel trained) : IClassFixture<TrainedModel>
{
    private readonly AttentionModel _model = trained.Model;

    public static TheoryData<int> References => [.. Enumerable.Range(0, 6)];

    [Theory]
    [MemberData(nameof(References))]
    public void Inputs_and_answers_are_those_of_the_network_in_training(int index)
    {
        var reference = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(TrainedModel.Folder, "reference.json"))).RootElement[index];
        var (scene, command) = ReadCase(reference.GetProperty("case"));
        var reading = _model.Read(scene, command)!;

        foreach (var (input, place) in _model.Model.Manifest.Inputs.Select((input, place) => (input, place)))
        {
            var expected = Tensor.Read(reference.GetProperty("inputs").GetProperty(input.Name));
            var actual = _model.Model.Input(place);
            for (var i = 0; i < expected.Values.Length; i++)
            {
                var at = expected.Place(i, actual.Shape);
                var value = actual.Elements<float>()[at];
                Assert.True(
                    Math.Abs(expected.Values[i] - value) <= Tolerance(input.Name) * Math.Max(1, Math.Abs(value)),
                    $"{input.Name}[{i}]: {expected.Values[i]} in training, {value} here");
            }
        }

        var referents = Tensor.Read(reference.GetProperty("outputs").GetProperty("referents"));
        AssertClose(Probabilities(referents, 0),
            [.. reading.Target.Objects, reading.Target.Absent, reading.Target.Several, reading.Target.NotAsked]);
        AssertClose(
            Probabilities(referents, 1),
            [.. reading.Destination.Objects, reading.Destination.Absent, reading.Destination.Several,
                reading.Destination.NotAsked]);
        AssertClose(Probabilities(referents, 2),
            [.. reading.Avoid.Objects, reading.Avoid.Absent, reading.Avoid.Several, reading.Avoid.NotAsked]);
        AssertClose(Probabilities(Tensor.Read(reference.GetProperty("outputs").GetProperty("intent")), 0),
            [.. reading.Intents]);
        AssertClose(Tensor.Read(reference.GetProperty("outputs").GetProperty("gates")).Values,
            [reading.Gates.Words, reading.Gates.Vision, reading.Gates.Sound]);
        AssertClose(Tensor.Read(reference.GetProperty("outputs").GetProperty("attention")).Values,
            [.. reading.Attention.Cast<float>()]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  … ")]
    public void A_command_without_words_is_not_read(string command) =>
        Assert.Null(_model.Read(Table(), command.Replace("…", "-")));

    [Fact]
    public void A_command_of_too_many_words_is_not_read() =>
        Assert.Null(_model.Read(Table(), string.Join(' ', Enumerable.Repeat("cup", AttentionModel.MaxWords + 1))));

    [Fact]
    public void An_empty_scene_has_no_object_to_mean()
    {
        var reading = _model.Read(new Scene(), "take the cup")!;
        Assert.Empty(reading.Objects);
        Assert.Equal(1, reading.Target.Absent + reading.Target.Several + reading.Target.NotAsked, 4);
    }

    [Fact]
    public void Of_a_crowd_those_with_the_highest_scores_are_shown()
    {
        var scene = new Scene();
        scene.Cameras.Add(new CameraView("front", 640, 480, 70));
        for (var i = 0; i < 300; i++)
            scene.Objects.Add(
                new SceneObject(
                    $"{i}", "front", "person", i < 200 ? 0.3f : 0.9f, new BoundingBox(i, 10, 20, 40), null, null));
        var reading = _model.Read(scene, "go to the person on the left")!;
        Assert.Equal(AttentionModel.MaxObjects, reading.Objects.Count);
        Assert.Contains("299", reading.Objects);
        Assert.Contains("0", reading.Objects);
        Assert.DoesNotContain("199", reading.Objects);
    }

    [Fact]
    public void A_score_that_is_no_number_counts_as_the_usual_one_in_a_crowd()
    {
        var scene = new Scene();
        scene.Cameras.Add(new CameraView("front", 640, 480, 70));
        for (var i = 0; i < 2 * AttentionModel.MaxObjects; i++)
        {
            var score = i switch { 0 => float.NaN, 1 => float.PositiveInfinity, _ => 0.5f };
            scene.Objects.Add(
                new SceneObject($"{i}", "front", "person", score, new BoundingBox(i, 10, 20, 40), null, null));
        }

        Assert.Equal(["0", "1", "2"], _model.Read(scene, "go to the person")!.Objects.Take(3));
        Assert.Equal(0.7f, _model.Model.Input(2).Elements<float>()[9]);
    }

    [Fact]
    public void Of_many_sounds_those_with_the_highest_scores_are_told_and_quiet_is_none()
    {
        var scene = Table();
        scene.Sounds.Add(new SceneSound(" Quiet", 1, null, null));
        for (var i = 0; i < 20; i++) scene.Sounds.Add(new SceneSound($"sound {i}", i / 20f, null, null));
        var expected =
            Enumerable.Range(20 - AttentionModel.MaxSounds, AttentionModel.MaxSounds).Select(i => $"sound {i}");
        Assert.Equal(expected, _model.Read(scene, "take the cup")!.Sounds);
    }

    [Fact]
    public void Objects_that_cannot_be_are_not_shown()
    {
        var scene = Table();
        scene.Objects.Insert(1, scene.Objects[0] with { Id = "nan", Box = new BoundingBox(0, float.NaN, 10, 10) });
        scene.Objects.Insert(
            2, scene.Objects[0] with { Id = "wide", Box = new BoundingBox(0, 0, float.PositiveInfinity, 10) });
        Assert.Equal(["a", "b", "c"], _model.Read(scene, "take the cup")!.Objects);
    }

    [Fact]
    public void Each_object_is_placed_in_the_picture_of_its_own_camera()
    {
        var scene = new Scene();
        scene.Cameras.Add(new CameraView("wide", 1000, 500, 90));
        scene.Cameras.Add(new CameraView("narrow", 200, 400, 30));
        scene.Cameras.Add(new CameraView("blind", 200, 200, null));
        foreach (var camera in scene.Cameras)
            scene.Objects.Add(
                new SceneObject(camera.Name, camera.Name, "cup", 0.5f,
                    new BoundingBox(camera.Width - 20, 0, 40, camera.Height), null, null));
        _model.Read(scene, "take the cup");
        var values = _model.Model.Input(2).Elements<float>();
        float[] widths = [0.04f, 0.2f, 0.2f], azimuths = [45, 15, 0], aspects = [0.5f, 2, 1];
        for (var i = 0; i < 3; i++)
        {
            var region = values.Slice(i * 29, 29);
            Assert.Equal(0.5f, region[0], 5);
            Assert.Equal(widths[i], region[2], 5);
            Assert.Equal(MathF.Sin(azimuths[i] * MathF.PI / 180), region[10], 5);
            Assert.Equal(i < 2 ? MathF.Cos(azimuths[i] * MathF.PI / 180) : 0, region[11], 5);
            Assert.Equal(aspects[i], region[28], 5);
        }
    }

    [Fact]
    public void What_was_read_before_leaves_no_trace()
    {
        var (crowd, command) = RandomScenes.Draw(1, mostObjects: 60, mostSounds: 12);
        var before = _model.Read(Table(), "take the red cup")!;
        _model.Read(crowd, command + " and " + command);
        var after = _model.Read(Table(), "take the red cup")!;
        Assert.Equal(before.Target.Objects, after.Target.Objects);
        Assert.Equal(before.Intents, after.Intents);
        Assert.Equal(before.Attention, after.Attention);
    }

    [Fact]
    public void A_reading_allocates_nothing_but_itself()
    {
        var (scene, command) = RandomScenes.Draw(1, mostObjects: 60, mostSounds: 12);
        var reading = _model.Read(scene, command)!;
        var itself = Allocations.Least(() => Copy(reading));
        // The list of words grows to their number in steps.
        Assert.InRange(Allocations.Least(() => _model.Read(scene, command)), 1, itself + 256);
    }

    [Property(MaxTest = 60, Replay = "17,31")]
    public bool Whatever_a_scene_holds_answers_are_probabilities(
        float[] numbers, NonNull<string> label, NonNull<string> command)
    {
        var scene = Table();
        scene.Quality = new ModalityQuality(At(0), At(1));
        var colors = new ColorShares();
        for (var i = 0; i < ColorShares.Count; i++) colors[i] = At(i);
        scene.Objects.Add(
            new SceneObject("x", "front", label.Get, At(2), new BoundingBox(At(3), At(4), At(5), At(6)), colors,
                new Vector2(At(7), At(8))));
        scene.Sounds.Add(new SceneSound(label.Get, At(9), At(10), At(11)));
        return _model.Read(scene, command.Get) is not { } reading
            || new[] { reading.Target, reading.Destination, reading.Avoid }.All(role =>
                role.Objects.All(float.IsFinite)
                    && Math.Abs(role.Objects.Sum() + role.Absent + role.Several + role.NotAsked - 1) < 1e-3);

        float At(int place) => numbers.Length == 0 ? float.NaN : numbers[place % numbers.Length];
    }

    // Training keeps the meanings of names in half precision.
    private static float Tolerance(string input) =>
        input is "words" || input.EndsWith("_names", StringComparison.Ordinal) ? 5e-4f : 2e-6f;

    private static AttentionReading Copy(AttentionReading reading) => reading with
    {
        Words = ((List<string>)reading.Words).ConvertAll(word => new string(word)),
        Objects = reading.Objects.ToList(),
        Sounds = reading.Sounds.ToList(),
        Target = reading.Target with { Objects = reading.Target.Objects.ToArray() },
        Destination = reading.Destination with { Objects = reading.Destination.Objects.ToArray() },
        Avoid = reading.Avoid with { Objects = reading.Avoid.Objects.ToArray() },
        Intents = reading.Intents.ToArray(),
        Attention = (float[,])reading.Attention.Clone(),
    };

    private static Scene Table()
    {
        var scene = new Scene();
        scene.Cameras.Add(new CameraView("front", 640, 480, 70));
        scene.Objects.Add(Object("a", "cup", 100, NamedColor.Red));
        scene.Objects.Add(Object("b", "cup", 400, NamedColor.Red));
        scene.Objects.Add(Object("c", "bottle", 250, NamedColor.Green));
        return scene;
    }

    private static SceneObject Object(string id, string label, float x, NamedColor color)
    {
        var colors = new ColorShares();
        colors[color] = 0.8f;
        return new SceneObject(id, "front", label, 0.8f, new BoundingBox(x, 200, 60, 80), colors, Vector2.Zero);
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-4, $"place {i}: {expected[i]} and {actual[i]}");
    }

    private static float[] Probabilities(Tensor logits, int role)
    {
        var length = logits.Shape[^1];
        var row = logits.Values.AsSpan(role * length, length).ToArray();
        var largest = row.Max();
        var exponentials = row.Select(value => MathF.Exp(value - largest)).ToArray();
        return [.. exponentials.Select(value => value / exponentials.Sum())];
    }

    private static (Scene Scene, string Command) ReadCase(JsonElement json)
    {
        var scene = new Scene
        {
            Quality = new ModalityQuality(
                Number(json.GetProperty("quality"), "vision"), Number(json.GetProperty("quality"), "sound")),
        };
        var image = json.GetProperty("image");
        scene.Cameras.Add(
            new CameraView("camera", (int)Number(image, "width"), (int)Number(image, "height"),
                Number(json.GetProperty("camera"), "hfovDeg")));
        foreach (var item in json.GetProperty("objects").EnumerateArray())
        {
            var (box, velocity, colors) = (item.GetProperty("box"), item.GetProperty("velocity"), new ColorShares());
            foreach (var share in item.GetProperty("colors").EnumerateObject())
                colors[Enum.Parse<NamedColor>(share.Name, ignoreCase: true)] = share.Value.GetSingle();
            scene.Objects.Add(
                new SceneObject(item.GetProperty("id").GetString()!, "camera", item.GetProperty("label").GetString()!,
                    Number(item, "score"),
                new BoundingBox(Number(box, "x"), Number(box, "y"), Number(box, "width"), Number(box, "height")),
                colors, new Vector2(Number(velocity, "x"), Number(velocity, "y"))));
        }

        foreach (var sound in json.GetProperty("sounds").EnumerateArray())
        {
            float? spread = sound.TryGetProperty("azimuthStdDeg", out var given) ? given.GetSingle() : null;
            scene.Sounds.Add(
                new SceneSound(sound.GetProperty("label").GetString()!, Number(sound, "score"),
                    Number(sound, "azimuthDeg"), spread));
        }

        return (scene, json.GetProperty("command").GetString()!);
    }

    private static float Number(JsonElement json, string name) => json.GetProperty(name).GetSingle();

    private sealed record Tensor(int[] Shape, float[] Values)
    {
        public static Tensor Read(JsonElement json) => new(
            [.. json.GetProperty("shape").EnumerateArray().Select(length => length.GetInt32())],
            [.. json.GetProperty("values").EnumerateArray().Select(value => value.GetSingle())]);

        /// <summary>Where the i-th value lies in a tensor whose token axis may be longer.</summary>
        public int Place(int i, ReadOnlySpan<int> longer) =>
            Shape.Length < 3 ? i : i / Shape[2] % Shape[1] * longer[2] + i % Shape[2];
    }
}
