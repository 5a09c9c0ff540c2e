using System.Text;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Tests.Inference;
using EdgePerception.Fusion.Tests.Vision.References;
using EdgePerception.Fusion.Vision.Embeddings;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Fusion.Tests.Vision.Embeddings;

public class BytePairTokenizerTests
{
    private static readonly Lazy<BytePairTokenizer> Clip =
        new(() => new BytePairTokenizer(File.ReadAllBytes(FetchedModels.ClipMerges)));

    [Fact]
    public void Ids_are_exactly_those_of_the_reference()
    {
        foreach (var example in Reference.Read("token_ids").GetProperty("cases").EnumerateArray())
        {
            var text = example.Text("text");
            Assert.Equal((text, example.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).ToArray()),
                (text, Encode(text)), Same);
        }
    }

    [Fact]
    public void Well_known_ids_of_CLIP() // from the model card's examples
    {
        Assert.Equal([49406, 320, 1125, 539, 320, 2368, 49407], Encode("a photo of a cat"));
        Assert.Equal([49406, 3306, 1002, 256, 49407], Encode("Hello World!"));
    }

    [Fact]
    public void The_rest_of_the_context_is_padding()
    {
        var ids = new int[10];
        Assert.Equal(3, Clip.Value.Encode("cat", ids, padding: 49407));
        Assert.Equal([49406, 2368, 49407, 49407, 49407, 49407, 49407, 49407, 49407, 49407], ids);
    }

    [Fact]
    public void A_prompt_of_500_words_fills_the_context_and_ends_with_the_end()
    {
        var ids = Encode(string.Concat(Enumerable.Repeat("word ", 500)));
        Assert.Equal(77, ids.Length);
        Assert.Equal((49406, 2653, 2653, 49407), (ids[0], ids[1], ids[75], ids[76]));
        Assert.Equal(2, Clip.Value.Encode("cat", new int[2]));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_read_as_the_replacement_character() =>
        Assert.Equal(Encode("a \uFFFD b"), Encode("a \ud83d b"));

    [Fact]
    public void A_text_of_a_million_characters_is_cut_off() =>
        Assert.Equal(Encode(new string('x', BytePairTokenizer.MaxCharacters)), Encode(new string('x', 1_000_000)));

    [Property(Replay = "8437,5", MaxTest = 300)]
    public Property Any_text_gives_ids_of_the_vocabulary_between_start_and_end() => Prop.ForAll(
        ArbMap.Default.ArbFor<string>().Filter(text => text is not null),
        text =>
        {
            var ids = Encode(text);
            Assert.Equal((49406, 49407), (ids[0], ids[^1]));
            Assert.All(ids, id => Assert.InRange(id, 0, 49407));
            Assert.Equal(ids, Encode($"  {text}\n"));
        });

    [Theory]
    [InlineData("#version\na b\nab c\n", 517,
        "m, line 4: '' does not join two symbols that are known by then to a new one; 3 merges are needed")]
    [InlineData("#version\na b\nabc d\n", 516, "m, line 3: 'abc d' does not join two symbols")]
    [InlineData("#version\na b\nab\n", 516, "m, line 3: 'ab' does not join two symbols")]
    [InlineData("#version\na b\na b\n", 516, "m, line 3: 'a b' does not join two symbols")]
    [InlineData("", 515, "m, line 2: ''")]
    public void A_file_that_is_no_list_of_merges_is_refused_with_the_line(string merges, int size, string error) =>
        Assert.StartsWith(
            error,
            Assert.Throws<ModelException>(() =>
                new BytePairTokenizer(Encoding.UTF8.GetBytes(merges), size, "m")).Message);

    [Fact]
    public void Merges_are_applied_best_first_wherever_they_fit()
    {
        var tokenizer = new BytePairTokenizer("#\r\nb c\r\na b\r\na bc\r\n"u8, 517);
        var ids = new int[9];
        Assert.Equal(5, tokenizer.Encode("abcab", ids));
        // "abc" by the first and the third merge; then a, and b as it ends a word.
        Assert.Equal([515, 514, 64, 65 + 256, 516], ids[..5]);
    }

    [Fact]
    public void Bytes_have_the_ids_of_the_originals_table()
    {
        var tokenizer = new BytePairTokenizer("#\na b\n"u8, 515);
        var ids = new int[4];
        // '!' comes first; U+0000 is the first that cannot be seen, after 188 that can.
        foreach (var (text, id) in new[] { ("!", 256), ("~", 256 + 93), ("\0", 256 + 188), ("\u007f", 256 + 188 + 33) })
        {
            Assert.Equal(3, tokenizer.Encode(text, ids));
            Assert.Equal(id, ids[1]);
        }
    }

    private static int[] Encode(string text)
    {
        var ids = new int[77];
        return ids[..Clip.Value.Encode(text, ids)];
    }

    private static bool Same((string Text, int[] Ids) a, (string Text, int[] Ids) b) =>
        a.Text == b.Text && a.Ids.SequenceEqual(b.Ids);
}
