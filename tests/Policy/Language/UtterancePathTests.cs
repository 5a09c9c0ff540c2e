using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Tests.Language;

public class UtterancePathTests
{
    private const int Most = 10;

    private static readonly Grammar Grammar = TestGrammar.Of("""
        [Piece]
        order : go home
        short : go
        place : home
        together : come home @1
        come : come
        filler : please @0.2
        """);

    [Theory]
    [InlineData("go home", "order")]
    [InlineData("go home please", "order filler")]
    [InlineData("go. home", "short place")]
    [InlineData("come home", "together")]
    [InlineData("come, home", "come place")]
    public void The_cheapest_row_of_pieces_is_taken(string text, string pieces)
    {
        var path = Best(text);
        Assert.Equal(pieces, string.Join(' ', path.Pieces.Select(piece => piece.Label)));
        Assert.Empty(path.Unread);
    }

    [Theory]
    [InlineData("go home quickly", "order", "2")]
    [InlineData("quickly go home", "order", "0")]
    [InlineData("go home quickly please", "order filler", "2")]
    [InlineData("go quickly home", "short place", "1")]
    [InlineData("quickly", "", "0")]
    [InlineData("lorem ipsum", "", "0 1")]
    public void What_stands_in_no_piece_is_unread(string text, string pieces, string unread)
    {
        var path = Best(text);
        Assert.Equal(pieces, string.Join(' ', path.Pieces.Select(piece => piece.Label)));
        Assert.Equal(unread, string.Join(' ', path.Unread));
    }

    [Fact]
    public void Every_word_is_in_a_piece_or_unread()
    {
        string[] texts = ["go home", "um please, go there home. and come home now", "home go please lorem go"];
        foreach (var text in texts)
        {
            var tokens = TestGrammar.Words(text);
            foreach (var path in Paths(text))
            {
                var read = path.Pieces.SelectMany(piece => Enumerable.Range(piece.Start, piece.End - piece.Start));
                Assert.Equal(Enumerable.Range(0, tokens.Count), read.Concat(path.Unread).Order());
                Assert.Equal(path.Pieces.OrderBy(piece => piece.Start), path.Pieces);
            }
        }
    }

    [Fact]
    public void A_word_that_is_left_out_is_dearer_than_any_single_piece()
    {
        Assert.True(Best("go home lorem").Price > Best("go home please").Price);
        Assert.True(Best("go home lorem").Price > Best("come home").Price);
        Assert.True(Best("go home lorem ipsum").Price > Best("go home lorem").Price);
    }

    [Fact]
    public void Two_pieces_without_a_pause_cost_more_than_with_one() =>
        Assert.True(Best("come go").Price > Best("come, go").Price);

    [Fact]
    public void A_word_that_joins_two_pieces_costs_less_than_no_pause()
    {
        var path = Best("come and go");
        Assert.True(path.Price < Best("come go").Price);
        Assert.Empty(path.Unread);
    }

    [Fact]
    public void At_most_ten_ways_come_the_cheapest_first_and_none_twice()
    {
        var paths = Paths("go home please come home please go home please");
        Assert.Equal(Most, paths.Count);
        Assert.Equal(paths.Select(path => path.Price).Order(), paths.Select(path => path.Price));
        var ways = paths.Select(path => path.Pieces.Select(piece => $"{piece.Label}{piece.Start}"));
        Assert.Distinct(ways.Select(way => string.Join(' ', way)));
    }

    [Fact]
    public void An_utterance_may_be_longer_than_any_piece()
    {
        var path = Best(string.Join(". ", Enumerable.Repeat("go home", Chart.Widest)));
        Assert.Equal(Chart.Widest, path.Pieces.Count);
        Assert.Equal(0, path.Price);
    }

    private static UtterancePath Best(string text) => Paths(text)[0];

    private static List<UtterancePath> Paths(string text)
    {
        var tokens = TestGrammar.Words(text);
        return UtterancePaths.Find(Grammar.Fill(tokens), Grammar, tokens);
    }
}
