using System.Text;
using EdgePerception.Policy.Language;
using FsCheck.Xunit;

namespace EdgePerception.Policy.Tests.Language;

public class TokenizerTests
{
    [Theory]
    [InlineData("Go to the CAR", "go to the car")]
    [InlineData("don't go", "do not go")]
    [InlineData("DON\u2019T go", "do not go")]
    [InlineData("don;t go", "do not go")]
    [InlineData("do n't go", "do not go")]
    [InlineData("don t go", "do not go")]
    [InlineData("don 't go", "do not go")]
    [InlineData("dont go", "do not go")]
    [InlineData("isn;t it", "is not it")]
    [InlineData("it isn t", "it is not")]
    [InlineData("would n't", "would not")]
    [InlineData("can't", "can not")]
    [InlineData("that's the one", "that is the one")]
    [InlineData("I'd like it", "i would like it")]
    [InlineData("t-shirt", "t shirt")]
    [InlineData("the dog's bowl", "the dog bowl")]
    [InlineData("the dogs' bowl", "the dogs bowl")]
    [InlineData("'go'", "go")]
    [InlineData("cup & bowl", "cup and bowl")]
    [InlineData("cup&bowl", "cup and bowl")]
    [InlineData("2 + 2", "2 plus 2")]
    [InlineData("caf\u00e9", "cafe")]
    [InlineData("\uff47\uff4f", "go")]
    [InlineData("g\u200bo t\u00ado", "go to")]
    [InlineData("left-most", "left most")]
    public void Text_is_cut_into_plain_words(string text, string words) => Assert.Equal(words, Words(text));

    [Theory]
    [InlineData("2m", "2 m")]
    [InlineData("2 m", "2 m")]
    [InlineData("1.5m away", "1.5 m away")]
    [InlineData("50cm", "50 cm")]
    [InlineData("5pm", "5 pm")]
    [InlineData("at 17:00", "at 17:00")]
    [InlineData("at 17:00pm", "at 17:00 pm")]
    [InlineData("22nd", "22nd")]
    [InlineData("the 1st, the 3rd", "the 1st the 3rd")]
    [InlineData("-1 cups", "-1 cups")]
    [InlineData("person 22.", "person 22")]
    [InlineData("2.", "2")]
    [InlineData("take 2, then 3", "take 2 then 3")]
    [InlineData("b12", "b12")]
    public void A_number_stands_apart_from_its_unit_and_keeps_its_own_marks(string text, string words) =>
        Assert.Equal(words, Words(text));

    [Theory]
    [InlineData("the f***ing cup", "the f***ing cup")]
    [InlineData("the ****ing cup", "the ****ing cup")]
    [InlineData("the f*ing cup", "the f*ing cup")]
    [InlineData("what the **** is that", "what the **** is that")]
    [InlineData("* go", "go")]
    [InlineData("go *", "go")]
    public void A_masked_word_stays_one_word(string text, string words) => Assert.Equal(words, Words(text));

    [Theory]
    [InlineData("um bring me uh the cup", "bring me the cup")]
    [InlineData("um", "")]
    [InlineData("hmm, erm", "")]
    [InlineData("pick pick up the the cup", "pick up the cup")]
    [InlineData("the um the cup", "the cup")]
    [InlineData("no no not that", "no no not that")]
    [InlineData("very very slowly", "very very slowly")]
    [InlineData("the red, red cup", "the red red cup")]
    public void Hesitation_is_left_out_and_what_is_begun_twice_stands_once(string text, string words) =>
        Assert.Equal(words, Words(text));

