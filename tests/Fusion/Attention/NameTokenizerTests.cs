using System.Text;
using System.Text.Json;
using EdgePerception.Fusion.Attention;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Tests.Inference;
using FsCheck;
using FsCheck.Xunit;

namespace EdgePerception.Fusion.Tests.Attention;

public sealed class NameTokenizerTests
{
    private static readonly JsonElement Vectors = JsonDocument.Parse(
        File.ReadAllText(Path.Combine(TestModels.Repository, "tests", "Fusion", "Attention", "tokenizer-vectors.json"))).RootElement;

    private static readonly NameTokenizer Tokenizer = new(TrainedModel.Vocabulary());

    [Fact]
    public void Texts_part_into_the_words_that_training_sees()
    {
        foreach (var entry in Vectors.GetProperty("texts").EnumerateArray())
        {
            var expected = entry.GetProperty("words").EnumerateArray().Select(word => word.GetString());
            Assert.Equal(expected, NameTokenizer.Words(entry.GetProperty("text").GetString()!));
        }
    }

    [Theory]
    [InlineData("words", "word")]
    [InlineData("labels", "label")]
    public void Names_have_the_features_that_training_sees(string list, string key)
    {
        foreach (var entry in Vectors.GetProperty(list).EnumerateArray())
        {
            var expected = entry.GetProperty("features").EnumerateArray().Select(id => id.GetInt32()).ToArray();
            var features = new int[NameTokenizer.Features];
            Tokenizer.Tokenize(entry.GetProperty(key).GetString()!).CopyTo(features);
            Assert.Equal(expected, features);
        }
    }

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
        var fault = Assert.Throws<ModelException>(() => new Vocabulary(Encoding.UTF8.GetBytes("# comment\n" + text), "words.tsv"));
        Assert.StartsWith($"words.tsv, line {text.Split('\n').Length + 1}: expected a new word", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", new[] { 244, 2680 })]
    [InlineData("é", new[] { 2436, 3639 })]
    [InlineData("Cup", new[] { 2628, 5000, 5001, 1296, 2279, 2395 })]
    [InlineData("cups", new[] { 3523, 5000, 5001, 1296, 2279, 2266, 3571 })]
    [InlineData("hot dog", new[] { 645, 503, 6000, 512, 1831, 3202, 2826, 416, 214 })]
    [InlineData("dog, hot", new[] { 503, 645, 7000, 7001, 7002, 2826, 416, 214, 512, 1831, 3202 })]
    [InlineData("- ! -", new int[0])]
    public void A_name_is_its_words_then_its_concepts_then_its_trigrams(string name, int[] expected)
    {
        var tokenizer = new NameTokenizer(new Vocabulary("cup\t5000 5001\ndog\t7000 7001\nhot\t7001 7002\nhot_dog\t6000"u8, "test"));
        Assert.Equal(expected, tokenizer.Tokenize(name).ToArray());
    }

    [Fact]
    public void Long_names_are_not_kept()
    {
        var tokenizer = new NameTokenizer(new Vocabulary("cup\t5000"u8, "test"));
        var (kept, passing) = (new string('x', 256), new string('x', 257));
        Assert.True(tokenizer.Tokenize(kept) == tokenizer.Tokenize(kept));
        Assert.False(tokenizer.Tokenize(passing) == tokenizer.Tokenize(passing));
    }

    [Property(MaxTest = 300, Replay = "17,31")]
    public bool Any_name_has_distinct_features_in_range(string? name)
    {
        var ids = Tokenizer.Tokenize(name ?? "").ToArray();
        return ids.Length <= NameTokenizer.Features && ids.Distinct().Count() == ids.Length && ids.All(id => id is > 0 and <= Vocabulary.LastConcept);
    }

    [Property(MaxTest = 300, Replay = "17,31")]
    public bool The_same_name_has_the_same_features_whatever_came_before(NonNull<string> name, NonNull<string> other)
    {
        var tokenizer = new NameTokenizer(new Vocabulary("cup\t5000"u8, "test"));
        var first = tokenizer.Tokenize(name.Get).ToArray();
        tokenizer.Tokenize(other.Get);
        return tokenizer.Tokenize(name.Get).SequenceEqual(first);
    }
}
