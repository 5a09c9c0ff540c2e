using EdgePerception.Policy.Language;
using FsCheck.Xunit;

namespace EdgePerception.Policy.Tests.Language;

public class ChartTests
{
    private const int MinKept = 4;

    private static readonly string[] Grammars =
    [
        "[Piece]\nall : S\n[S]\npair : S S @0.3\na : a @1\nb : b\nany : _ @1.7\nrow : T+ @0.2\n"
        + "[T]\nt : a @0.4\nt : b b @0.1",
        "[Piece]\nall : A B? @0.5\nall : B A\n[A]\nmany : X+\none : X @0.7\n[B]\nx : X X @0.25\ny : a , b\n"
        + "[X]\na : a\nb : b @1.3\nc : a b @2",
        "[Piece]\nall : ( X | Y )+ ,? Y? @0.1\n[X]\nx : a ,? b @0.6\nx : a\n"
        + "[Y]\ny : b @0.9\ny : a .? a @0.2\n- : X @0.35",
    ];

    [Fact]
    public void The_cheapest_derivations_come_first_and_the_dearest_are_dropped()
    {
        var others = string.Concat(Enumerable.Range(10, 40).Reverse().Select(price => $"\nz : x @{price}"));
        var grammar = TestGrammar.Of($"[Piece]{others}\na : x @3\nb : x @1\nc : x\nd : x @5\ne : x @0.5\nf : x @2");
        var prices = grammar.Prices("Piece", "x");
        Assert.InRange(prices.Count, MinKept, 20);
        Assert.Equal([0f, 0.5f, 1f, 2f], prices.Take(MinKept));
        Assert.Equal(prices.Order(), prices);
        var chart = grammar.Fill(TestGrammar.Words("x"));
        var trees = Enumerable.Range(0, MinKept).Select(rank => chart.Tree(grammar.Find("Piece"), 0, 1, rank));
        Assert.Equal(["c", "e", "b", "f"], trees.Select(tree => tree.Label));
    }

    [Fact]
    public void Of_two_parts_the_sums_are_ranked()
    {
        const string Text = "[Piece]\nall : A B\n[A]\na : x\na : x @1\na : x @9\n[B]\nb : y\nb : y @2\nb : y @9";
        var grammar = TestGrammar.Of(Text);
        Assert.Equal([0f, 1f, 2f, 3f], grammar.Prices("Piece", "x y").Take(MinKept));
    }

    [Property(MaxTest = 300, Replay = "17,31")]
    public void Its_prices_are_those_of_all_derivations_counted_by_hand(int seed)
    {
        var random = new Random(seed);
        var grammar = TestGrammar.Of(Grammars[random.Next(Grammars.Length)]);
        string[] words = ["a", "a", "b"];
        string[] gaps = [" ", " ", " ", " ", ", ", ". "];
        var text = Enumerable.Range(0, random.Next(1, 7)).Select(_ => words[random.Next(3)] + gaps[random.Next(6)]);
        // A word that is said twice is one word; a pause keeps the two apart.
        var tokens = TestGrammar.Words(string.Concat(text));
        var chart = grammar.Fill(tokens);
        var piece = grammar.Find("Piece");
        var expected = All(grammar, tokens, piece, 0, tokens.Count).Order().ToList();
        var kept = chart.Derivations(piece, 0, tokens.Count);
        Assert.InRange(kept, Math.Min(MinKept, expected.Count), expected.Count);
        for (var rank = 0; rank < kept; rank++)
            Assert.Equal(expected[rank], chart.Price(piece, 0, tokens.Count, rank), 4);
    }

    [Theory]
    [InlineData("x y", "x y", "free")]
    [InlineData("x y", "x, y", "dear")]
    [InlineData("x y", "x. y", "never")]
    [InlineData("x ,? y", "x y", "free")]
    [InlineData("x ,? y", "x, y", "free")]
    [InlineData("x ,? y", "x. y", "never")]
    [InlineData("x , y", "x y", "never")]
    [InlineData("x , y", "x, y", "free")]
    [InlineData("x , y", "x. y", "never")]
    [InlineData("x . y", "x y", "never")]
    [InlineData("x . y", "x, y", "never")]
    [InlineData("x . y", "x. y", "free")]
    [InlineData("x .? y", "x y", "free")]
    [InlineData("x .? y", "x, y", "free")]
    [InlineData("x .? y", "x. y", "free")]
    [InlineData("x ,? (y | z)", "x, z", "free")]
    [InlineData("x (y z)+", "x y z, y z", "dear")]
    [InlineData("x (y ,? z)+", "x y, z y, z", "free")]
    public void A_junction_says_which_pause_may_stand_there(string parts, string text, string cost)
    {
        var prices = TestGrammar.Of($"[Piece]\nall : {parts}").Prices("Piece", text);
        Assert.Equal(cost, prices switch { [] => "never", [< 0.2f, ..] => "free", _ => "dear" });
    }

