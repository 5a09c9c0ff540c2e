using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Tests.Grounding;

/// <summary>Which labels in sight a noun names.</summary>
public sealed class LabelMatcherTests
{
    [Theory]
    [InlineData("cup", "cup", 1)]
    [InlineData("cups", "cup", 1)]
    [InlineData("cup", "cups", 1)]
    [InlineData("thing", "zorb", 1)]
    [InlineData("stop watch", "stopwatch", 1)]
    [InlineData("fireplace", "fire place", 1)]
    [InlineData("zorb", "party zorb", 0.9)]
    [InlineData("milk", "milk carton", 0.8)]
    [InlineData("zorb", "zorb bottle", 0.8)]
    [InlineData("milk", "milk shake", 0)]
    [InlineData("zorb", "cup", 0)]
    [InlineData("dog", "hot dog", 0)]
    [InlineData("hot dog", "dog", 0)]
    [InlineData("bear", "teddy bear", 0)]
    public void A_noun_names_a_label_more_or_less_surely(string noun, string label, double expected) =>
        Assert.Equal(expected, LabelMatcher.Match(noun.Split(' '), View(label)).Best, 1e-9);

    [Fact]
    public void What_an_object_may_be_too_is_named_less_surely_than_what_it_is()
    {
        var scene = new SceneView(
            TestScene.Of("a bear 10 10 50 50 near:dog=0.85; b dog 200 10 50 50; c cup 400 10 50 50"), new());
        var weights = LabelMatcher.Match(["dog"], scene).Weights;
        Assert.Equal(0.28, weights[0], 1e-6);
        Assert.Equal([1, 0], weights[1..]);
        Assert.Equal([1, 0, 0], LabelMatcher.Match(["bear"], scene).Weights);
    }

    [Theory]
    [InlineData("a bear 10 10 50 50 near:dog=0.9; c cup 400 10 50 50", "act:a")]
    [InlineData("a bear 10 10 50 50 near:dog=0.9; b dog 200 10 50 50", "act:b")]
    [InlineData("a bear 10 10 50 50 near:dog=0.5; c cup 400 10 50 50", "absent")]
    public void A_dog_that_is_taken_for_a_bear_is_a_dog_to_who_asks_for_one(string scene, string expected) =>
        Assert.Equal(expected, TestScene.Of(scene).Ground("go to the dog").Brief());

    [Fact]
    public void Without_a_noun_every_object_fits()
    {
        var match = LabelMatcher.Match([], View("cup", "dog"));
        Assert.Equal([1, 1], match.Weights);
        Assert.Equal("", match.Noun);
    }

    [Fact]
    public void Words_before_the_noun_that_no_label_explains_are_kept_apart()
    {
        var match = LabelMatcher.Match(["zorby", "blorgs", "cups"], View("dog", "cup"));
        Assert.Equal([0, 1], match.Weights);
        Assert.Equal(["zorby", "blorgs"], match.Unread);
        Assert.Equal("cup", match.Noun);
    }

    [Fact]
    public void A_noun_that_names_nothing_keeps_all_of_its_words()
    {
        var match = LabelMatcher.Match(["zorby", "blorgs"], View("dog", "cup"));
        Assert.Equal([0, 0], match.Weights);
        Assert.Empty(match.Unread);
        Assert.Equal(("zorby blorgs", 0.0), (match.Noun, match.Best));
    }

    [Fact]
    public void In_an_empty_scene_nothing_is_named()
    {
        Assert.Equal(0, LabelMatcher.Match(["cup"], View()).Best);
        Assert.Equal(0, LabelMatcher.Match([], View()).Best);
    }

    [Fact]
    public void What_the_ear_offers_counts_instead_of_lists()
    {
        var phrase = new NounPhrase
        {
            Text = "the cup",
            Noun = ["cup"],
            Offered = new Dictionary<string, double> { ["dog"] = 0.7, ["cow"] = 0.2 },
        };
        var match = LabelMatcher.Match(phrase, View("cup", "dog"));
        Assert.Equal([0, 0.7], match.Weights);
        Assert.Equal((true, "cup"), (match.IsOffered, match.Noun));
        Assert.Equal("cut with", LabelMatcher.Match(phrase with { Use = "cut with" }, View("cup")).Noun);
        Assert.False(LabelMatcher.Match(new NounPhrase { Text = "", Noun = ["cup"] }, View("cup")).IsOffered);
    }

    private static SceneView View(params string[] labels) => new(
        TestScene.Of(string.Join(';', labels.Select(
            (label, i) => $"{i} {label.Replace(' ', '_')} {100 * i} 10 20 20"))), GroundingThresholds.Default);
}
