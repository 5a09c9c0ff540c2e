using System.Text;
using EdgePerception.Policy.Language;
using FsCheck;
using FsCheck.Fluent;

namespace EdgePerception.Policy.Tests.Language;

/// <summary>Whatever is said, the parser answers; the full count runs with EDGE_PERCEPTION_TEST_LONG.</summary>
public class CommandParserBoundsTests
{
    private static readonly int Sentences =
        Environment.GetEnvironmentVariable("EDGE_PERCEPTION_TEST_LONG") == "1" ? 10_000 : 200;

    private static Gen<string> Word { get; } =
        Gen.Elements(Lexicon.Default.Vocabulary.Order(StringComparer.Ordinal).ToArray());

    [Fact]
    public void Random_words_of_the_lexicon_are_answered() => Check(
        Word.Zip(Gen.Elements("", "", "", ",", ".", "?", " 3", " zorp"), (word, after) => word + after)
            .ArrayOf().Select(words => string.Join(' ', words.Take(CommandParser.MaxWords / 2))));

    [Fact]
    public void Random_unicode_is_answered() => Check(
        Gen.Choose(0, 0xFFFF).Select(unit => (char)unit).ArrayOf().Select(units => new string(units)));

    [Fact]
    public void Random_unicode_between_words_is_answered() => Check(
        Word.Zip(Gen.Choose(0, 0x10FFFF), (word, point) =>
                Rune.IsValid(point) ? $"{word}{new Rune(point)}" : $"{word}\ud800")
            .ArrayOf().Select(words => words.Take(CommandParser.MaxWords / 2).ToList())
            .Select(words => string.Join(words.Count % 2 == 0 ? " " : "", words)));

    [Theory]
    [InlineData("go to the car and")]
    [InlineData("the cup left of the")]
    [InlineData("if then when unless until")]
    [InlineData("not never no nor neither")]
    [InlineData("zorp blick frum tove wabe")]
    [InlineData("one two three and four")]
    [InlineData("who that which whose of")]
    public void A_text_of_a_hundred_words_is_parsed_and_one_of_more_is_asked_to_be_shorter(string fiveWords)
    {
        // A full stop keeps words that are said twice apart.
        var hundred = string.Join(". ", Enumerable.Repeat(fiveWords, CommandParser.MaxWords / 5));
        Assert.Equal(CommandParser.MaxWords, TestGrammar.Words(hundred).Count);
        Assert.DoesNotContain("at most", CommandParser.Parse(hundred).Refusal ?? "", StringComparison.Ordinal);
        var refusal = CommandParser.Parse($"{hundred}. car").Refusal;
        Assert.Contains("101 words", refusal, StringComparison.Ordinal);
        Assert.Contains("shorter", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_of_more_than_a_hundred_words_is_searched_for_a_stop()
    {
        var text = string.Join(' ', Enumerable.Repeat("go to the car and", 30)) + ". Stop!";
        Assert.Equal(RobotActionKind.Stop, Assert.Single(CommandParser.Parse(text).Steps).Action);
    }

    [Theory]
    [InlineData("bring me the cup", " left of the bottle that is next to the cup")]
    [InlineData("i think", " that he said that she knows")]
    [InlineData("bring me the cup", " and the bottle or the bowl")]
    [InlineData("go to the car", " if the dog barks when the man comes")]
    public void Clauses_nested_as_deep_as_a_text_is_long_are_answered(string head, string tail)
    {
        var text = head + string.Concat(Enumerable.Repeat(tail, 9));
        Assert.InRange(TestGrammar.Words(text).Count, 45, CommandParser.MaxWords);
        Answers(text);
    }

    private static void Check(Gen<string> texts) =>
        Prop.ForAll(texts.ToArbitrary(), Answers)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Sentences).WithReplay(17, 31));

    /// <summary>There is a reading, its words are the text's, and what moves accounts for all of them.</summary>
    private static void Answers(string text)
    {
        var readings = CommandParser.Readings(text, new SceneWords(["cup", "widget"], ["7"]));
        Assert.NotEmpty(readings);
        Assert.All(readings, reading =>
        {
            Assert.Equal(text, reading.Text);
            Assert.True(reading.Steps.Count > 0 || reading.Avoid.Count > 0 || reading.Incomplete != RobotActionKind.None
                || reading.Refusal is not null || reading.Asks is not null);
            Assert.NotEqual("", reading.Refusal?.Trim());
            Assert.DoesNotContain('\n', reading.Refusal ?? "");
        });
        Assert.Equal(readings.Select(reading => reading.Price).Order(), readings.Select(reading => reading.Price));
    }
}
