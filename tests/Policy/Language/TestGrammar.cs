using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Tests.Language;

/// <summary>Grammars of a few lines, and what they make of a few words.</summary>
internal static class TestGrammar
{
    // A grammar has to say what joins pieces; most tests do not care.
    private const string Joints = "\n[Linked]\n- : Link Piece\n[Link]\nand : and\n";

    /// <summary>The grammar of a text that defines [Piece] at least.</summary>
    public static Grammar Of(string text) => new(Read(text + Joints));

    /// <summary>The alternatives of a text, read as the file test.grammar.</summary>
    public static List<Alternative> Read(string text) =>
        new GrammarFile("test.grammar").Read(new StringReader(text));

    /// <summary>A text as the product cuts it into words.</summary>
    public static List<Token> Words(string text) => Tokenizer.Tokenize(text, Lexicon.Default);

    /// <summary>The chart of a text, with its words and no phrases.</summary>
    public static Chart Fill(this Grammar grammar, IReadOnlyList<Token> tokens)
    {
        var chart = new Chart(grammar, tokens);
        for (var i = 0; i < tokens.Count; i++)
        {
            chart.Add(tokens[i].Word, "=" + tokens[i].Word, i, 1, 0, "");
            chart.Add("_", i, 1, 0, "");
        }

        chart.Fill();
        return chart;
    }

    /// <summary>The prices of a symbol's derivations over a whole text, in the chart's order.</summary>
    public static List<float> Prices(this Grammar grammar, string symbol, string text)
    {
        var tokens = Words(text);
        var chart = grammar.Fill(tokens);
        var number = grammar.Find(symbol);
        return [.. Enumerable.Range(0, chart.Derivations(number, 0, tokens.Count))
            .Select(rank => chart.Price(number, 0, tokens.Count, rank))];
    }
}
