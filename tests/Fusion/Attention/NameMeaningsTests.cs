using EdgePerception.Fusion.Attention;
using EdgePerception.Fusion.Embeddings;
using EdgePerception.Fusion.Tests.Embeddings;
using EdgePerception.Fusion.Tests.Inference;

namespace EdgePerception.Fusion.Tests.Attention;

public sealed class NameMeaningsTests(EncoderFixture fixture) : IClassFixture<EncoderFixture>
{
    private static readonly List<string> Names =
        ["cup", "wine glass", "Stop_Sign", "brnig", "the", "snarfleblatt", "a label of rather many words that goes on",
            "café", "42"];

    [Fact]
    public void A_name_means_the_same_in_any_company()
    {
        var together = Learned(Names);
        using var other = SentenceEncoder.Load(FetchedModels.Manifest("minilm"), FetchedModels.Folder);
        var alone = new NameMeanings(other);
        foreach (var name in Names)
        {
            alone.Learn([name]);
            Assert.Equal(together.Of(name), alone.Of(name));
        }
    }

    [Theory]
    [InlineData("stop sign", "Stop_Sign")]
    [InlineData("wine glass", "  WINE  glass!")]
    public void A_name_is_its_words(string name, string written)
    {
        var meanings = Learned([name, written]);
        Assert.Equal(meanings.Of(name), meanings.Of(written));
        Assert.Equal(1, Length(meanings.Of(name)), 3);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" - ! ")]
    public void A_name_without_words_means_nothing(string name) => Assert.Equal(0, Length(Learned([name]).Of(name)));

    [Fact]
    public void Of_a_very_long_name_the_beginning_counts()
    {
        var name = string.Concat(Enumerable.Repeat("cup ", 100_000));
        var meanings = Learned([name, name[..256]]);
        Assert.Equal(meanings.Of(name[..256]), meanings.Of(name));
    }

    [Fact]
    public void More_names_than_are_kept_are_learned_again()
    {
        var meanings = Learned(["cup"]);
        var before = meanings.Of("cup").ToArray();
        foreach (var crowd in Enumerable.Range(0, 5000).Select(i => $"!{i % 2}{new string('?', i)}").Chunk(128))
            meanings.Learn([.. crowd]);
        meanings.Learn(["cup"]);
        Assert.Equal(before, meanings.Of("cup"));
    }

    private NameMeanings Learned(List<string> names)
    {
        var meanings = new NameMeanings(fixture.Encoder);
        meanings.Learn(names);
        return meanings;
    }

    private static double Length(ReadOnlySpan<float> vector)
    {
        var sum = 0.0;
        foreach (var value in vector) sum += (double)value * value;
        return Math.Sqrt(sum);
    }
}
