using EdgePerception.Fusion.Vision.Embeddings;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Fusion.Tests.Vision.Embeddings;

/// <summary>Words as CLIP's pattern parts them.</summary>
public sealed class WordSplitterTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" \t\u00a0\u3000\n")]
    [InlineData("a red cup", "a", "red", "cup")]
    [InlineData("it's", "it", "'s")]
    [InlineData("they'll've", "they", "'ll", "'ve")]
    [InlineData("rock'n", "rock", "'", "n")]
    [InlineData("'sun", "'s", "un")]
    [InlineData("x12y", "x", "1", "2", "y")]
    [InlineData("½²", "½", "²")]
    [InlineData("wow!!! ?", "wow", "!!!", "?")]
    [InlineData("!'s", "!'", "s")]
    [InlineData("küche", "küche")]
    [InlineData("a\u0301b", "a", "\u0301", "b")]
    [InlineData("𝒶𝒷1", "𝒶𝒷", "1")]
    [InlineData("😀😀a", "😀😀", "a")]
    [InlineData("<|startoftext|>hi<|endoftext|>", "<|startoftext|>", "hi", "<|endoftext|>")]
    [InlineData("<|start", "<|", "start")]
    public void A_text_is_parted_into_words(string text, params string[] expected) =>
        Assert.Equal(expected, Words(text));

    [Theory]
    [InlineData("ÄÖÜ", "äöü")]
    [InlineData("İ", "i\u0307")]
    [InlineData("ΟΔΟΣ", "οδος")]
    [InlineData("ΣΑΣ ΣΑΣ", "σας σας")]
    [InlineData("ΑΣ'", "ας'")]
    [InlineData("ΑΣ'Α", "ασ'α")]
    [InlineData("Σ", "σ")]
    [InlineData("ẞ", "ß")]
    public void Text_is_lowered_as_Python_does_it(string text, string expected) =>
        Assert.Equal(expected, string.Concat(WordSplitter.LowerCase(text)));

    [Fact]
    public void Half_of_a_pair_is_replaced_and_not_passed_on() =>
        Assert.Equal("a\ufffdb", string.Concat(WordSplitter.LowerCase("a\ud800b")));

    [Fact]
    public void The_words_for_start_and_end_are_told_apart()
    {
        var (start, end) = (WordSplitter.LowerCase("<|startoftext|>"), WordSplitter.LowerCase("<|endoftext|>"));
        Assert.True(WordSplitter.IsStart(start) && WordSplitter.IsEnd(end));
        Assert.False(WordSplitter.IsStart(end) || WordSplitter.IsEnd(start) || WordSplitter.IsStart(start.AsSpan(1)));
    }

    [Property(MaxTest = 300, Replay = "17,31")]
    public Property Nothing_but_white_space_is_lost() => Prop.ForAll(
        Gen.ArrayOf(Gen.Elements("a", "ß", "1", " ", "'", "'s", "!", "<|endoftext|>", "😀", "\n", "ll")).ToArbitrary(),
        parts =>
        {
            var text = string.Concat(parts);
            var words = Words(text);
            return string.Concat(words) == string.Concat(text.Where(c => !char.IsWhiteSpace(c)))
                && words.TrueForAll(word => word.Length > 0);
        });

    private static List<string> Words(string text)
    {
        var runes = text.EnumerateRunes().ToArray();
        var words = new List<string>();
        for (var at = 0; WordSplitter.TryNext(runes, ref at, out var end); at = end)
            words.Add(string.Concat(runes[at..end]));
        return words;
    }
}
