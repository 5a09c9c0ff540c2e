using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Tests.Language;

public class StopWordsTests
{
    [Theory]
    [InlineData("stop", "row 1: section [] is not known")]
    [InlineData("[stop]\nhalt\n[go]\ngo", "row 4: section [go] is not known")]
    [InlineData("[stop]\nhalt, <x> it", "row 2: class 'x' is not known")]
    [InlineData("[classes]\nx = a\n\nx = b", "row 4: class 'x' is given twice")]
    [InlineData("[classes]\nx a", "row 2: a class is 'name = phrase, phrase'")]
    [InlineData("[stop]\n# why\nhalt,, stop", "row 3: an empty phrase")]
    [InlineData("[stop]\nhalt / a / b", "row 2: more than one '/'")]
    [InlineData("[fillers]\nso / what", "row 2: section [fillers] knows no '/'")]
    [InlineData("[stop]\ndon't", "row 2: 'don't' is no word")]
    [InlineData("[stop]\na b c d e f g h i", "row 2: 'a b c d e f g h i' is not of 1 to 8 words")]
    [InlineData("[stop]\n(a)", "row 2: '(a)' is not of 1 to 8 words")]
    [InlineData("[stop]\nhalt\n[fillers]\nright now", "row 4: 'right now' is more than one word")]
    [InlineData("[stop]\nhold it", "row 2: no word that halts")]
    [InlineData("[classes]\nx = a,b,c,d,e,f,g,h\n[stop]\n<x> <x> <x> <x> <x>", "row 4: '<x> <x> <x> <x> <x>' can be")]
    public void A_fault_is_one_line_with_file_and_row(string text, string fault)
    {
        var thrown = Assert.Throws<InvalidDataException>(() => StopWords.Read(new StringReader(text)));
        Assert.StartsWith($"stops.txt {fault}", thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', thrown.Message);
    }

    [Fact]
    public void No_word_that_halts_is_a_filler_or_a_link()
    {
        var words = StopWords.Default;
        Assert.DoesNotContain(words.Single, words.Fillers.Contains);
        Assert.DoesNotContain(words.Single, words.Links.Contains);
    }
}
