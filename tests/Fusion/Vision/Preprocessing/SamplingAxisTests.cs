using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision.Preprocessing;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Fusion.Tests.Vision.Preprocessing;

/// <summary>Where samples fall among pixels, and the tables that kernels read it from.</summary>
public sealed unsafe class SamplingAxisTests
{
    [Theory]
    [InlineData(SamplingConvention.HalfPixel, 4, 4, false, new[] { 0, 1, 2, 3.0 })]
    [InlineData(SamplingConvention.HalfPixel, 4, 2, false, new[] { 0.5, 2.5 })]
    [InlineData(SamplingConvention.HalfPixel, 2, 4, false, new[] { 0, 0.25, 0.75, 1 })]
    [InlineData(SamplingConvention.HalfPixel, 4, 4, true, new[] { 0, 0.25, 0.75, 1 })]
    [InlineData(SamplingConvention.HalfPixel, 5, 5, true, new[] { 0, 0.25, 0.75, 1.25, 1.75 })]
    [InlineData(SamplingConvention.AlignCorners, 5, 3, false, new[] { 0, 2, 4.0 })]
    [InlineData(SamplingConvention.AlignCorners, 3, 5, false, new[] { 0, 0.5, 1, 1.5, 2 })]
    [InlineData(SamplingConvention.AlignCorners, 5, 1, false, new[] { 0.0 })]
    [InlineData(SamplingConvention.Asymmetric, 4, 2, false, new[] { 0, 2.0 })]
    [InlineData(SamplingConvention.Asymmetric, 2, 4, false, new[] { 0, 0.5, 1, 1 })]
    public void Samples_fall_where_the_convention_says(
        SamplingConvention convention, int pixels, int outputs, bool halved, double[] expected)
    {
        var axis = new SamplingAxis(convention, 0, pixels, outputs, pixels, halved);
        Assert.Equal(expected, Enumerable.Range(0, outputs).Select(i => axis.At(i).First + axis.At(i).Weight));
    }

    [Fact]
    public void A_region_begins_where_it_lies_and_reaches_into_what_is_beside_it()
    {
        var axis = new SamplingAxis(SamplingConvention.HalfPixel, 2, 4, 8, 10, Halved: false);
        Assert.Equal(new Tap(1, 0.75), axis.At(0));
        Assert.Equal(new Tap(5, 0.25), axis.At(7));
    }

    [Property(MaxTest = 500, Replay = "17,31")]
    public Property Positions_never_decrease_and_never_leave_the_image() => Prop.ForAll(
        Gen.Elements(Enum.GetValues<SamplingConvention>()).ToArbitrary(),
        Gen.ArrayOf(Gen.Choose(1, 60), 4).ToArbitrary(), Gen.Elements(true, false).ToArbitrary(),
        (convention, sizes, halved) =>
        {
            var axis = new SamplingAxis(convention, sizes[0] - 30.5, sizes[1] / 2.0, sizes[2], sizes[3], halved);
            var last = (halved ? (sizes[3] + 1) / 2 : sizes[3]) - 1;
            var positions = Enumerable.Range(0, sizes[2]).Select(axis.At).ToList();
            return positions.TrueForAll(tap => tap.First >= 0 && tap.First <= last && tap.Weight is >= 0 and < 1
                    && (tap.First < last || tap.Weight == 0))
                && positions.Zip(positions.Skip(1))
                    .All(pair => pair.First.First + pair.First.Weight <= pair.Second.First + pair.Second.Weight);
        });

    [Fact]
    public void The_last_block_of_a_row_is_moved_back_to_end_with_it()
    {
        var table = new ResampleTable(6);
        table.Build(Taps(10, 11, 12, 13, 14, 15), 10, 1, reversed: false, new LaneShape(4, 4, 0, 1, 0, false));
        Assert.Equal((6, 0, 1), (table.Elements, table.Vectors, table.Taps.Step));
        Assert.Equal([0, 1, 2, 3, 2, 3, 4, 5], new ReadOnlySpan<int>(table.Taps.Firsts, 8).ToArray());
        for (var i = 0; i < 8; i++)
            Assert.Equal((12288, 4096), (table.Taps.Weights[2 * i], table.Taps.Weights[2 * i + 1]));
    }

    [Theory]
    [InlineData(false, new[] { 0, 1, 2, 6, 7, 8 })]
    [InlineData(true, new[] { 2, 1, 0, 8, 7, 6 })]
    public void Interleaved_channels_lie_side_by_side_and_may_change_their_order(bool reversed, int[] expected)
    {
        var table = new ResampleTable(6);
        table.Build(Taps(3, 5), 3, 3, reversed, ScalarLanes.Shape);
        Assert.Equal((6, 3), (table.Elements, table.Taps.Step));
        Assert.Equal(expected, new ReadOnlySpan<int>(table.Taps.Firsts, 6).ToArray());
    }

    [Fact]
    public void A_window_begins_with_its_first_neighbour_and_counts_bytes_or_words_from_there()
    {
        var table = new ResampleTable(4);
        table.Build(Taps(2, 3, 5, 9), 0, 1, reversed: false, new LaneShape(4, 4, 4, 8, 2, true));
        Assert.Equal((2, 2), (table.Vectors, table.Taps.Windows[0]));
        Assert.Equal([0, 1, 2, 3, 2, 3, 4, 5, 6, 7, 8, 9, 14, 15, 16, 17],
            new ReadOnlySpan<byte>(table.Taps.Indices, 16).ToArray());
        table.Build(Taps(2, 3, 5, 9), 0, 1, reversed: false, new LaneShape(4, 4, 4, 16, 1, false));
        Assert.Equal(1, table.Vectors);
        Assert.Equal([0, 1, 1, 2, 3, 4, 7, 8], new ReadOnlySpan<ushort>(table.Taps.Indices, 8).ToArray());
    }

    [Theory]
    [InlineData(14, 2)]
    [InlineData(15, 0)]
    public void Neighbours_that_lie_too_far_apart_for_a_window_have_none(int last, int vectors)
    {
        var table = new ResampleTable(4);
        table.Build(Taps(0, 1, 2, last), 0, 1, reversed: false, new LaneShape(4, 4, 4, 8, 2, true));
        Assert.Equal(vectors, table.Vectors);
    }

    private static Tap[] Taps(params int[] firsts) => [.. firsts.Select(first => new Tap(first, 0.25))];
}
