using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Tests.Language;

public class LexiconFileTests
{
    [Fact]
    public void A_line_is_meanings_and_phrases_with_their_weights()
    {
        var sections = Read("""
            # words
            [nouns]
            cup | mug : beaker 0.8, drinking vessel, size 10
            plate :

            [verbs]
            pick : take
            """);
        Assert.Equal(["nouns", "verbs"], sections.Keys);
        var cup = sections["nouns"][0];
        Assert.Equal(["cup", "mug"], cup.Meanings);
        Assert.Equal([("beaker", 0.8), ("drinking vessel", 1), ("size 10", 1)], cup.Phrases);
        Assert.Empty(sections["nouns"][1].Phrases);
    }

    [Theory]
    [InlineData("cup : mug", 1)]
    [InlineData("# words\n\n[nouns]\ncup mug", 4)]
    [InlineData("[nouns]\ncup : mug\n[verbs\npick : take", 3)]
    public void A_fault_is_one_line_with_file_and_row(string text, int row)
    {
        var fault = Assert.Throws<InvalidDataException>(() => Read(text)).Message;
        Assert.StartsWith($"lexicon.txt, row {row}: ", fault, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault);
    }

    [Theory]
    [InlineData("colours", "blue + cyan", "blue + cyam", "'blue + cyam' is no colour")]
    [InlineData("verbs", "look_at", "lookout", "'lookout' is no action")]
    [InlineData("relations", "not_in", "leftish_of", "'leftish_of' is no relation")]
    [InlineData("scales", "middle", "2", "'2' is no scale")]
    [InlineData("regions", "top left", "top lef", "'top lef' is no scale")]
    [InlineData("motions", "approaching", "dancing", "'dancing' is no motion")]
    [InlineData("number words", "1000000", "five", "'five' is no whole number")]
    [InlineData("ordinals", "-2", "2nd", "'2nd' is no whole number")]
    [InlineData("length units", "0.3048", "0", "'0' is no number of metres")]
    public void A_meaning_that_the_product_does_not_know_is_a_fault_and_names_its_row(
        string section, string good, string bad, string what)
    {
        Assert.Single(Read($"[{section}]\n{good} : word")[section]);
        var text = $"[{section}]\n{good} : word\n{bad} : other";
        Assert.Equal($"lexicon.txt, row 3: {what}", Assert.Throws<InvalidDataException>(() => Read(text)).Message);
    }

    [Fact]
    public void Meanings_of_other_sections_are_free() =>
        Assert.Single(Read("[labels]\nfork lift : lift truck")["labels"]);

    private static Dictionary<string, List<LexiconEntry>> Read(string text) => LexiconFile.Read(new StringReader(text));
}
