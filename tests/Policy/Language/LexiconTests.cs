using EdgePerception.Fusion.Vision.Color;
using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Tests.Language;

public class LexiconTests
{
    [Theory]
    [InlineData("cups", "cup")]
    [InlineData("boxes", "box")]
    [InlineData("dishes", "dish")]
    [InlineData("glasses", "glass")]
    [InlineData("puppies", "puppy")]
    [InlineData("toys", "toy")]
    [InlineData("mice", "mouse")]
    [InlineData("children", "child")]
    [InlineData("people", "person")]
    [InlineData("knives", "knife")]
    [InlineData("cup", "cup")]
    [InlineData("bus", "bus")]
    [InlineData("glass", "glass")]
    [InlineData("scissors", "scissors")]
    [InlineData("gas", "gas")]
    public void A_plural_leads_to_its_singular(string word, string singular)
    {
        Assert.Equal(singular, Lexicon.Default.Singular(word));
        Assert.Equal(word != singular, Lexicon.Default.IsPlural(word));
    }

    [Theory]
    [InlineData("grab", "verbs", "pick")]
    [InlineData("grabbing", "verbs:ing", "pick")]
    [InlineData("taking", "verbs:ing", "pick")]
    [InlineData("took", "verbs:ed", "pick")]
    [InlineData("grabbed", "verbs:ed", "pick")]
    [InlineData("grabs", "verbs:s", "pick")]
    [InlineData("fetches", "verbs:s", "bring")]
    [InlineData("brought", "verbs:ed", "bring")]
    [InlineData("putting", "verbs:ing", "place")]
    [InlineData("followed", "verbs:ed", "follow")]
    [InlineData("driving to", "verbs:ing", "go_to")]
    [InlineData("went to", "verbs:ed", "go_to")]
    public void A_verb_is_known_in_all_its_forms(string text, string section, string meaning) =>
        Assert.Contains(Whole(text), phrase => phrase.Section == section && phrase.Meaning == meaning);

    [Theory]
    [InlineData("hot dog", true)]
    [InlineData("hot dogs", true)]
    [InlineData("hot, dog", false)]
    [InlineData("hot. dog", false)]
    public void No_phrase_stands_across_a_pause(string text, bool stands) =>
        Assert.Equal(stands, Whole(text).Any(phrase => phrase is { Section: "noun", Words.Length: 2 }));

    [Theory]
    [InlineData("red", NamedColor.Red, 0)]
    [InlineData("dark blue", NamedColor.Blue, -1)]
    [InlineData("light blue", NamedColor.Blue, 1)]
    [InlineData("crimson", NamedColor.Red, 0)]
    public void A_colour_shows_as_what_a_camera_names(string phrase, NamedColor shows, int tone)
    {
        var color = Lexicon.Default.Color(phrase);
        Assert.Contains(color.Shows, share => share.Color == shows && share.Weight is > 0 and <= 1);
        Assert.Equal(tone, color.Tone);
    }

    [Fact]
    public void Every_meaning_of_a_noun_has_a_weight()
    {
        var nouns = Lexicon.Default.Vocabulary.Where(word => Lexicon.Default.Meanings(word) is not null).ToList();
        Assert.NotEmpty(nouns);
        var meanings = nouns.SelectMany(noun => Lexicon.Default.Meanings(noun)!);
        Assert.All(meanings, one => Assert.InRange(one.Weight, 0.01, 1));
    }

    [Fact]
    public void A_noun_that_is_not_listed_has_no_meaning() => Assert.Null(Lexicon.Default.Meanings("zorp"));

    private static IEnumerable<Phrase> Whole(string text) => Lexicon.Default.At(TestGrammar.Words(text), 0)
        .Where(phrase => phrase.Words.Length == text.Split(' ').Length);
}