    [Theory]
    [InlineData("go there", "None")]
    [InlineData("go, there", "Comma")]
    [InlineData("go - there", "Comma")]
    [InlineData("go \u2014 there", "Comma")]
    [InlineData("go-there", "None")]
    [InlineData("go (there)", "Comma")]
    [InlineData("go \"there\"", "Comma")]
    [InlineData("go. there", "Sentence")]
    [InlineData("go! there", "Sentence")]
    [InlineData("go?! there", "Sentence")]
    [InlineData("go; there", "Sentence")]
    [InlineData("go,. there", "Sentence")]
    [InlineData("go., there", "Sentence")]
    [InlineData("go um, there", "Comma")]
    [InlineData("go, um there", "Comma")]
    [InlineData("go. um there", "Sentence")]
    [InlineData("go \U0001F600 there", "None")]
    public void The_strongest_pause_between_two_words_counts(string text, string pause)
    {
        var tokens = TestGrammar.Words(text);
        Assert.Equal(["go", "there"], tokens.Select(token => token.Word));
        Assert.Equal(["None", pause], tokens.Select(token => token.Pause.ToString()));
    }

    [Theory]
    [InlineData("don't go", "don't go")]
    [InlineData("That's IT", "that's it")]
    [InlineData("cup & bowl", "cup & bowl")]
    public void What_the_user_said_can_be_quoted(string text, string quoted)
    {
        var tokens = TestGrammar.Words(text);
        Assert.Equal(quoted, Token.Text(tokens, 0, tokens.Count));
    }

    [Theory]
    [InlineData("Bring me  the CUP!", "Bring|me|the|CUP")]
    [InlineData("um, DON'T go", "DON'T|DON'T|go")]
    [InlineData("the caf\u00e9's e\u0301clair", "the|caf\u00e9's|e\u0301clair")]
    [InlineData("\uff47\uff4f 2m, 1,000 cups", "\uff47\uff4f|2|m|1,000|cups")]
    [InlineData("\U0001F600 cup&bowl \ud800 \ufb01t", "cup|&|bowl|\ufb01t")]
    [InlineData("ne ver touch the the cup", "ne ver|touch|the|cup")]
    public void A_word_is_found_again_where_the_user_wrote_it(string text, string slices) =>
        Assert.Equal(slices, string.Join('|', TestGrammar.Words(text).Select(token => text[token.Place])));

    [Property(MaxTest = 500, Replay = "17,31")]
    public void Any_row_of_units_gives_words_that_hold_something(string? text, char[] units)
    {
        foreach (var said in new[] { text ?? "", new string(units), text + "\ud83d" + new string(units) })
        {
            foreach (var token in TestGrammar.Words(said))
            {
                Assert.NotEmpty(token.Word);
                Assert.DoesNotContain(' ', token.Word);
                Assert.Equal(token.Word, token.Word.ToLowerInvariant());
                Assert.NotEmpty(said[token.Place]);
            }
        }
    }

    [Fact]
    public void Two_thousand_characters_are_no_obstacle()
    {
        var builder = new StringBuilder();
        for (var i = 0; builder.Length < CommandParser.MaxLength; i++) builder.Append("don t ne ver "[i % 13]);
        Assert.NotEmpty(TestGrammar.Words(builder.ToString()));
    }

    private static string Words(string text) => string.Join(' ', TestGrammar.Words(text).Select(token => token.Word));

    [Theory]
    [InlineData("t")]
    [InlineData("nt")]
    [InlineData("n't")]
    [InlineData("'t")]
    [InlineData("s")]
    [InlineData("ll")]
    public void A_parted_contraction_of_whatever_word_is_read(string end)
    {
        string[] beginnings = [.. Lexicon.Default.Vocabulary,
            .. "abcdefghijklmnopqrstuvwxyz".Select(letter => $"{letter}"), "i", "gon", "wan", "ca", "wo", "sha", "it",
            "le", "innit"];
        foreach (var word in beginnings)
        {
            Assert.NotEmpty(Tokenizer.Tokenize($"{word} {end}", Lexicon.Default));
            Assert.NotEmpty(Tokenizer.Tokenize($"{word}{end} {end}", Lexicon.Default));
            if (word.Length > 1) Assert.NotEmpty(Tokenizer.Tokenize($"{word[..^1]} {end}", Lexicon.Default));
        }
    }
}
