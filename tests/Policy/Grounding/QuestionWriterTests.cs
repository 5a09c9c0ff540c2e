using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Tests.Grounding;

/// <summary>What is asked and told where a description is unclear or absent.</summary>
public sealed class QuestionWriterTests
{
    private const string Cups = "a cup 50 200 40 40; b cup 300 200 40 40; c cup 550 200 40 40";

    [Theory]
    [InlineData(0, "no")]
    [InlineData(1, "one")]
    [InlineData(10, "ten")]
    [InlineData(11, "11")]
    [InlineData(1234, "1234")]
    public void A_number_is_a_word_up_to_ten(int count, string expected) =>
        Assert.Equal(expected, QuestionWriter.Count(count));

    [Theory]
    [InlineData("cup", "cups")]
    [InlineData("person", "people")]
    [InlineData("man", "men")]
    [InlineData("woman", "women")]
    [InlineData("mouse", "mice")]
    [InlineData("knife", "knives")]
    [InlineData("sheep", "sheep")]
    [InlineData("scissors", "scissors")]
    [InlineData("bus", "buses")]
    [InlineData("bench", "benches")]
    [InlineData("toothbrush", "toothbrushes")]
    [InlineData("box", "boxes")]
    [InlineData("berry", "berries")]
    [InlineData("key", "keys")]
    [InlineData("toy", "toys")]
    [InlineData("tray", "trays")]
    public void A_noun_has_a_plural(string noun, string expected) =>
        Assert.Equal(expected, QuestionWriter.Plural(noun));

    [Theory]
    [InlineData("go to the umbrella", "there is no umbrella in sight")]
    [InlineData("go to the parasol", "there is no parasol in sight")]
    [InlineData("go to the ladder",
        "the detector knows no such thing as \"ladder\", so that it cannot be told whether one is there")]
    public void What_the_detector_has_no_class_for_is_not_said_to_be_absent(string command, string expected)
    {
        var scene = TestScene.Of("a car 50 200 80 40 white=1");
        scene.Classes = ["car", "umbrella"];
        Assert.Equal(expected, scene.Ground(command).Reason);
    }

    [Theory]
    [InlineData("a car 50 200 80 40 white=1", "go to the green car",
        "one car in sight, but none fits \"the green car\": a white car is there")]
    [InlineData("a car 50 200 80 40 white=1; b car 400 200 80 40 black=1; c cup 300 10 9 9 green=1",
        "go to the green car",
        "two cars in sight, but none fits \"the green car\": a white car and a black car are there")]
    [InlineData("a person 50 100 40 160 red=1 lower:black=1", "follow the person in blue jeans",
        "one person in sight, but none fits \"the person in blue jeans\": the person is not in blue jeans")]
    public void Where_nothing_fits_the_nearest_are_named_with_what_they_lack(
        string scene, string command, string expected)
    {
        var answer = TestScene.Of(scene).Ground(command);
        Assert.Equal("absent", answer.Brief());
        Assert.Equal(expected, answer.Reason);
    }

    [Fact]
    public void Of_several_it_is_asked_which_by_what_tells_them_apart()
    {
        var (writer, cup, means) = Read(Cups, Cup());
        var question = writer.Which(cup, means);
        Assert.Equal(
            "Which cup do you mean: the one on the left, the one in the middle or the one on the right?",
            question.Text);
        Assert.Equal(["a", "b", "c"], question.Ids);
        Assert.Same(cup, question.About);
        Assert.Equal("three objects fit \"the cup\" about equally well", writer.WhyUnclear(cup, means));
    }

    [Fact]
    public void Of_more_than_four_it_is_asked_for_what_tells_them_apart()
    {
        var five = string.Join(';', Enumerable.Range(0, 5).Select(i => $"{i} cup {120 * i} 200 40 40"));
        var (writer, cup, means) = Read(five, Cup());
        var question = writer.Which(cup, means);
        Assert.Equal(
            "I see five cups that could be meant. Which one: where is it, or what colour has it?", question.Text);
        Assert.Equal(["0", "1", "2", "3", "4"], question.Ids);
    }

