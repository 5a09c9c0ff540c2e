using System.Text.Json;
using EdgePerception.Fusion.Embeddings;
using EdgePerception.Fusion.Inference;
using EdgePerception.Policy.Grounding;

namespace EdgePerception.Policy.Tests.Grounding;

public sealed class EarTests(EarFixture fixture) : IClassFixture<EarFixture>
{
    private static readonly string[] Room =
        ["person", "couch", "cup", "refrigerator", "truck", "scissors", "banana", "umbrella", "dog", "tv"];

    private static readonly string Told = Path.Combine(
        EarFixture.Repository, "tests", "Policy", "Grounding", "ear-vectors.json");

    private readonly Ear _ear = fixture.Ear;

    [Theory]
    [InlineData("settee", "couch")]
    [InlineData("icebox", "refrigerator")]
    [InlineData("lorry", "truck")]
    [InlineData("brolly", "umbrella")]
    [InlineData("poodle", "dog")]
    [InlineData("telly", "tv")]
    [InlineData("shears", "scissors")]
    public void The_first_offer_for_a_noun_is_what_it_means(string noun, string label) =>
        Assert.Equal(label, _ear.Words.OfNoun(noun, Room).Ranked[0].Meaning);

    [Theory]
    [InlineData("volcano")]
    [InlineData("algebra")]
    [InlineData("zeppelin")]
    [InlineData("qwzrtx")]
    public void For_a_noun_of_nothing_in_sight_none_is_likeliest(string noun)
    {
        var offers = _ear.Words.OfNoun(noun, Room);
        Assert.True(offers.None > 0.5);
        Assert.Null(offers.Sure(0.5));
    }

    [Theory]
    [InlineData("cut paper with", "scissors")]
    [InlineData("drink from", "cup")]
    [InlineData("sit on", "couch")]
    [InlineData("keep the milk cold in", "refrigerator")]
    [InlineData("watch the news on", "tv")]
    public void The_first_offer_for_a_use_is_what_serves_it(string use, string label) =>
        Assert.Equal(label, _ear.Words.OfUse(use, Room).Ranked[0].Meaning);

    [Fact]
    public void Offers_are_ranked_and_make_one_with_none()
    {
        Offers[] all =
        [
            _ear.Words.OfNoun("beaker", Room), _ear.Words.OfUse("cut with", Room),
            _ear.Phrases.OfAction("mosey over to the car"), _ear.Phrases.OfRelation("abutting the car"),
        ];
        foreach (var offers in all)
        {
            Assert.Equal(1, offers.None + offers.Ranked.Sum(offer => offer.Probability), 4);
            Assert.Equal(offers.Ranked.OrderByDescending(offer => offer.Probability), offers.Ranked);
            Assert.All(offers.Ranked, offer => Assert.InRange(offer.Probability, 0, 1));
        }
    }

