using System.Text.Json;
using EdgePerception.Policy.Language;
using EdgePerception.Runtime.CommandLine;

namespace EdgePerception.Runtime.Tests.CommandLine;

public sealed class ReadingReportTests
{
    private static readonly ReadingPart The = new("the", "", "the", 0, []);
    private static readonly ReadingPart Cup = new("noun", "", "cup", 0.5, [new("<noun>", "cup", "cup", 0.5, [])]);
    private static readonly ReadingPart Phrase = new("np", "", "the cup", 0.5, [The, Cup]);
    private static readonly ReadingPart Object = new("objects", "", "the cup", 0.5, [Phrase]);

    private static readonly ReadingTree[] Readings =
    [
        new(6.75, "Pick [One cup]; not understood: of", false, ["of"],
        [
            new("order", "", "take the cup", 0.75, [new("<verbs>", "pick", "take", 0, []), Object]),
            new("unread", "", "of", 6, []),
        ]),
        new(7, "statement: that says how things are", true, [], [new("word", "any", "take the cup of", 7, [])]),
    ];

    [Fact]
    public void Columns_line_up_and_nothing_is_said_twice() => Assert.Equal(
        [
            "reading 1, price 6.75: Pick [One cup]; not understood: of",
            "   0.75  order                  take the cup",
            "   0.00    <verbs> = pick       take",
            "   0.50    objects np           the cup",
            "   0.00      the",
            "   0.50      noun <noun> = cup  cup",
            "   6.00  unread                 of",
            "",
            "runner-up 2, price 7.00, picked by the scene: statement: that says how things are",
            "   7.00  word  take the cup of",
        ],
        Written(isTerminal: false, json: false));

    [Fact]
    public void Only_a_terminal_is_sent_colours()
    {
        var lines = Written(isTerminal: true, json: false);
        Assert.Equal("\e[36mreading 1, price 6.75: \e[0mPick [One cup]; not understood: of", lines[0]);
        var red = Assert.Single(lines, line => line.StartsWith("\e[31m", StringComparison.Ordinal));
        Assert.Equal("unread", red[14..20]);
        Assert.DoesNotContain('\e', string.Concat(Written(isTerminal: true, json: true)));
    }

    [Fact]
    public void Json_holds_the_same()
    {
        ReadingTree[] one = [Readings[0] with { Tree = [new("unread", "", "of", 6, [The])] }];
        Assert.Equal(
            [
                """
                {"readings":[{"price":6.75,"summary":"Pick [One cup]; not understood: of","isPicked":false,
                "unread":["of"],"tree":[{"label":"unread","meaning":"","words":"of","price":6,
                "parts":[{"label":"the","meaning":"","words":"the","price":0,"parts":[]}]}]}]}
                """.Replace("\n", "", StringComparison.Ordinal),
            ],
            Written(one, isTerminal: false, json: true));
    }

    [Fact]
    public void A_description_within_a_description_has_its_json_however_deep()
    {
        var text = "take cup" + string.Concat(Enumerable.Repeat(" near cup", 12));
        var json = Assert.Single(Written(ReadingTree.Of(text), isTerminal: false, json: true));
        var readings = JsonElement.Parse(json, new JsonDocumentOptions { MaxDepth = 256 }).GetProperty("readings");
        Assert.StartsWith("Pick [One cup", readings[0].GetProperty("summary").GetString(), StringComparison.Ordinal);
        Assert.Contains("\"words\":\"near cup near cup\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_said_stays_visible_and_in_its_line()
    {
        ReadingTree[] readings = [new(0, "a\nb\e[1m", true, [], [new("x", "", "c\u202ed", 0, [])])];
        Assert.Equal(
            ["reading 1, price 0.00: a\\u000Ab\\u001B[1m", "   0.00  x  c\\u202Ed"],
            Written(readings, isTerminal: false, json: false));
    }

    private static string[] Written(bool isTerminal, bool json) => Written(Readings, isTerminal, json);

    private static string[] Written(IReadOnlyList<ReadingTree> readings, bool isTerminal, bool json)
    {
        using var text = new StringWriter();
        using var output = new VisibleWriter(text, isTerminal);
        ReadingReport.Write(output, readings, json);
        return text.ToString().TrimEnd('\n').Split('\n');
    }
}