    [Fact]
    public void Things_of_several_kinds_are_objects()
    {
        var (writer, thing, means) = Read(
            "a cup 50 200 40 40; b dog 300 200 40 40", new NounPhrase { Text = "it" });
        Assert.Equal("Which object do you mean: the cup or the dog?", writer.Which(thing, means).Text);
    }

    [Fact]
    public void The_only_one_is_asked_about_as_it_is()
    {
        var (writer, cup, means) = Read("a cup 50 200 40 40; b dog 300 200 40 40", Cup());
        var question = writer.Which(cup, means);
        Assert.Equal("Do you mean the cup? I am not sure of it.", question.Text);
        Assert.Equal(["a"], question.Ids);
        Assert.Equal("it is not sure that \"the cup\" is in sight", writer.WhyUnclear(cup, means));
    }

    [Fact]
    public void Where_nothing_is_likely_it_is_asked_what_was_meant()
    {
        var (writer, cup, means) = Read("b dog 300 200 40 40", Cup());
        Assert.Equal(
            "I am not sure what \"the cup\" is. Which object do you mean?", writer.Which(cup, means).Text);
    }

    [Fact]
    public void Where_the_landmark_is_unclear_the_question_is_about_that()
    {
        var (writer, cup, means) = Read(Cups, Cup());
        var dog = new NounPhrase { Text = "the dog by the cup", Noun = ["dog"] };
        var ofDog = new Referents(3) { Noun = means.Noun, UnclearAnchor = cup };
        Assert.Same(cup, writer.Which(dog, ofDog).About);
        Assert.Equal("several objects fit \"the cup\"", writer.WhyUnclear(dog, ofDog));
    }

    [Fact]
    public void What_is_not_there_is_told_in_the_singular()
    {
        Assert.Equal("there is no bottle in sight", WhyAbsent(Cups, Named("bottles")));
        Assert.Equal("there is no cup in sight", WhyAbsent("", Cup()));
        Assert.Equal("there is no object in sight", WhyAbsent("", new NounPhrase { Text = "it" }));
        Assert.Equal("there is no object that is something in sight", WhyAbsent("", Named("something")));
        Assert.Equal(
            "the cup that was meant before is no longer in sight", WhyAbsent(Cups, Cup() with { KnownId = "gone" }));
    }

    [Fact]
    public void What_is_there_but_not_so_is_counted()
    {
        var red = new ColorModifier("red", [Lexicon.Default.Color("red")], false, false, false);
        var phrase = Cup() with { Text = "the red cup", Modifiers = [red] };
        Assert.Equal("three cups in sight, but none fits \"the red cup\"", WhyAbsent(Cups, phrase));
        Assert.Equal(
            "one cup in sight, but none fits \"the red cup\": a green cup is there",
            WhyAbsent("a cup 50 200 40 40 green=1", phrase));
        Assert.Equal(
            "what looks like the cup is seen with too low a score to be sure that it is there",
            WhyAbsent("a cup 50 200 40 40 score=0.05", Cup()));
    }

    [Fact]
    public void A_landmark_that_is_missing_is_named()
    {
        var left = new RelationModifier("left of the bottles", SpatialRelation.LeftOf, [Named("bottles")], false);
        var phrase = Cup() with { Text = "the cup left of the bottles", Modifiers = [left] };
        Assert.Equal(
            "there is no bottle in sight that \"the cup left of the bottles\" could refer to", WhyAbsent(Cups, phrase));
    }

    private static NounPhrase Cup() => new() { Text = "the cup", Noun = ["cup"], IsNamed = true };

    private static NounPhrase Named(string noun) => new() { Text = "the " + noun, Noun = [noun], IsNamed = true };

    private static string WhyAbsent(string objects, NounPhrase phrase)
    {
        var (writer, _, means) = Read(objects, phrase);
        return writer.WhyAbsent(phrase, means);
    }

    private static (QuestionWriter Writer, NounPhrase Phrase, Referents Means) Read(string objects, NounPhrase phrase)
    {
        var resolver = new DescriptionResolver(new SceneView(TestScene.Of(objects), GroundingThresholds.Default));
        return (new QuestionWriter(resolver), phrase, resolver.Resolve(phrase));
    }
}
