using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Tests.Language;

public class NumbersTests
{
    private static readonly string[] Small =
        ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
         + "seventeen eighteen nineteen").Split(' ');

    private static readonly string[] Tens = "- - twenty thirty forty fifty sixty seventy eighty ninety".Split(' ');

    private static readonly Dictionary<string, string> Irregular = new(StringComparer.Ordinal)
    {
        ["one"] = "first",
        ["two"] = "second",
        ["three"] = "third",
        ["five"] = "fifth",
        ["eight"] = "eighth",
        ["nine"] = "ninth",
        ["twelve"] = "twelfth",
    };

    [Theory]
    [InlineData("3", 3)]
    [InlineData("007", 7)]
    [InlineData("0", 0)]
    [InlineData("-1", -1)]
    [InlineData("1.5", 1.5)]
    [InlineData("-0.25", -0.25)]
    [InlineData("999999999", 999999999)]
    [InlineData("eleven", 11)]
    [InlineData("twenty one", 21)]
    [InlineData("twenty-one", 21)]
    [InlineData("hundred", 100)]
    [InlineData("one hundred and five", 105)]
    [InlineData("one hundred five", 105)]
    [InlineData("three hundred and forty two thousand", 342_000)]
    [InlineData("two thousand and three", 2003)]
    [InlineData("one million", 1_000_000)]
    public void A_number_is_read_in_digits_and_words(string text, double value) => Check(text, value, ordinal: false);

    [Theory]
    [InlineData("1st", 1)]
    [InlineData("2nd", 2)]
    [InlineData("3rd", 3)]
    [InlineData("4th", 4)]
    [InlineData("22nd", 22)]
    [InlineData("101st", 101)]
    [InlineData("first", 1)]
    [InlineData("twelfth", 12)]
    [InlineData("eleventh", 11)]
    [InlineData("twentieth", 20)]
    [InlineData("thirty-first", 31)]
    [InlineData("forty second", 42)]
    [InlineData("hundredth", 100)]
    [InlineData("two hundredth", 200)]
    [InlineData("one hundred and first", 101)]
    [InlineData("five thousandth", 5000)]
    public void An_ordinal_is_read_whatever_its_size(string text, double value) => Check(text, value, ordinal: true);

    [Fact]
    public void What_is_spelt_out_is_read_back()
    {
        for (var i = 1; i < 10_000; i += i < 1200 ? 1 : 37)
        {
            Check(Spell(i, "and "), i, ordinal: false);
            Check(Spell(i, ""), i, ordinal: false);
            Check(Ordinal(Spell(i, "and ")), i, ordinal: true);
        }
    }

    [Theory]
    [InlineData("five twenty", 1, 5)]
    [InlineData("twenty ten", 1, 20)]
    [InlineData("twenty, one", 1, 20)]
    [InlineData("twenty. one", 1, 20)]
    [InlineData("one hundred and", 2, 100)]
    [InlineData("one hundred and cups", 2, 100)]
    [InlineData("two cups", 1, 2)]
    [InlineData("one two three", 1, 1)]
    [InlineData("three and four", 1, 3)]
    [InlineData("5 6", 1, 5)]
    public void A_number_ends_where_the_next_word_does_not_go_on_with_it(string text, int words, double value)
    {
        var longest = Read(text).MaxBy(number => number.Length);
        Assert.Equal((words, value, false), longest);
    }

    [Theory]
    [InlineData("cup")]
    [InlineData("and five")]
    [InlineData("1.2.3")]
    [InlineData("17:00")]
    [InlineData("99999999999999999999")]
    [InlineData("st")]
    public void What_is_no_number_is_none(string text) => Assert.Empty(Read(text));

    private static void Check(string text, double value, bool ordinal)
    {
        var tokens = TestGrammar.Words(text);
        var numbers = Numbers.At(tokens, 0, Lexicon.Default);
        Assert.True(numbers.Contains((tokens.Count, value, ordinal)), $"{text} is not {value}");
    }

    private static IEnumerable<(int Length, double Value, bool Ordinal)> Read(string text) =>
        Numbers.At(TestGrammar.Words(text), 0, Lexicon.Default);

    private static string Spell(int number, string and) => number switch
    {
        < 20 => Small[number],
        < 100 => Tens[number / 10] + (number % 10 == 0 ? "" : " " + Small[number % 10]),
        < 1000 => $"{Small[number / 100]} hundred" + Rest(number % 100, and),
        _ when number % 1000 >= 100 => $"{Spell(number / 1000, and)} thousand {Spell(number % 1000, and)}",
        _ => $"{Spell(number / 1000, and)} thousand" + Rest(number % 1000, and),
    };

    private static string Rest(int number, string and) => number == 0 ? "" : $" {and}{Spell(number, and)}";

    private static string Ordinal(string spelt)
    {
        var space = spelt.LastIndexOf(' ') + 1;
        var last = spelt[space..];
        var regular = last[^1] == 'y' ? last[..^1] + "ieth" : last + "th";
        return spelt[..space] + Irregular.GetValueOrDefault(last, regular);
    }
}
