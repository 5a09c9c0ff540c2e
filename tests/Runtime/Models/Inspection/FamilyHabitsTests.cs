using EdgePerception.Fusion.Inference;
using EdgePerception.Runtime.Models.Inspection;

namespace EdgePerception.Runtime.Tests.Models.Inspection;

public class FamilyHabitsTests
{
    // Their files do not say what they are; people copy the manifests that are there.
    private static readonly DecoderFamily[] NeverDrafted = [DecoderFamily.SentenceEmbedding, DecoderFamily.Grounding];

    public static TheoryData<DecoderFamily> Families => [.. Enum.GetValues<DecoderFamily>()];

    [Theory]
    [MemberData(nameof(Families))]
    public void Each_family_that_is_drafted_has_a_row(DecoderFamily family) => Assert.True(
        FamilyHabits.Families.Contains(family) != NeverDrafted.Contains(family),
        $"{family} needs a row in FamilyHabits, or stands among those that models inspect never drafts; not both");

    [Fact]
    public void A_family_that_takes_any_size_has_lengths_for_it() => Assert.Equal(
        ModelFamily.All.Where(family => family.TakesAnySize).Select(family => family.Decoder).Order(),
        FamilyHabits.Families.Where(family => FamilyHabits.Of(family).AnySize is not null).Order());
}
