using System.Text.RegularExpressions;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Policy.Grounding;
using FsCheck.Xunit;

namespace EdgePerception.Policy.Tests.Grounding;

public sealed class CandidateNamesTests
{
    [Theory]
    [InlineData("a cup 100 300 40 50 red=0.8; b cup 400 300 40 50 blue=0.8", "take the cup",
        "Which cup do you mean: the red one or the blue one?")]
    [InlineData("a cup 100 300 40 50 red=0.8; b cup 400 300 40 50 red=0.8", "take the cup",
        "Which cup do you mean: the one on the left or the one on the right?")]
    [InlineData("a cup 100 300 40 50; b cup 300 300 40 50; c cup 500 300 40 50", "take the cup",
        "Which cup do you mean: the one on the left, the one in the middle or the one on the right?")]
    [InlineData("a cup 300 300 40 50; b cup 290 100 100 120", "take the cup",
        "Which cup do you mean: the smaller one or the larger one?")]
    [InlineData("a person 60 100 80 300 yellow=0.5; p person 400 100 80 300 red=0.6", "follow the person",
        "Which person do you mean: the one in yellow or the one in red?")]
    [InlineData("a cup 100 300 40 50; b bottle 400 300 40 110", "take the thing",
        "Which object do you mean: the cup or the bottle?")]
    [InlineData("a cup 300 100 40 50; b cup 300 400 40 50", "take the cup",
        "Which cup do you mean: the upper one or the lower one?")]
    public void Candidates_are_named_by_what_tells_them_apart(string objects, string command, string question) =>
        Assert.Equal(question, TestScene.Of(objects).Ground(command).Question);

    [Fact]
    public void A_landmark_serves_where_nothing_else_does()
    {
        var scene = TestScene.Of("""
            a cup 40 300 40 50; b cup 150 300 40 50; c cup 260 300 40 50; d cup 370 300 40 50; e cup 480 300 40 50
            l laptop 240 230 80 60
            """);
        var view = new SceneView(scene, GroundingThresholds.Default);
        var names = new CandidateNames(new DescriptionResolver(view));
        Assert.Equal(["the one on the left", "the one by the laptop"], names.Of([view.Objects[0], view.Objects[2]]));
    }

    [Fact]
    public void What_cannot_be_told_apart_is_called_by_its_id() =>
        Assert.Equal("Which cup do you mean: the one called a or the one called b?",
            TestScene.Of("a cup 300 300 40 50; b cup 300 300 40 50").Ground("take the cup").Question);

    [Property(MaxTest = 300, Replay = "17,31")]
    public void Who_repeats_a_name_gets_that_very_object(int seed)
    {
        var scene = new ProgramGenerator(seed).Next("class").Scene;
        foreach (var noun in scene.Objects.Select(item => item.Label).Append("thing").Distinct())
        {
            var answer = scene.Ground("go to the " + noun);
            if (answer.Asked is not { Ids.Count: > 0 } asked) continue;
            foreach (var (item, name) in Names(scene, asked))
            {
                var command = "go to " + Regex.Replace(name, @"\bone\b", item.Label);
                var understood = scene.Ground(command);
                Assert.True(understood.Target == item.Source.Id,
                    $"{command} of {item.Name} is {understood.Target ?? understood.Reason}");
            }
        }
    }

    [Property(MaxTest = 300, Replay = "17,31")]
    public void An_answer_in_the_robots_own_words_chooses_what_it_named(int seed)
    {
        var scene = new ProgramGenerator(seed).Next("class").Scene;
        foreach (var noun in scene.Objects.Select(item => item.Label).Distinct())
        {
            var command = "go to the " + noun;
            using var grounder = new Grounder();
            var answer = grounder.Ground("c", command, scene);
            if (answer.Asked is not { Ids.Count: > 1 and <= 4 } asked) continue;
            foreach (var (item, name) in Names(scene, asked))
            {
                var conversation = new Conversation(TimeSpan.FromSeconds(60));
                grounder.Ground("c", command, scene, conversation, TimeSpan.Zero);
                var chosen = grounder.Ground("d", name, scene, conversation, TimeSpan.Zero);
                Assert.True(chosen.Target == item.Source.Id,
                    $"{command}, {name} of {item.Name} is {chosen.Target ?? chosen.Reason}");
            }
        }
    }

    private static IEnumerable<(ViewedObject Item, string Name)> Names(Scene scene, Question asked)
    {
        var view = new SceneView(scene, GroundingThresholds.Default);
        var items = view.Objects.Where(item => asked.Ids.Contains(item.Source.Id)).Take(4).ToList();
        return items.Zip(new CandidateNames(new DescriptionResolver(view)).Of(items));
    }
}
