using EdgePerception.Fusion.Inference.Onnx;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Fusion.Tests.Inference.Onnx;

/// <summary>The wire format of protobuf, of files that nobody vouches for.</summary>
public sealed class ProtobufReaderTests
{
    [Fact]
    public void Fields_come_in_their_order_with_what_is_theirs()
    {
        // 1: varint 300; 2: bytes "abc"; 3: fixed32; 4: fixed64; the rest of each is empty.
        var reader = new ProtobufReader(
        [
            0x08, 0xac, 0x02, 0x12, 3, 0x61, 0x62, 0x63, 0x1d, 1, 2, 3, 4, 0x21, 1, 2, 3, 4, 5, 6, 7, 8,
        ]);
        Assert.True(reader.Next());
        Assert.Equal((1, 300L, 0, 0), (reader.Field, reader.Number, reader.Bytes.Length, reader.Fixed.Length));
        Assert.True(reader.Next());
        Assert.Equal((2, 0L, "abc"), (reader.Field, reader.Number, reader.Text));
        Assert.True(reader.Next());
        Assert.Equal((3, 4, ""), (reader.Field, reader.Fixed.Length, reader.Text));
        Assert.True(reader.Next());
        Assert.Equal((4, 8), (reader.Field, reader.Fixed.Length));
        Assert.False(reader.Next());
        Assert.False(reader.Next());
    }

    [Theory]
    [InlineData("08")]
    [InlineData("08ff")]
    [InlineData("1203 6162")]
    [InlineData("12ffffffff0f 61")]
    [InlineData("12ffffffffffffffffff01 61")]
    [InlineData("1d 010203")]
    [InlineData("21 01020304050607")]
    [InlineData("ff")]
    public void A_message_that_ends_within_a_field_is_cut(string hex) =>
        Assert.Throws<EndOfStreamException>(() => ReadAll(Bytes(hex)));

    [Theory]
    [InlineData("03")]
    [InlineData("04")]
    [InlineData("06 00")]
    [InlineData("07")]
    [InlineData("00 01")]
    [InlineData("08 80808080808080808080 01")]
    public void What_is_no_field_is_no_message(string hex) => Assert.Equal(
        "its bytes are no protobuf message", Assert.Throws<FormatException>(() => ReadAll(Bytes(hex))).Message);

    [Theory]
    [InlineData("08 ffffffffffffffffff01", -1)]
    [InlineData("08 80808080808080808001", long.MinValue)]
    [InlineData("08 00", 0)]
    [InlineData("08 8000", 0)]
    public void A_varint_has_64_bits(string hex, long expected)
    {
        var reader = new ProtobufReader(Bytes(hex));
        Assert.True(reader.Next());
        Assert.Equal(expected, reader.Number);
    }

    [Fact]
    public void Packed_numbers_are_read_one_after_the_other_and_cut_ones_are_refused()
    {
        var reader = new ProtobufReader([1, 0xac, 0x02, 0]);
        var numbers = new List<long>();
        while (reader.NextPacked()) numbers.Add(reader.Number);
        Assert.Equal([1, 300, 0], numbers);
        Assert.Throws<EndOfStreamException>(() =>
        {
            var cut = new ProtobufReader([0x80]);
            cut.NextPacked();
        });
    }

    [Property(MaxTest = 500)]
    public Property Any_bytes_end_or_are_refused() => Prop.ForAll(
        Gen.ArrayOf(Gen.Choose(0, 255).Select(n => (byte)n)).ToArbitrary(), bytes =>
        {
            try
            {
                return ReadAll(bytes) <= bytes.Length;
            }
            catch (Exception e) when (e is EndOfStreamException or FormatException)
            {
                return true;
            }
        });

    private static int ReadAll(byte[] bytes)
    {
        var reader = new ProtobufReader(bytes);
        var fields = 0;
        while (reader.Next()) fields++;
        return fields;
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
