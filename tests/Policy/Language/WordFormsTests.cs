using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Tests.Language;

/// <summary>Regular forms of nouns and verbs, and the names of members.</summary>
public sealed class WordFormsTests
{
    [Theory]
    [InlineData("cup", "cups")]
    [InlineData("box", "boxes")]
    [InlineData("glass", "glasses")]
    [InlineData("bench", "benches")]
    [InlineData("brush", "brushes")]
    [InlineData("berry", "berries")]
    [InlineData("toy", "toys")]
    [InlineData("key", "keys")]
    [InlineData("guy", "guys")]
    [InlineData("tray", "trays")]
    public void A_plural_is_made_and_undone(string one, string many)
    {
        Assert.Equal(many, WordForms.Plural(one));
        Assert.Equal(one, WordForms.Singular(many));
        Assert.Equal(one, WordForms.Singular(one));
    }

    [Theory]
    [InlineData("bus")]
    [InlineData("this")]
    [InlineData("glass")]
    [InlineData("is")]
    [InlineData("gas")]
    [InlineData("")]
    [InlineData("s")]
    public void What_only_ends_like_a_plural_stays(string word) => Assert.Equal(word, WordForms.Singular(word));

    [Theory]
    [InlineData("take", "taking", "taked", "takes")]
    [InlineData("grab", "grabbing", "grabbed", "grabs")]
    [InlineData("carry", "carrying", "carried", "carries")]
    [InlineData("follow", "following", "followed", "follows")]
    [InlineData("fix", "fixing", "fixed", "fixes")]
    [InlineData("stay", "staying", "stayed", "stays")]
    [InlineData("lift", "lifting", "lifted", "lifts")]
    [InlineData("clear", "clearing", "cleared", "clears")]
    [InlineData("fetch", "fetching", "fetched", "fetches")]
    [InlineData("go", "going", "goed", "goes")]
    [InlineData("see", "seeing", "seed", "sees")]
    public void A_verb_has_its_regular_forms(string verb, string gerund, string past, string third) =>
        Assert.Equal((gerund, past, third), (WordForms.Gerund(verb), WordForms.Past(verb), WordForms.Third(verb)));

    [Theory]
    [InlineData("left_of", SpatialRelation.LeftOf)]
    [InlineData("LEFT_OF", SpatialRelation.LeftOf)]
    [InlineData("in_front_of", SpatialRelation.InFrontOf)]
    [InlineData("on", SpatialRelation.On)]
    public void A_member_is_read_by_the_name_that_files_give_it(string name, SpatialRelation expected) =>
        Assert.Equal(expected, SnakeCase.Parse<SpatialRelation>(name));

    [Theory]
    [InlineData("")]
    [InlineData("left off")]
    [InlineData("beneath")]
    public void A_name_of_no_member_is_told(string name)
    {
        Assert.False(SnakeCase.TryParse<SpatialRelation>(name, out _));
        Assert.Equal(
            $"there is no SpatialRelation '{name}'",
            Assert.Throws<ArgumentException>(() => SnakeCase.Parse<SpatialRelation>(name)).Message);
    }
}
