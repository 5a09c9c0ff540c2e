using EdgePerception.Policy.Language;
using FsCheck.Xunit;

namespace EdgePerception.Policy.Tests.Language;

public class SpellingTests
{
    [Theory]
    [InlineData("folow", "follow", 1)]
    [InlineData("follwo", "follow", 1)]
    [InlineData("brign", "bring", 1)]
    [InlineData("rbing", "bring", 1)]
    [InlineData("bottel", "bottle", 1)]
    [InlineData("perosn", "person", 1)]
    [InlineData("bycicle", "bicycle", 2)]
    public void A_slip_of_the_fingers_is_near_the_word_that_was_meant(string typed, string meant, int slips) =>
        Assert.Contains((meant, slips), Near(typed));

    [Theory]
    [InlineData("follow")]
    [InlineData("bottles")]
    [InlineData("the")]
    [InlineData("cpu")]
    [InlineData("")]
    [InlineData("xqzvkwj")]
    public void A_known_word_a_short_one_and_one_like_no_other_stay_as_they_are(string word) =>
        Assert.Empty(Near(word));

    [Fact]
    public void A_word_of_its_own_is_not_mended()
    {
        Assert.NotEmpty(Near("bottel"));
        Assert.Empty(Spelling.Near("bottel", Lexicon.Default, word => word == "bottel"));
        Assert.All(Lexicon.Default.NotTypos, word => Assert.Empty(Near(word)));
    }

    [Fact]
    public void No_known_word_is_ever_mended() =>
        Assert.All(Lexicon.Default.Vocabulary, word => Assert.Empty(Near(word)));

    [Property(MaxTest = 300, Replay = "17,31")]
    public void Whatever_is_typed_only_known_words_come_back_the_nearest_first(string? typed)
    {
        foreach (var word in new[] { (typed ?? "").ToLowerInvariant(), new string('a', 5000) })
        {
            var near = Near(word);
            Assert.All(near, one => Assert.Contains(one.Word, Lexicon.Default.Vocabulary));
            Assert.Equal(near.Select(one => one.Typos).Order(), near.Select(one => one.Typos));
        }
    }

    private static IReadOnlyList<(string Word, int Typos)> Near(string word) =>
        Spelling.Near(word, Lexicon.Default, _ => false);
}
