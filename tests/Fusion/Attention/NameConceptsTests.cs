using EdgePerception.Fusion.Attention;

namespace EdgePerception.Fusion.Tests.Attention;

public sealed class NameConceptsTests
{
    private static readonly NameConcepts Names = new(
        new Vocabulary("cup\t5000 5001\nmug\t5000 5002\ncoffee\t6000\ncoffee_pot\t7000 7001"u8, "test"));

    [Theory]
    [InlineData("cup", "cup", 1)]
    [InlineData("cup", "mug", 0.5)]
    [InlineData("Cups", "mug", 0.5)]
    [InlineData("cup", "coffee", 0)]
    [InlineData("cup", "unknown", 0)]
    [InlineData("", "cup", 0)]
    public void Likeness_is_the_share_of_common_concepts(string one, string other, double likeness)
    {
        Assert.Equal(likeness, Names.Likeness(one, other), 9);
        Assert.Equal(likeness, Names.Likeness(other, one), 9);
    }

    [Fact]
    public void A_name_of_several_words_has_its_own_concepts_or_else_those_of_its_words()
    {
        Assert.Equal(0, Names.Likeness("coffee pot", "coffee"));
        Assert.Equal(1 / Math.Sqrt(6) * 2, Names.Likeness("coffee cup", "cup"), 9);
    }
}
