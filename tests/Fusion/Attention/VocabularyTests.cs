using EdgePerception.Fusion.Attention;

namespace EdgePerception.Fusion.Tests.Attention;

public sealed class VocabularyTests
{
    private static readonly Vocabulary Words =
        new("hug\t5000\nnestle\t5001\nlean\t5002\ncarry\t5003\nbus\t5004\nring\t5005"u8, "test");

    [Theory]
    [InlineData("hug")]
    [InlineData("hugs")]
    [InlineData("hugging")]
    [InlineData("hugged")]
    [InlineData("nestling")]
    [InlineData("nestled")]
    [InlineData("leaning")]
    [InlineData("leaned")]
    [InlineData("carries")]
    [InlineData("carried")]
    [InlineData("buses")]
    [InlineData("ring")]
    public void A_regular_form_of_a_word_is_known(string word) => Assert.True(Words.Knows(word));

    [Theory]
    [InlineData("snarfling")]
    [InlineData("blorped")]
    [InlineData("hu")]
    [InlineData("ing")]
    [InlineData("ed")]
    [InlineData("ies")]
    [InlineData("")]
    public void What_only_ends_like_one_is_not(string word) => Assert.False(Words.Knows(word));
}
