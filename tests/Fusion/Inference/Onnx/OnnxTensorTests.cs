using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Inference.Onnx;

namespace EdgePerception.Fusion.Tests.Inference.Onnx;

/// <summary>What a graph says of a tensor, byte by byte.</summary>
public sealed class OnnxTensorTests
{
    [Theory]
    [InlineData(1, "float32", TensorType.Float32)]
    [InlineData(2, "uint8", TensorType.Uint8)]
    [InlineData(6, "int32", TensorType.Int32)]
    [InlineData(7, "int64", TensorType.Int64)]
    [InlineData(9, "bool", TensorType.Bool)]
    [InlineData(10, "float16", TensorType.Float16)]
    [InlineData(0, "unknown", null)]
    [InlineData(11, "float64", null)]
    [InlineData(16, "bfloat16", null)]
    [InlineData(17, "element type 17", null)]
    [InlineData(-1, "element type -1", null)]
    public void An_element_type_has_a_name_and_is_bound_where_it_can_be(long element, string name, TensorType? type)
    {
        var tensor = OnnxTensor.Parse([.. Part(1, "x"u8), .. Part(2, Part(1, Number(1, element)))]);
        Assert.Equal(("x", name, type, 0), (tensor.Name, tensor.TypeName, tensor.Type, tensor.Rank));
    }

    [Theory]
    [InlineData(4, "a sequence")]
    [InlineData(5, "a map")]
    [InlineData(8, "a sparse tensor")]
    [InlineData(9, "an optional")]
    [InlineData(6, "unknown")]
    public void What_is_no_tensor_is_called_what_it_is(int field, string expected)
    {
        var tensor = OnnxTensor.Parse(Part(2, Part(field, [])));
        Assert.Equal(("", expected, null), (tensor.Name, tensor.TypeName, tensor.Type));
    }

    [Fact]
    public void Axes_are_lengths_or_free_and_what_no_tensor_can_have_says_nothing()
    {
        var tensor = Shaped(
            Number(1, 3), Part(2, "batch"u8), [], Number(1, -5), Number(1, 1L << 31), Number(1, int.MaxValue),
            Number(1, 0), [.. Number(1, 4), .. Part(2, "late"u8)], [.. Part(2, "early"u8), .. Number(1, 7)]);
        Assert.Equal("x float32 [3, batch, ?, ?, ?, 2147483647, 0, late, 7]", tensor.ToString());
        Assert.Equal([3, -1, -1, -1, -1, int.MaxValue, 0, -1, 7], tensor.Axes.Select(axis => axis.Length));
        Assert.Equal((9, 7, -1), (tensor.Rank, tensor.Axis(8), tensor.Axis(9)));
    }

    [Fact]
    public void Fields_that_are_not_known_are_passed_over()
    {
        var tensor = OnnxTensor.Parse(
            [.. Number(9, 1), .. Part(3, "doc"u8), .. Part(1, "y"u8), .. Part(2, [.. Part(6, "t"u8),
                .. Part(1, [.. Number(1, 7), .. Part(2, [.. Number(5, 5), .. Part(1, Number(1, 2))])])])]);
        Assert.Equal("y int64 [2]", tensor.ToString());
    }

    [Fact]
    public void Sixty_four_axes_are_the_most()
    {
        Assert.Equal(64, Shaped([.. Enumerable.Repeat(Number(1, 1), 64)]).Rank);
        Assert.Equal("a tensor has more than 64 axes",
            Assert.Throws<FormatException>(() => Shaped([.. Enumerable.Repeat(Number(1, 1), 65)])).Message);
    }

    [Fact]
    public void A_part_that_claims_more_than_it_is_in_is_cut_though_the_file_goes_on()
    {
        byte[] shape = [0x0a, 9, .. Number(1, 1)];
        byte[] file = [.. Part(2, Part(1, [.. Number(1, 1), .. Part(2, shape)])), .. Part(3, new byte[64])];
        Assert.Throws<EndOfStreamException>(() => OnnxTensor.Parse(file));
    }

    private static OnnxTensor Shaped(params byte[][] axes) => OnnxTensor.Parse(
        [.. Part(1, "x"u8), .. Part(2, Part(1,
            [.. Number(1, 1), .. Part(2, [.. axes.SelectMany(axis => Part(1, axis))])]))]);

    private static byte[] Number(int field, long value) => [.. Varint((ulong)field << 3), .. Varint((ulong)value)];

    private static byte[] Part(int field, ReadOnlySpan<byte> bytes) =>
        [.. Varint(((ulong)field << 3) | 2), .. Varint((ulong)bytes.Length), .. bytes];

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        return [.. bytes, (byte)value];
    }
}
