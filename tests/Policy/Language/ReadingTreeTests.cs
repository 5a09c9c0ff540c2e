using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Tests.Language;

public class ReadingTreeTests
{
    private static readonly string[] Ambiguous =
    [
        "go to the light on the right", "take the orange light", "follow the man with the dog that barks",
        "I'm thirsty bring me the cup next to the bottle on the table", "go to the cup of", "of of, go to the of cup",
    ];

    [Fact]
    public void A_reading_has_its_meaning_and_accounts_for_every_word()
    {
        var reading = ReadingTree.Of("bring me the red cup")[0];
        Assert.Matches("^Bring .*cup", reading.Summary);
        Assert.True(reading.IsPicked);
        Assert.Equal("bring me the red cup", string.Join(' ', reading.Tree.SelectMany(Leaves)));
    }

    [Fact]
    public void What_was_not_understood_is_said_and_stands_in_its_place()
    {
        var torn = Ambiguous.SelectMany(ReadingTree.Of).Where(reading => Unread(reading).Count > 0).ToList();
        Assert.NotEmpty(torn);
        Assert.All(torn, reading => Assert.Superset(Unread(reading), reading.Unread.ToHashSet()));
        Assert.All(torn, reading => Assert.EndsWith(
            $"; not understood: {string.Join(' ', reading.Unread)}", reading.Summary, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("")]
    [InlineData("принеси мне чашку")]
    public void A_text_that_is_not_parsed_has_a_meaning_and_no_parts(string text)
    {
        var reading = Assert.Single(ReadingTree.Of(text));
        Assert.NotEmpty(reading.Summary);
        Assert.Empty(reading.Tree);
    }

    [Fact]
    public void Runners_up_follow_and_are_no_cheaper()
    {
        var readings = Ambiguous.Select(ReadingTree.Of).ToList();
        foreach (var one in readings)
        {
            var prices = one.Select(reading => reading.Price).ToList();
            Assert.Equal(prices.Order(), prices);
            Assert.Same(one[0], Assert.Single(one, reading => reading.IsPicked));
        }

        Assert.Contains(readings, one => one.Count > 1);
    }

    [Fact]
    public void The_prices_of_the_parts_add_up_to_that_of_the_reading() => Assert.All(
        Ambiguous.SelectMany(ReadingTree.Of).Where(reading => reading.Tree.Count > 0),
        reading => Assert.Equal(reading.Price, reading.Tree.Sum(part => part.Price), 0.02 * reading.Tree.Count));

    private static HashSet<string> Unread(ReadingTree reading) =>
        [.. reading.Tree.Where(part => part.Label == "unread").Select(part => part.Words)];

    private static IEnumerable<string> Leaves(ReadingPart part) =>
        part.Parts.Count == 0 ? [part.Words] : part.Parts.SelectMany(Leaves);
}
