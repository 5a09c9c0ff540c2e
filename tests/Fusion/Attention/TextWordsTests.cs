using System.Text.Json;
using EdgePerception.Fusion.Attention;
using EdgePerception.Fusion.Tests.Inference;
using FsCheck;
using FsCheck.Xunit;

namespace EdgePerception.Fusion.Tests.Attention;

public sealed class TextWordsTests
{
    private static readonly JsonElement Vectors = JsonDocument.Parse(
        File.ReadAllText(
            Path.Combine(TestModels.Repository, "tests", "Fusion", "Attention", "word-vectors.json"))).RootElement;

    [Fact]
    public void Texts_part_into_the_words_that_training_sees()
    {
        foreach (var entry in Vectors.EnumerateArray())
        {
            var expected = entry.GetProperty("words").EnumerateArray().Select(word => word.GetString());
            Assert.Equal(expected, TextWords.Of(entry.GetProperty("text").GetString()!));
        }
    }

    [Property(MaxTest = 300, Replay = "17,31")]
    public bool Words_are_short_and_stand_where_they_are_said_to(NonNull<string> text)
    {
        var places = new List<Range>();
        var words = TextWords.Of(text.Get, places);
        return words.Count == places.Count
            && words.Zip(places)
                .All(pair =>
                    pair.First.EnumerateRunes().Count() <= 24 && TextWords.Of(text.Get[pair.Second])[0] == pair.First);
    }
}
