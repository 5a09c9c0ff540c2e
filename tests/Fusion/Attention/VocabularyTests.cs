using System.Text;
using EdgePerception.Fusion.Attention;
using EdgePerception.Fusion.Inference;

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

    [Fact]
    public void A_plural_has_the_concepts_of_its_singular()
    {
        var vocabulary = new Vocabulary("cup\t5000 5001\nglass\t6000"u8, "test");
        Assert.Equal([5000, 5001], vocabulary.Concepts("cups").ToArray());
        Assert.Equal([6000], vocabulary.Concepts("glasses").ToArray());
        Assert.True(vocabulary.Concepts("mugs").IsEmpty);
    }

    [Fact]
    public void A_vocabulary_of_too_many_words_is_refused()
    {
        var text = string.Join('\n', Enumerable.Range(0, (1 << 18) + 1).Select(i => $"w{i}\t5000"));
        Assert.Equal("words.tsv, line 262145: more than 262144 words",
            Assert.Throws<ModelException>(() => new Vocabulary(Encoding.UTF8.GetBytes(text), "words.tsv")).Message);
    }

    [Theory]
    [InlineData("cup 5000")]
    [InlineData("\t5000")]
    [InlineData("cup\t")]
    [InlineData("cup\t17")]
    [InlineData("cup\t12288")]
    [InlineData("cup\t5000,5001")]
    [InlineData("cup\t5000\ncup\t5001")]
    public void A_line_that_is_none_is_named(string text)
    {
        var fault =
            Assert.Throws<ModelException>(() =>
                new Vocabulary(Encoding.UTF8.GetBytes("# comment\n" + text), "words.tsv"));
        Assert.StartsWith($"words.tsv, line {text.Split('\n').Length + 1}: expected a new word", fault.Message,
            StringComparison.Ordinal);
    }
}
