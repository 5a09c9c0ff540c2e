using EdgePerception.Policy.Language;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Policy.Tests.Language;

/// <summary>Phrases found word by word; "|" stands for a mark that parts clauses.</summary>
public sealed class PhraseTrieTests
{
    private static readonly Gen<string[]> Words =
        Gen.NonEmptyListOf(Gen.Elements("a", "b", "c")).Select(words => words.Take(6).ToArray());

    [Fact]
    public void Phrases_come_shortest_first_with_all_that_they_mean()
    {
        var trie = Trie("go", "go on", "go on then", "on");
        trie.Add(["go", "on"], "again");
        Assert.Equal([("go", 2), ("go on", 3), ("again", 3)], All(trie.At(Text("now go on"), 1)));
        Assert.Equal([("on", 3)], All(trie.At(Text("now go on"), 2)));
        Assert.Empty(All(trie.At(Text("now go on"), 0)));
        Assert.Empty(All(trie.At(Text("now go on"), 3)));
    }

    [Fact]
    public void A_mark_parts_a_phrase_but_not_before_its_first_word()
    {
        var trie = Trie("go on");
        Assert.Equal([("go on", 3)], All(trie.At(Text("now | go on"), 1)));
        Assert.Empty(All(trie.At(Text("go | on"), 0)));
        Assert.Equal([("go on", 2)], All(trie.At(Text("go | on"), 0, overBreaks: true)));
    }

    [Theory]
    [InlineData("now go on", 1, true)]
    [InlineData("now | go on", 1, false)]
    [InlineData("now go | on", 1, false)]
    [InlineData("now go", 1, false)]
    [InlineData("now go on", 3, false)]
    [InlineData("", 0, false)]
    public void A_phrase_is_next_where_no_mark_stands_before_or_in_it(string text, int position, bool isNext) =>
        Assert.Equal(isNext, Trie("go on").IsNext(Text(text), position));

    [Theory]
    [InlineData("so do not move", 3, 1)]
    [InlineData("so do not | move", 3, null)]
    [InlineData("so do | not move", 3, null)]
    [InlineData("so | do not move", 3, 1)]
    [InlineData("not move", 1, null)]
    [InlineData("do not", 0, null)]
    [InlineData("really never move", 2, 1)]
    public void A_reversed_phrase_is_found_from_its_end(string text, int position, int? start)
    {
        var trie = new PhraseTrie<string>();
        trie.AddReversed(["do", "not"], "denial");
        trie.AddReversed(["really", "never"], "longer");
        trie.AddReversed(["never"], "shortest");
        Assert.Equal(start, trie.StartBefore(Text(text), position));
        Assert.Equal(start is not null, trie.IsBefore(Text(text), position));
    }

    [Fact]
    public void An_empty_phrase_stands_everywhere()
    {
        var trie = Trie("");
        Assert.Equal([("", 0)], All(trie.At(Text(""), 0)));
        Assert.True(trie.IsNext(Text("a"), 0));
    }

    [Property(MaxTest = 300, Replay = "17,31")]
    public Property A_walk_finds_exactly_the_phrases_that_stand_there() => Prop.ForAll(
        Gen.ListOf(Words).ToArbitrary(), Words.ToArbitrary(), (phrases, text) =>
        {
            var trie = new PhraseTrie<string>();
            foreach (var phrase in phrases) trie.Add(phrase, string.Join(' ', phrase));
            return Enumerable.Range(0, text.Length + 1).All(at =>
            {
                var expected = phrases.Where(phrase => text.AsSpan(at).StartsWith(phrase))
                    .Select(phrase => (string.Join(' ', phrase), at + phrase.Length)).OrderBy(found => found.Item2);
                return expected.SequenceEqual(All(trie.At(Text(string.Join(' ', text)), at)));
            });
        });

    private static List<(string Meaning, int End)> All(PhraseTrie<string>.MatchesAt matches)
    {
        var found = new List<(string, int)>();
        while (matches.MoveNext()) found.Add((matches.Current, matches.End));
        return found;
    }

    private static PhraseTrie<string> Trie(params string[] phrases)
    {
        var trie = new PhraseTrie<string>();
        foreach (var phrase in phrases) trie.Add(phrase.Split(' ', StringSplitOptions.RemoveEmptyEntries), phrase);
        return trie;
    }

    private static List<StopToken> Text(string text)
    {
        var tokens = new List<StopToken>();
        var afterBreak = false;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (word != "|") tokens.Add(new StopToken(word, afterBreak, IsSlip: false));
            afterBreak = word == "|";
        }

        return tokens;
    }
}
