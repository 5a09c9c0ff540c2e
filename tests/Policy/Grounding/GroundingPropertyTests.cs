using System.Numerics;
using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Vision.Color;
using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Language;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Policy.Tests.Grounding;

public class GroundingPropertyTests
{
    private static readonly string[] Words =
        ("bring me the a red blue cup mug bottle left right of on next to between and but avoid without not that is "
            + "which person people "
         + "follow go put it pick up second from largest other than except , . ? where how many both all two stop "
         + "don't in jacket light with moving ringing one "
         + "who near closest far table if please robot then or either zorp nearest behind front 3 first last them her "
         + "all none every").Split(' ');

    public static Arbitrary<string> Sentences() =>
        Gen.Elements(Words).ArrayOf().Select(words => string.Join(' ', words.Take(40))).ToArbitrary();

    [Property(MaxTest = 400, Replay = "17,31")]
    public void No_text_makes_the_parser_throw(string? text)
    {
        var command = CommandParser.Parse(text);
        Assert.True(command.Refusal is not null || command.Steps.Count > 0 || command.Incomplete != RobotActionKind.None
            || command.Asks is not null);
    }

    [Property(MaxTest = 400, Replay = "17,31")]
    public Property Any_row_of_words_gets_an_answer_that_keeps_the_contract(int seed) =>
        Prop.ForAll(Sentences(), text => KeepsContract(RandomScene(seed).Ground(text), RandomScene(seed), text));

    [Property(MaxTest = 300, Replay = "17,31")]
    public void The_order_in_which_objects_arrive_does_not_matter(int seed)
    {
        var example = Example(seed);
        var shuffled = new Scene();
        shuffled.Cameras.AddRange(example.Scene.Cameras);
        shuffled.Sounds.AddRange(example.Scene.Sounds);
        shuffled.Objects.AddRange(example.Scene.Objects.OrderBy(item => item.Score));
        Assert.Equal(Summary(example.Scene.Ground(example.Text)), Summary(shuffled.Ground(example.Text)));
    }

    [Property(MaxTest = 300, Replay = "17,31")]
    public void The_mirrored_scene_and_the_mirrored_words_give_the_mirrored_answer(int seed)
    {
        var example = Example(seed);
        var mirrored = new Scene();
        mirrored.Cameras.AddRange(example.Scene.Cameras);
        foreach (var item in example.Scene.Objects)
        {
            var box = item.Box with { X = example.Scene.Cameras[0].Width - item.Box.Right };
            mirrored.Objects.Add(
                item with { Box = box, Velocity = item.Velocity is { } v ? new Vector2(-v.X, v.Y) : null });
        }

        foreach (var sound in example.Scene.Sounds)
            mirrored.Sounds.Add(sound with { AzimuthDegrees = -sound.AzimuthDegrees });
        var words = string.Join(' ', example.Text.Split(' ').Select(word => word switch
        {
            "left" => "right",
            "right" => "left",
            "leftmost" => "rightmost",
            "rightmost" => "leftmost",
            _ => word,
        }));
        Assert.Equal(example.Scene.Ground(example.Text).Brief(), mirrored.Ground(words).Brief());
    }

