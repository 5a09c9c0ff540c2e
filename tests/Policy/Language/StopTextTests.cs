using EdgePerception.Policy.Language;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Policy.Tests.Language;

/// <summary>
/// A text cut into words, with few words that halt. Tokens are written out: "|" before one behind a mark, "~" before a
/// slip, "_" for a word that is too long.
/// </summary>
public sealed class StopTextTests
{
    private static readonly StopWords Words = StopWords.Read(new StringReader(
        "[stop]\nstop, halt, freeze\n[slips]\nstop, freeze\n[signs]\n✋\n"
        + "[fillers]\nplease, now, so\n[words]\nstep, shop"));

    [Theory]
    [InlineData("", "")]
    [InlineData(" \t\r\n ", "")]
    [InlineData("Go ON", "go on")]
    [InlineData("don't", "dont")]
    [InlineData("Käse-Öl", "kase ol")]
    [InlineData("go - on", "go |on")]
    [InlineData("go. on", "go |on")]
    [InlineData("go, (on) \"off\" #it", "go |on |off it")]
    [InlineData("go\non|off=it", "go |on |off |it")]
    [InlineData("...go", "|go")]
    [InlineData("a/b @c", "a b c")]
    public void A_text_is_cut_into_words_with_the_marks_that_part_clauses(string text, string expected) =>
        Assert.Equal(expected, Read(text));

    [Theory]
    [InlineData("stoooop", "stop")]
    [InlineData("SSSTTTOOOPPP", "stop")]
    [InlineData("free-eze", "freeze")]
    [InlineData("frrreeeze", "freeze")]
    public void A_shout_is_known_again(string text, string expected) => Assert.Equal(expected, Read(text));

    [Fact]
    public void A_shout_may_be_longer_than_any_word()
    {
        Assert.Equal("stop", Read("st" + new string('o', 500) + "p"));
        Assert.Equal("stop", Read(new string('s', 500) + "top"));
        Assert.Equal("_", Read(string.Concat(Enumerable.Repeat("ab", 17))));
        Assert.Equal(string.Concat(Enumerable.Repeat("ab", 16)), Read(string.Concat(Enumerable.Repeat("ab", 16))));
    }

    [Theory]
    [InlineData("s t o p", "stop")]
    [InlineData("s.t.o.p", "stop")]
    [InlineData("go s t o p on", "go stop on")]
    [InlineData("st op", "stop")]
    [InlineData("sto p", "stop")]
    [InlineData("hal t", "halt")]
    [InlineData("to hal t it all", "to hal t it _")]
    [InlineData("to ha lt it all", "to halt it _")]
    [InlineData("s t o", "s t o")]
    [InlineData("h a l t s t o p", "halt stop")]
    public void What_is_spelt_is_joined_and_long_pieces_only_where_hardly_more_is_said(string text, string expected) =>
        Assert.Equal(expected, Read(text).Replace("|", "", StringComparison.Ordinal));

    [Theory]
    [InlineData("stopstop", "stop")]
    [InlineData("stophaltstop", "stop")]
    [InlineData("stopnow", "stop")]
    [InlineData("pleasestop", "stop")]
    [InlineData("stopso", "stopso")]
    [InlineData("stopgap", "stopgap")]
    [InlineData("nonstop", "nonstop")]
    public void A_stop_word_is_known_glued_to_itself_or_to_what_says_nothing(string text, string expected) =>
        Assert.Equal(expected, Read(text));

    [Theory]
    [InlineData("sotp", "~stop")]
    [InlineData("sto", "~stop")]
    [InlineData("stopo", "~stop")]
    [InlineData("atop", "~stop")]
    [InlineData("stup", "~stop")]
    [InlineData("fteeze", "~freeze")]
    [InlineData("step", "step")]
    [InlineData("shop", "shop")]
    [InlineData("hslt", "hslt")]
    [InlineData("sotpo", "sotpo")]
    [InlineData("tsop", "~stop")]
    [InlineData("opst", "opst")]
    public void One_slip_of_the_fingers_is_known_again_where_it_is_no_other_word(string text, string expected) =>
        Assert.Equal(expected, Read(text));

    [Theory]
    [InlineData("✋", "stop")]
    [InlineData("go✋on", "go stop on")]
    [InlineData("go. ✋ on", "go |stop on")]
    [InlineData("🛑", "🛑")]
    public void A_sign_says_what_the_files_first_word_does(string text, string expected) =>
        Assert.Equal(expected, Read(text));

    [Theory]
    [InlineData("", "")]
    [InlineData("a", "a")]
    [InlineData("aabbba", "aba")]
    [InlineData("stop", "stop")]
    public void Letters_in_a_row_are_squeezed_to_one(string word, string expected)
    {
        var squeezed = new char[word.Length];
        Assert.Equal(expected, new string(squeezed, 0, StopText.Squeeze(word, squeezed)));
    }

    [Property(MaxTest = 300, Replay = "17,31")]
    public Property Any_text_gives_no_more_words_than_letters_and_none_that_holds_a_mark() => Prop.ForAll(
        Gen.ArrayOf(Gen.Elements("sthop ae.-'|\n\u00e4\ud83d\udd90".ToCharArray())).ToArbitrary(), letters =>
        {
            var tokens = Tokens(new string(letters));
            return tokens.Count <= letters.Length
                && tokens.TrueForAll(token => token.Word.All(c => char.IsLetterOrDigit(c) || char.IsSurrogate(c)));
        });

    private static List<StopToken> Tokens(string text) => StopText.Read(text, Words, knowsSlips: true);

    private static string Read(string text) => string.Join(' ', Tokens(text).Select(token =>
        (token.AfterBreak ? "|" : "") + (token.IsSlip ? "~" : "") + (token.Word.Length == 0 ? "_" : token.Word)));
}
