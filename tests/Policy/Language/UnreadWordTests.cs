using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Tests.Language;

public class UnreadWordTests
{
    // Whatever the grammar learns: one of a dozen places in a sentence where a word of another kind is out of place.
    private static readonly string[] Torn =
    [
        "Bring ME Of the cup of", "go to the Of CUP", "take the cup to Of the table for", "Of bring me the cup, than",
        "follow the person Than", "put the cup on Than the table", "look at the Whose cup whose",
    ];

    [Fact]
    public void Words_in_no_piece_are_told_as_they_were_said_and_where()
    {
        var unread = Torn.SelectMany(text => CommandParser.Readings(text, SceneWords.None))
            .SelectMany(reading => reading.Unread.Select(word => (reading.Text, word))).ToList();
        Assert.NotEmpty(unread);
        Assert.All(unread, one => Assert.Equal(one.word.Text, one.Text[one.word.Place].ToLowerInvariant()));
    }

    [Fact]
    public void A_contraction_is_one_word_whichever_half_is_left_out()
    {
        const string Text = "The cup ISN'T there";
        var tokens = TestGrammar.Words(Text);
        Assert.Equal(["isn't"], UnreadWord.Of(tokens, [3]).Select(word => word.Text));
        UnreadWord[] all = [new("isn't", 8..13), new("there", 14..19)];
        Assert.Equal(all, UnreadWord.Of(tokens, [2, 3, 4]));
    }

    [Fact]
    public void What_an_earlier_turn_said_stands_nowhere()
    {
        var earlier = new UnmeasuredModifier("that hums") { IsUnread = true, Words = 2..4 };
        Assert.Equal(new UnreadWord("that hums", 6..15), UnreadWord.Of(TestGrammar.Words("a cup That hums"), earlier));
        var nowhere = new UnreadWord("that hums", 0..0);
        Assert.Equal(nowhere, UnreadWord.Of(TestGrammar.Words("follow it over there"), earlier));
        Assert.Equal(nowhere, UnreadWord.Of([], earlier));
    }
}