    [Property(MaxTest = 200, Replay = "17,31")]
    public Property To_stop_is_always_obeyed(int seed) =>
        Prop.ForAll(Sentences(), before =>
        {
            var answer = RandomScene(seed).Ground(before + ". stop!");
            Assert.Equal("act:", answer.Brief());
            Assert.Equal(RobotActionKind.Stop, answer.Action);
            Assert.Null(answer.Target);
        });

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(-1e30f)]
    [InlineData(float.MaxValue)]
    public void Values_that_cannot_be_are_read_as_not_measured(float value)
    {
        var scene = TestScene.Of("a cup 100 100 50 50 red=0.8; b bottle 300 100 50 90");
        var colors = new ColorShares();
        colors[NamedColor.Red] = value;
        scene.Objects.Add(
            new SceneObject("n", "main", "cup", value, new BoundingBox(value, value, value, value), colors,
                new Vector2(value, value)));
        scene.Objects.Add(new SceneObject("m", "other", "cup", 0.5f, new BoundingBox(0, 0, 0, 0), null, null));
        scene.Sounds.Add(new SceneSound("ring", value, value, value));
        scene.Cameras.Add(new CameraView("other", 0, -5, value));
        foreach (var text in new[] { "bring me the largest cup", "take the ringing cup left of the bottle",
            "follow the moving red cup", "take the second cup from the left", "take the cup nearest to the bottle" })
            KeepsContract(scene.Ground(text), scene, text);
    }

    [Fact]
    public void Three_hundred_objects_are_no_obstacle()
    {
        var random = new Random(5);
        var scene = TestScene.Of("");
        for (var i = 0; i < 300; i++)
            scene.Objects.Add(
                new SceneObject(
                    $"o{i}", "main", i % 3 == 0 ? "cup" : "bottle", 0.9f,
                    new BoundingBox(random.Next(600), random.Next(400), 10 + random.Next(30), 10 + random.Next(30)),
                    null, null));
        var answer = scene.Ground("bring me the largest cup left of the bottle next to the second cup from the right");
        KeepsContract(answer, scene, "");
        Assert.True(answer.Candidates.Count <= 40);
        Assert.Equal(GroundingOutcome.Clarify, scene.Ground("bring me the cup").Outcome);
    }

    /// <summary>A confidence is a probability or is not there.</summary>
    private static void KeepsProbability(GroundingAnswer answer)
    {
        var isWeighed =
            answer.Target is not null || answer.Avoid.Count > 0 || answer.Outcome == GroundingOutcome.Absent;
        if (isWeighed) Assert.InRange(answer.Confidence!.Value, 0, 1);
        if (answer.Outcome is GroundingOutcome.Clarify or GroundingOutcome.Refuse) Assert.Null(answer.Confidence);
    }

    private static void KeepsContract(GroundingAnswer answer, Scene scene, string text)
    {
        var candidates = answer.Candidates.Select(candidate => candidate.Id).ToHashSet();
        Assert.Equal("c1", answer.Id);
        KeepsProbability(answer);
        Assert.All(answer.Candidates, candidate => Assert.InRange(candidate.Probability, 0, 1));
        Assert.Equal(answer.Candidates.Count, candidates.Count);
        // Rounding would part neighbours that differ by nothing; ties may stand in either order.
        Assert.All(answer.Candidates.Zip(answer.Candidates.Skip(1)),
            pair => Assert.True(pair.First.Probability >= pair.Second.Probability - 1e-5, text));
        Assert.True(candidates.IsSubsetOf(scene.Objects.Select(item => item.Id)), text);
        var referred = answer.Avoid.Concat(answer.Steps.SelectMany(step => new[] { step.Target, step.Destination }))
            .Append(answer.Target).Append(answer.Destination).Where(id => id is not null);
        Assert.All(referred, id => Assert.Contains(id!, candidates));
        if (answer.Outcome == GroundingOutcome.Act) Assert.Null(answer.Reason);
        else
        {
            Assert.False(string.IsNullOrWhiteSpace(answer.Reason), text);
            Assert.Null(answer.Target);
            Assert.Empty(answer.Avoid);
        }

        Assert.Equal(answer.Outcome == GroundingOutcome.Clarify, answer.Question is not null);
    }

    private static string Summary(GroundingAnswer answer) =>
        answer.Brief() + string.Join(",", answer.Candidates.Select(candidate => candidate.Id)) + answer.Question
            + answer.Reason;

    private static GeneratedCase Example(int seed) =>
        new ProgramGenerator(seed).Next(
            ProgramGenerator.Phenomena[(seed & int.MaxValue) % ProgramGenerator.Phenomena.Length]);

    private static Scene RandomScene(int seed) => Example(seed).Scene;
}
