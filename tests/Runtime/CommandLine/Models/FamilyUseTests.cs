using EdgePerception.Fusion.Inference;
using EdgePerception.Runtime.CommandLine.Models;

namespace EdgePerception.Runtime.Tests.CommandLine.Models;

public class FamilyUseTests
{
    public static TheoryData<DecoderFamily> Families => [.. Enum.GetValues<DecoderFamily>()];

    [Theory]
    [MemberData(nameof(Families))]
    public void Each_family_can_be_verified_and_tried(DecoderFamily family) => Assert.True(
        FamilyUse.Families.Contains(family),
        $"{family} has neither a row in FamilyUse nor, as an object detector, one in DetectionDecoders");
}