    [Theory]
    [InlineData("x y? z", "x z|x y z", "x z y|x|z|y z")]
    [InlineData("x y* z", "x z|x y z|x y, y, y z", "x y|y z")]
    [InlineData("x y+ z", "x y z", "x z")]
    [InlineData("(x | y z) x", "x, x|y z x", "y x|z x")]
    [InlineData("x? y? z", "z|x z|y z|x y z", "x y|y x z")]
    [InlineData("x _ z", "x y z|x q z", "x z")]
    public void Parts_may_be_optional_repeated_or_one_of_several(string parts, string yes, string no)
    {
        var grammar = TestGrammar.Of($"[Piece]\nall : {parts}");
        Assert.All(yes.Split('|'), text => Assert.NotEmpty(grammar.Prices("Piece", text)));
        Assert.All(no.Split('|'), text => Assert.Empty(grammar.Prices("Piece", text)));
    }

    [Fact]
    public void A_tree_holds_what_has_a_label_and_where_it_stands()
    {
        var grammar = TestGrammar.Of("[Piece]\nall : Lead (x | y)+ End\n[Lead]\n- : q @0.5\n[End]\nend : z");
        var tree = grammar.Fill(TestGrammar.Words("q x y z")).Tree(grammar.Find("Piece"), 0, 4, 0);
        Assert.Equal(("all", 0, 4), (tree.Label, tree.Start, tree.End));
        Assert.Equal(["=q", "=x", "=y", "end"], tree.Children.Select(child => child.Label));
        Assert.Equal((3, 4), (tree.Child("end")!.Start, tree.Child("end")!.End));
        Assert.Equal(["all", "=q", "=x", "=y", "end", "=z"], tree.All().Select(node => node.Label));
        Assert.True(tree.Has("end"));
        Assert.False(tree.Has("=z"));
    }

    [Fact]
    public void A_phrase_brings_its_meaning_and_its_price()
    {
        var grammar = TestGrammar.Of("[Piece]\nall : <things> z @1");
        var chart = new Chart(grammar, TestGrammar.Words("hot dog z"));
        chart.Add("<things>", 0, 2, 0.5f, "sausage");
        chart.Add("z", "=z", 2, 1, 0, "");
        chart.Add("<nobody uses this>", 0, 1, 0, "nothing");
        chart.Fill();
        var tree = chart.Tree(grammar.Find("Piece"), 0, 3, 0);
        Assert.Equal(1.5f, tree.Price);
        var phrase = tree.Children[0];
        Assert.Equal(("<things>", "sausage", 0, 2), (phrase.Label, phrase.Meaning, phrase.Start, phrase.End));
    }

    [Fact]
    public void A_constituent_has_at_most_so_many_words()
    {
        var grammar = TestGrammar.Of("[Piece]\nall : (x | y)+");
        var words = TestGrammar.Words(string.Join(' ', Enumerable.Repeat("x y", Chart.Widest)));
        var chart = grammar.Fill(words);
        Assert.Equal(2 * Chart.Widest, words.Count);
        Assert.Equal(1, chart.Derivations(grammar.Find("Piece"), 3, Chart.Widest));
        Assert.Equal(0, chart.Derivations(grammar.Find("Piece"), 3, Chart.Widest + 1));
    }

    /// <summary>The prices of all derivations, each found by trying every production at every split.</summary>
    private static IEnumerable<float> All(
        Grammar grammar, IReadOnlyList<Token> tokens, int symbol, int start, int length)
    {
        var name = grammar.NameOf(symbol);
        if (length == 1 && (name == "_" || name == tokens[start].Word)) yield return 0;
        foreach (var production in grammar.Productions.Where(production => production.Parent == symbol))
        {
            if (production.Right < 0)
            {
                foreach (var price in All(grammar, tokens, production.Left, start, length))
                    yield return price + production.Price;
                continue;
            }

            for (var first = 1; first < length; first++)
            {
                if (Cost(production.Junction, tokens[start + first].Pause) is not { } cost) continue;
                var lefts = All(grammar, tokens, production.Left, start, first).ToList();
                if (lefts.Count == 0) continue;
                var rights = All(grammar, tokens, production.Right, start + first, length - first).ToList();
                foreach (var left in lefts)
                {
                    foreach (var right in rights) yield return left + right + cost + production.Price;
                }
            }
        }
    }

    private static float? Cost(Junction junction, Pause pause) => (junction, pause) switch
    {
        (Junction.Open, _) or (Junction.Loose, not Pause.Sentence) or (Junction.Close, Pause.None) => 0,
        (Junction.Comma, Pause.Comma) or (Junction.Sentence, Pause.Sentence) => 0,
        (Junction.Close, Pause.Comma) => 0.6f,
        _ => null,
    };
}
