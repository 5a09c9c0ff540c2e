using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Tests.Inference;
using EdgePerception.Fusion.Vision.Decoders;

namespace EdgePerception.Fusion.Tests.Vision.Decoders;

/// <summary>What it refuses; what it reads is in <see cref="ReferenceTests"/>.</summary>
public sealed class NanodetDecoderTests
{
    [Theory]
    [InlineData("96,4 96,32 24,4 24,32 6,4 6,32", "")]
    [InlineData("6,32 96,4 24,4 96,32 24,32 6,4", "")]
    [InlineData("96,32 96,4", "")]
    [InlineData("128,36", "")]
    [InlineData("126,36", "")]
    [InlineData("127,36", "has 127 cells")]
    [InlineData("96,35", "[n, cells, 4 labels + 4 · bins]")]
    [InlineData("95,4 95,32", "has 95 cells")]
    [InlineData("96,5 96,32", "of probabilities or")]
    [InlineData("96,4 96,30", "of probabilities or")]
    [InlineData("96,4 24,32", "a pair for each number of cells")]
    [InlineData("96,4 96,32 24,4 24,64", "a pair for each number of cells")]
    [InlineData("96,4 96,32 24,4", "the manifest names 3")]
    public void Outputs_that_do_not_go_together_are_refused(string outputs, string reason)
    {
        var manifest = ReferenceModels.Manifest("nanodet") with
        {
            Outputs = [
                .. outputs.Split(' ').Select((output, index) =>
                    TestModels.Tensor($"o{index}", [-1, .. output.Split(',').Select(int.Parse)]))],
        };
        var refused = Record.Exception(() => new NanodetDecoder(manifest));
        if (reason.Length == 0) Assert.Null(refused);
        else Assert.Contains(reason, Assert.IsType<ModelException>(refused).Message, StringComparison.Ordinal);
    }
}
