using System.Numerics;
using System.Text.Json;
using EdgePerception.Fusion.Attention;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Vision;
using FsCheck;
using FsCheck.Xunit;

namespace EdgePerception.Fusion.Tests.Attention;

public sealed class AttentionModelTests : IDisposable
{
    private readonly AttentionModel _model = TrainedModels.Load();

    public static TheoryData<int> References => [.. Enumerable.Range(0, 6)];

    public void Dispose() => _model.Dispose();

    [Theory]
    [MemberData(nameof(References))]
    public void Inputs_and_answers_are_those_of_the_network_in_training(int index)
    {
        var reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(TrainedModels.Folder, "reference.json"))).RootElement[index];
        var (scene, command) = ReadCase(reference.GetProperty("case"));
        var reading = _model.Read(scene, command)!;

        foreach (var (input, place) in _model.Model.Manifest.Inputs.Select((input, place) => (input, place)))
        {
            var expected = Tensor.Read(reference.GetProperty("inputs").GetProperty(input.Name));
            var actual = _model.Model.Input(place);
            for (var i = 0; i < expected.Values.Length; i++)
            {
                var at = expected.Place(i, actual.Shape);
                var value = input.Type == TensorType.Int32 ? actual.Elements<int>()[at] : actual.Elements<float>()[at];
                Assert.True(Math.Abs(expected.Values[i] - value) <= 2e-6 * Math.Max(1, Math.Abs(value)), $"{input.Name}[{i}]: {expected.Values[i]} in training, {value} here");
            }
        }

        var referents = Tensor.Read(reference.GetProperty("outputs").GetProperty("referents"));
        AssertClose(Probabilities(referents, 0), [.. reading.Target.Objects, reading.Target.Absent, reading.Target.Several, reading.Target.NotAsked]);
        AssertClose(Probabilities(referents, 1), [.. reading.Destination.Objects, reading.Destination.Absent, reading.Destination.Several, reading.Destination.NotAsked]);
        AssertClose(Probabilities(referents, 2), [.. reading.Avoid.Objects, reading.Avoid.Absent, reading.Avoid.Several, reading.Avoid.NotAsked]);
        AssertClose(Probabilities(Tensor.Read(reference.GetProperty("outputs").GetProperty("intent")), 0), [.. reading.Intents]);
        AssertClose(Tensor.Read(reference.GetProperty("outputs").GetProperty("gates")).Values, [reading.Gates.Words, reading.Gates.Vision, reading.Gates.Sound]);
        AssertClose(Tensor.Read(reference.GetProperty("outputs").GetProperty("attention")).Values, [.. reading.Attention.Cast<float>()]);
    }

    [Fact]
    public void A_sound_of_no_quality_is_the_same_as_no_sound()
    {
        var scene = Table();
        scene.Sounds.Add(new SceneSound("beep", 0.9f, -20, 5));
        scene.Quality = new ModalityQuality(1, 0);
        var shut = _model.Read(scene, "take the cup that is beeping")!;
        scene.Sounds.Clear();
        scene.Quality = ModalityQuality.Full;
        var absent = _model.Read(scene, "take the cup that is beeping")!;
        AssertSame(shut.Target, absent.Target);
        Assert.Equal(0, shut.Gates.Sound);
    }

    [Fact]
    public void Sight_of_no_quality_shows_no_object()
    {
        var scene = Table();
        scene.Quality = new ModalityQuality(0, 1);
        var shut = _model.Read(scene, "take the red cup")!;
        Assert.All(shut.Target.Objects, probability => Assert.True(probability < 1e-3));
        Assert.Equal(0, shut.Gates.Vision);
    }

    [Fact]
    public void The_order_of_objects_and_their_ids_do_not_matter()
    {
        var scene = Table();
        var first = _model.Read(scene, "take the red cup left of the bottle")!;
        scene.Objects.Reverse();
        var turned = _model.Read(scene, "take the red cup left of the bottle")!;
        AssertClose([.. first.Target.Objects], [.. turned.Target.Objects.Reverse()]);
        Assert.Equal(first.Objects.Reverse(), turned.Objects);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  … ")]
    public void A_command_without_words_is_not_read(string command) => Assert.Null(_model.Read(Table(), command.Replace("…", "-")));

    [Fact]
    public void A_command_of_too_many_words_is_not_read() =>
        Assert.Null(_model.Read(Table(), string.Join(' ', Enumerable.Repeat("cup", AttentionModel.MostWords + 1))));

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
        for (var i = 0; i < 300; i++) scene.Objects.Add(new SceneObject($"{i}", "front", "person", i < 200 ? 0.3f : 0.9f, new BoundingBox(i, 10, 20, 40), null, null));
        var reading = _model.Read(scene, "go to the person on the left")!;
        Assert.Equal(AttentionModel.MostObjects, reading.Objects.Count);
        Assert.Contains("299", reading.Objects);
        Assert.Contains("0", reading.Objects);
        Assert.DoesNotContain("199", reading.Objects);
    }

    [Property(MaxTest = 60)]
    public bool Whatever_a_scene_holds_answers_are_probabilities(float[] numbers, NonNull<string> label, NonNull<string> command)
    {
        var scene = Table();
        scene.Quality = new ModalityQuality(At(0), At(1));
        var colors = new ColorShares();
        for (var i = 0; i < ColorShares.Count; i++) colors[i] = At(i);
        scene.Objects.Add(new SceneObject("x", "front", label.Get, At(2), new BoundingBox(At(3), At(4), At(5), At(6)), colors, new Vector2(At(7), At(8))));
        scene.Sounds.Add(new SceneSound(label.Get, At(9), At(10), At(11)));
        return _model.Read(scene, command.Get) is not { } reading
            || new[] { reading.Target, reading.Destination, reading.Avoid }.All(role =>
                role.Objects.All(float.IsFinite) && Math.Abs(role.Objects.Sum() + role.Absent + role.Several + role.NotAsked - 1) < 1e-3);

        float At(int place) => numbers.Length == 0 ? float.NaN : numbers[place % numbers.Length];
    }

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

    private static void AssertSame(RoleReading a, RoleReading b) =>
        AssertClose([.. a.Objects, a.Absent, a.Several, a.NotAsked], [.. b.Objects, b.Absent, b.Several, b.NotAsked]);

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.True(Math.Abs(expected[i] - actual[i]) < 2e-4, $"place {i}: {expected[i]} and {actual[i]}");
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
        var scene = new Scene { Quality = new ModalityQuality(Number(json.GetProperty("quality"), "vision"), Number(json.GetProperty("quality"), "sound")) };
        var image = json.GetProperty("image");
        scene.Cameras.Add(new CameraView("camera", (int)Number(image, "width"), (int)Number(image, "height"), Number(json.GetProperty("camera"), "hfovDeg")));
        foreach (var item in json.GetProperty("objects").EnumerateArray())
        {
            var (box, velocity, colors) = (item.GetProperty("box"), item.GetProperty("velocity"), new ColorShares());
            foreach (var share in item.GetProperty("colors").EnumerateObject()) colors[Enum.Parse<NamedColor>(share.Name, ignoreCase: true)] = share.Value.GetSingle();
            scene.Objects.Add(new SceneObject(item.GetProperty("id").GetString()!, "camera", item.GetProperty("label").GetString()!, Number(item, "score"),
                new BoundingBox(Number(box, "x"), Number(box, "y"), Number(box, "width"), Number(box, "height")), colors, new Vector2(Number(velocity, "x"), Number(velocity, "y"))));
        }

        foreach (var sound in json.GetProperty("sounds").EnumerateArray())
        {
            float? spread = sound.TryGetProperty("azimuthStdDeg", out var given) ? given.GetSingle() : null;
            scene.Sounds.Add(new SceneSound(sound.GetProperty("label").GetString()!, Number(sound, "score"), Number(sound, "azimuthDeg"), spread));
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
        public int Place(int i, ReadOnlySpan<int> longer) => Shape.Length < 3 ? i : i / Shape[2] % Shape[1] * longer[2] + i % Shape[2];
    }
}
