using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Tests.Language;

/// <summary>What a line of stops.txt stands for.</summary>
public sealed class PhraseNotationTests
{
    private readonly PhraseNotation _notation = new();

    [Theory]
    [InlineData("stop", "stop")]
    [InlineData(" stop ,  go   on ", "stop", "go on")]
    [InlineData("go (right) on", "go on", "go right on")]
    [InlineData("(go) (on) now", "now", "on now", "go now", "go on now")]
    [InlineData("ST\u00d6P", "stop")]
    [InlineData("arrêtez", "arretez")]
    public void A_list_is_written_out(string list, params string[] expected) =>
        Assert.Equal(expected, _notation.Phrases(list).Select(words => string.Join(' ', words)));

    [Fact]
    public void A_class_stands_for_each_of_its_phrases_and_may_be_left_out()
    {
        _notation.AddClass("be = stay, keep still");
        _notation.AddClass("now = <be> now");
        Assert.Equal(["stay", "keep still"], Said("<be>"));
        Assert.Equal(["do stay here", "do keep still here"], Said("do <be> here"));
        Assert.Equal(["do", "do stay", "do keep still"], Said("do (<be>)"));
        Assert.Equal(["stay now", "keep still now"], Said("<now>"));
    }

    [Theory]
    [InlineData("", "an empty phrase")]
    [InlineData("stop,", "an empty phrase")]
    [InlineData("stop!", "'stop!' is no word")]
    [InlineData("<be", "'<be' is no word")]
    public void A_fault_is_told(string list, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => _notation.Phrases(list)).Message);

    [Theory]
    [InlineData("= stay", "a class is 'name = phrase, phrase'")]
    [InlineData("be = stay = keep", "a class is 'name = phrase, phrase'")]
    [InlineData("be =", "an empty phrase")]
    [InlineData("self = <self>", "class 'self' is not known")]
    public void A_class_has_a_name_and_phrases_that_do_not_need_it(string line, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => _notation.AddClass(line)).Message);

    [Fact]
    public void A_phrase_that_multiplies_without_end_is_refused()
    {
        _notation.AddClass("ten = a, b, c, d, e, f, g, h, i, j");
        Assert.Equal(1000, _notation.Phrases("<ten> <ten> <ten>").Count);
        Assert.Equal("'<ten> <ten> <ten> <ten>' can be said in more than 5000 ways",
            Assert.Throws<FormatException>(() => _notation.Phrases("<ten> <ten> <ten> <ten>")).Message);
    }

    [Fact]
    public void A_word_is_kept_once_and_shared()
    {
        var first = _notation.Phrases("stop now")[0];
        var second = _notation.Phrases("STOP")[0];
        Assert.Same(first[0], second[0]);
        Assert.Equal(["now", "stop"], _notation.Words.Keys.Order(StringComparer.Ordinal));
    }

    private IEnumerable<string> Said(string list) =>
        _notation.Phrases(list).Select(words => string.Join(' ', words));
}
