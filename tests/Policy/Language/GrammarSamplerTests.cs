using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Tests.Language;

public class GrammarSamplerTests
{
    private static readonly SamplerWords Everything = new(
        new Dictionary<string, IReadOnlyList<string>>(SamplerWords.Spoken.Terminals)
        {
            ["_x"] = ["zorp"],
            ["_p"] = ["zorping"],
            ["_w"] = ["pond"],
            ["<label>"] = ["hammer"],
            ["<expletive>"] = ["f***ing"],
        },
        new Dictionary<string, IReadOnlyList<string>>());

    // The chart charges a little for what comes several times.
    private const float PriceOfRepeats = 0.5f;

    [Fact]
    public void A_seed_gives_the_same_sentences_and_another_one_others()
    {
        Assert.Equal(Texts(7), Texts(7));
        Assert.NotEqual(Texts(7), Texts(8));
        static List<string> Texts(int seed)
        {
            var sampler = new GrammarSampler(Grammar.Default, Lexicon.Default, SamplerWords.Spoken, seed);
            return [.. Enumerable.Range(0, 50).Select(_ => sampler.Draw(Grammar.Piece).Text)];
        }
    }

    [Fact]
    public void Every_alternative_of_the_grammar_can_be_said()
    {
        var sampler = Product(1, Everything);
        Assert.Empty(Grammar.Default.Alternatives.Where(way => !sampler.CanDraw(way)).Select(way => way.Where));
    }

    [Fact]
    public void What_is_drawn_is_what_the_chart_finds_there_and_no_cheaper()
    {
        var sampler = Product(2, SamplerWords.Known);
        string[] symbols = ["Piece", "Task", "Objects", "Np", "Constraint", "Question"];
        for (var i = 0; i < 180; i++)
        {
            var symbol = symbols[i % symbols.Length];
            var drawn = sampler.Draw(symbol);
            var chart = new Chart(Grammar.Default, drawn.Tokens);
            Terminals.Fill(chart, drawn.Tokens, Lexicon.Default, SceneWords.None);
            chart.Fill();
            var number = Grammar.Default.Find(symbol);
            Assert.True(chart.Derivations(number, 0, drawn.Tokens.Count) > 0, $"[{symbol}] {drawn.Text}");
            var price = chart.Price(number, 0, drawn.Tokens.Count, 0);
            Assert.True(price <= drawn.Path.Price + PriceOfRepeats, $"[{symbol}] {drawn.Text}");
        }
    }

    [Fact]
    public void The_tree_covers_every_word_once_and_in_order()
    {
        var sampler = Product(3, Everything);
        for (var i = 0; i < 80; i++)
        {
            var drawn = sampler.Draw([("Piece", null), ("Linked", null), ("Piece", "order")]);
            var words = drawn.Path.Pieces.SelectMany(piece => piece.All()).Where(node => node.Children.Count == 0)
                .SelectMany(leaf => Enumerable.Range(leaf.Start, leaf.End - leaf.Start));
            Assert.Equal(Enumerable.Range(0, drawn.Tokens.Count), words);
            Assert.InRange(drawn.Tokens.Count, 1, sampler.MaxWords);
        }
    }

    [Theory]
    [InlineData("x y", "x y")]
    [InlineData("x , y", "x, y")]
    [InlineData("x . y", "x. y")]
    [InlineData("x ,? y", "x y|x, y")]
    [InlineData("x .? y", "x y|x, y|x. y")]
    [InlineData("x (, y | , z)", "x, y|x, z")]
    [InlineData("x y?", "x|x y")]
    [InlineData("<hesitations:zz>? x", "x")]
    public void A_comma_stands_where_the_grammar_wants_one(string parts, string texts) => Assert.Equal(
        texts.Split('|'),
        Sample($"[Piece]\nall : {parts}").Select(drawn => drawn.Text).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void A_cheap_alternative_is_likelier_than_a_dear_one()
    {
        // e to the power of −1, and the other way round by a price of 2.
        var drawn = Sample("[Piece]\na : x @1\nb : y @2\nc : z", 5000).ToLookup(one => one.Path.Pieces[0].Label);
        Assert.InRange(drawn["a"].Count() / (double)drawn["c"].Count(), 0.33, 0.41);
        Assert.InRange(drawn["b"].Count() / (double)drawn["a"].Count(), 0.33, 0.41);
    }

    [Fact]
    public void What_holds_itself_ends()
    {
        var drawn = Sample("[Piece]\n- : S\n[S]\npair : S S S S\nrow : (x | y)+\n", 300).ToList();
        Assert.All(drawn, one => Assert.InRange(one.Tokens.Count, 1, 16));
        Assert.Contains(drawn, one => one.Labels.Contains("pair"));
    }

    [Fact]
    public void A_label_says_which_alternative_is_drawn_and_what_cannot_be_drawn_is_told()
    {
        var sampler = Product(4, SamplerWords.Known);
        for (var i = 0; i < 50; i++) Assert.Equal("harm", sampler.Draw(Grammar.Piece, "harm").Path.Pieces[0].Label);
        Assert.All(Enumerable.Range(0, 50), _ => Assert.DoesNotContain("_x", sampler.Draw("Head").Labels));
        var fault = Assert.Throws<InvalidOperationException>(() => sampler.Draw(Grammar.Piece, "nonsense"));
        Assert.Contains("[Piece] nonsense", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_sentence_means_is_read_from_its_tree()
    {
        var sampler = Product(5, SamplerWords.Known);
        var meant = Enumerable.Range(0, 50).Select(_ => sampler.Draw(Grammar.Piece, "thanks").Meaning()).ToList();
        Assert.All(meant, reading => Assert.Equal(SpeechAct.Courtesy, reading!.Act));
    }

    [Fact]
    public void Training_sentences_come_with_act_and_action()
    {
        var drawn = SentenceSamples.Draw(1).Take(400).ToList();
        Assert.Equal(drawn, SentenceSamples.Draw(1).Take(400));
        Assert.InRange(drawn.Count(one => one.Act == SpeechAct.Order), 150, 300);
        Assert.All(drawn, one => Assert.InRange(one.Text.Length, 1, CommandParser.MaxLength));
        Assert.DoesNotContain(drawn, one => one.Action != RobotActionKind.None && one.Act != SpeechAct.Order);
        Assert.InRange(drawn.Select(one => one.Act).Distinct().Count(), 9, 15);
    }

    private static GrammarSampler Product(int seed, SamplerWords words) =>
        new(Grammar.Default, Lexicon.Default, words, seed);

    private static IEnumerable<SampledSentence> Sample(string grammar, int count = 60)
    {
        var sampler = new GrammarSampler(TestGrammar.Of(grammar), Lexicon.Default, SamplerWords.Known, 6);
        return Enumerable.Range(0, count).Select(_ => sampler.Draw(Grammar.Piece));
    }
}