    [Fact]
    public void The_order_of_labels_does_not_count()
    {
        var one = _ear.Words.OfNoun("beaker", Room);
        var other = _ear.Words.OfNoun("beaker", [.. Room.Reverse()]);
        Assert.Equal(one.Ranked.Select(offer => offer.Meaning), other.Ranked.Select(offer => offer.Meaning));
        Assert.Equal(one.None, other.None, 5);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ?!")]
    [InlineData("机器人")]
    public void Of_what_holds_no_word_nothing_is_offered(string text)
    {
        Assert.Same(Offers.Nothing, _ear.Words.OfNoun(text, Room));
        Assert.Same(Offers.Nothing, _ear.Words.OfUse(text, Room));
        Assert.Same(Offers.Nothing, _ear.Phrases.OfAction(text));
        Assert.Same(Offers.Nothing, _ear.Phrases.OfRelation(text));
    }

    [Fact]
    public void Where_nothing_is_in_sight_nothing_is_offered()
    {
        Assert.Same(Offers.Nothing, _ear.Words.OfNoun("settee", []));
        Assert.Same(Offers.Nothing, _ear.Words.OfNoun(new string('a', 65), Room));
    }

    [Theory]
    [InlineData("hightail it to the red car", "go_to")]
    [InlineData("scoop up the apple", "pick")]
    [InlineData("get me the blue towel", "bring")]
    [InlineData("plonk the box on the table", "place")]
    [InlineData("stay on the heels of the man", "follow")]
    [InlineData("run your eyes over the shelf", "look_at")]
    [InlineData("give the dog a wide berth", "avoid")]
    public void The_first_offer_for_a_verb_phrase_is_the_action_that_it_asks_for(string phrase, string action) =>
        Assert.Equal(action, _ear.Phrases.OfAction(phrase).Ranked[0].Meaning);

    [Theory]
    [InlineData("marinate the chicken")]
    [InlineData("marry the nurse")]
    [InlineData("compose an opera about the cup")]
    public void A_verb_phrase_that_asks_for_no_action_is_none(string phrase) =>
        Assert.True(_ear.Phrases.OfAction(phrase).None > 0.5);

    [Theory]
    [InlineData("at arm's length from the car", "next_to")]
    [InlineData("wedged between the chairs", "between")]
    [InlineData("hidden behind the couch", "behind")]
    [InlineData("on the left flank of the table", "left_of")]
    public void The_first_offer_for_a_relation_is_what_it_says(string phrase, string relation) =>
        Assert.Equal(relation, _ear.Phrases.OfRelation(phrase).Ranked[0].Meaning);

    [Theory]
    [InlineData("bring me the cup")]
    [InlineData("GO TO THE CAR")]
    [InlineData("could you please follow the man in the blue coat")]
    [InlineData("robot, put the red box on the table and then come back to me")]
    [InlineData("I'm thirsty. Bring me the bottle.")]
    [InlineData("would you mind fetching my keys")]
    [InlineData("bring me the cup but don't touch the bottle")]
    public void The_witness_confirms_an_order(string utterance) =>
        Assert.True(_ear.Orders.Confirms(utterance), $"{_ear.Orders.Probability(utterance)}");

    [Theory]
    [InlineData("did you go to the car")]
    [InlineData("she went to the car yesterday")]
    [InlineData("why are you following the dog")]
    [InlineData("thank you for bringing me the cup")]
    [InlineData("the dog is behind the car")]
    [InlineData("I don't want you to follow the dog")]
    [InlineData("he said that you should go to the car")]
    [InlineData("if you had gone to the car we would be done")]
    [InlineData("what a lovely cup")]
    [InlineData("they have already put the box on the table")]
    public void The_witness_confirms_no_order_where_there_is_none(string utterance) =>
        Assert.False(_ear.Orders.Confirms(utterance), $"{_ear.Orders.Probability(utterance)}");

    [Theory]
    [InlineData("follow",
        "the ear's actions have the label 'juggle', which is none of this version; make train fits them anew")]
    [InlineData("next_to",
        "the ear's relations have the label 'juggle', which is none of this version; make train fits them anew")]
    [InlineData("order", "the ear's witness has no label 'order'; make train fits it anew")]
    public void A_label_that_this_version_does_not_know_is_told_at_the_start(string label, string message)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file,
                File.ReadAllText(EarFixture.Weights).Replace($"\"{label}\"", "\"juggle\"", StringComparison.Ordinal));
            var fault =
                Assert.Throws<ModelException>(() =>
                    new Ear(fixture.Encoder, fixture.Vocabulary, EarWeights.Read(file)));
            Assert.Equal(message, fault.Message);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void What_it_tells_is_what_training_told()
    {
        using var told = JsonDocument.Parse(File.ReadAllText(Told));
        foreach (var entry in told.RootElement.GetProperty("orders").EnumerateArray())
            Assert.Equal(Probabilities(entry)[1], _ear.Orders.Probability(Text(entry)), 2);
        Compare(told.RootElement.GetProperty("actions"), _ear.Phrases.OfAction);
        Compare(told.RootElement.GetProperty("relations"), _ear.Phrases.OfRelation);
    }

    private static void Compare(JsonElement entries, Func<string, Offers> read)
    {
        foreach (var entry in entries.EnumerateArray())
        {
            // None is the last label of a head.
            var expected = Probabilities(entry);
            var offers = read(Text(entry));
            Assert.Equal(expected[^1], offers.None, 2);
            Assert.Equal(expected.SkipLast(1).Max(), offers.Ranked[0].Probability, 2);
        }
    }

    private static List<double> Probabilities(JsonElement entry) =>
        [.. entry.GetProperty("probabilities").EnumerateArray().Select(value => value.GetDouble())];

    private static string Text(JsonElement entry) => entry.GetProperty("text").GetString()!;
}
