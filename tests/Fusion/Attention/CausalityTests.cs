using EdgePerception.Fusion.Attention;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Scenes;
using FsCheck.Xunit;

namespace EdgePerception.Fusion.Tests.Attention;

/// <summary>What must hold whatever the weights are: what is shut, absent or mere padding has no say.</summary>
public sealed class CausalityTests(TrainedModel trained) : IClassFixture<TrainedModel>
{
    private const float Tolerance = 1e-4f;
    private readonly AttentionModel _model = trained.Model;

    [Property(MaxTest = 40, Replay = "17,31")]
    public void Hearing_of_no_quality_is_the_same_as_silence(int seed)
    {
        var (scene, command) = RandomScenes.Draw(seed);
        scene.Quality = new ModalityQuality(1, 0);
        var shut = _model.Read(scene, command)!;
        scene.Sounds.Clear();
        scene.Quality = ModalityQuality.Full;
        var absent = _model.Read(scene, command)!;
        AssertClose(Values(absent), Values(shut));
        Assert.Equal(0, shut.Gates.Sound);
    }

    [Property(MaxTest = 40, Replay = "17,31")]
    public void Sight_of_no_quality_is_the_same_as_an_empty_scene(int seed)
    {
        var (scene, command) = RandomScenes.Draw(seed);
        scene.Quality = new ModalityQuality(0, 1);
        var shut = _model.Read(scene, command)!;
        scene.Objects.Clear();
        scene.Quality = ModalityQuality.Full;
        var absent = _model.Read(scene, command)!;
        AssertClose(Slots(absent), Slots(shut));
        Assert.All(
            Roles(shut).SelectMany(role => role.Objects), probability => Assert.InRange(probability, 0, Tolerance));
        Assert.Equal(0, shut.Gates.Vision);
    }

    [Property(MaxTest = 40, Replay = "17,31")]
    public void Words_of_no_quality_are_the_same_as_no_words(int seed)
    {
        var (scene, command) = RandomScenes.Draw(seed);
        _model.Read(scene, command);
        _model.Model.Input(8).Elements<float>()[0] = 0;
        _model.Model.Run();
        var shut = Outputs();
        Assert.Equal(0, _model.Model.Output(2).Floats()[0]);
        _model.Model.Input(0).Bytes.Clear();
        _model.Model.Input(5).Bytes.Clear();
        _model.Model.Input(8).Elements<float>()[0] = 1;
        _model.Model.Run();
        AssertClose(Outputs(), shut);
    }

    [Property(MaxTest = 40, Replay = "17,31")]
    public void The_order_of_objects_and_sounds_does_not_matter(int seed)
    {
        var (scene, command) = RandomScenes.Draw(seed);
        var first = _model.Read(scene, command)!;
        var places = Enumerable.Range(0, scene.Objects.Count).ToArray();
        new Random(seed).Shuffle(places);
        var objects = scene.Objects.ToList();
        for (var i = 0; i < places.Length; i++) scene.Objects[i] = objects[places[i]];
        scene.Sounds.Reverse();
        var turned = _model.Read(scene, command)!;
        Assert.Equal(places.Select(place => first.Objects[place]), turned.Objects);
        foreach (var (a, b) in Roles(first).Zip(Roles(turned)))
            AssertClose([.. places.Select(place => a.Objects[place]), a.Absent, a.Several, a.NotAsked],
                [.. b.Objects, b.Absent, b.Several, b.NotAsked]);
        AssertClose([.. first.Intents], [.. turned.Intents]);
    }

    [Property(MaxTest = 20, Replay = "17,31")]
    public void Padding_changes_nothing(int seed)
    {
        var (scene, command) = RandomScenes.Draw(seed);
        var reading = _model.Read(scene, command)!;
        var model = _model.Model;
        var random = new Random(seed);
        Lengthen(model.Input(0), AttentionModel.MaxWords, random);
        Lengthen(model.Input(1), AttentionModel.MaxObjects, random);
        Lengthen(model.Input(2), AttentionModel.MaxObjects, random);
        // Zeros, as readings have them: the gates look at the names of sounds behind their mask, too.
        Lengthen(model.Input(3), AttentionModel.MaxSounds);
        Lengthen(model.Input(4), AttentionModel.MaxSounds, random);
        Lengthen(model.Input(5), AttentionModel.MaxWords);
        Lengthen(model.Input(6), AttentionModel.MaxObjects);
        Lengthen(model.Input(7), AttentionModel.MaxSounds);
        model.Output(0).Resize(1, 3, AttentionModel.MaxObjects + 3);
        model.Output(3).Resize(1, AttentionModel.MaxObjects, AttentionModel.MaxWords);
        model.Run();

        var (intents, scores) = (new float[reading.Intents.Count], new float[AttentionModel.MaxObjects + 3]);
        Softmax(model.Output(1).Floats(), intents);
        AssertClose([.. reading.Intents], intents);
        foreach (var (role, index) in Roles(reading).Select((role, index) => (role, index)))
        {
            Softmax(model.Output(0).Floats().Slice(index * scores.Length, scores.Length), scores);
            AssertClose([.. role.Objects], scores[..role.Objects.Count]);
            AssertClose([role.Absent, role.Several, role.NotAsked], scores[^3..]);
        }

        var attention = model.Output(3).Floats();
        for (var i = 0; i < reading.Objects.Count; i++)
            for (var j = 0; j < reading.Words.Count; j++)
                Assert.Equal(reading.Attention[i, j], attention[i * AttentionModel.MaxWords + j], Tolerance);
    }

    private static void Lengthen(BoundTensor tensor, int tokens, Random? noise = null)
    {
        var (before, shape) = (tensor.Bytes.ToArray(), tensor.Shape.ToArray());
        shape[1] = tokens;
        tensor.Resize(shape);
        var bytes = tensor.Bytes;
        bytes.Clear();
        if (noise is not null)
            foreach (ref var number in tensor.Elements<float>()) number = noise.NextSingle() * 4 - 2;
        before.CopyTo(bytes);
    }

    private float[] Outputs()
    {
        var scores = _model.Model.Output(0).Floats();
        var (answers, intents) = (new float[scores.Length], new float[_model.Intents.Count]);
        for (var i = 0; i < 3; i++)
            Softmax(scores.Slice(i * scores.Length / 3, scores.Length / 3), answers.AsSpan(i * scores.Length / 3));
        Softmax(_model.Model.Output(1).Floats(), intents);
        return [.. answers, .. intents];
    }

    private static void Softmax(ReadOnlySpan<float> logits, Span<float> probabilities)
    {
        var (largest, sum) = (float.NegativeInfinity, 0f);
        foreach (var logit in logits) largest = MathF.Max(largest, logit);
        for (var i = 0; i < logits.Length; i++) sum += probabilities[i] = MathF.Exp(logits[i] - largest);
        for (var i = 0; i < logits.Length; i++) probabilities[i] /= sum;
    }

    private static RoleReading[] Roles(AttentionReading reading) =>
        [reading.Target, reading.Destination, reading.Avoid];

    private static float[] Slots(AttentionReading reading) =>
        [.. Roles(reading).SelectMany(role => new[] { role.Absent, role.Several, role.NotAsked }), .. reading.Intents,
            reading.Gates.Words, reading.Gates.Vision, reading.Gates.Sound];

    private static float[] Values(AttentionReading reading) =>
        [.. Slots(reading), .. Roles(reading).SelectMany(role => role.Objects), .. reading.Attention.Cast<float>()];

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= Tolerance, $"place {i}: {expected[i]} and {actual[i]}");
    }
}
