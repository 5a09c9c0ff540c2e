using System.Buffers.Binary;
using EdgePerception.Runtime.Drawing;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using SkiaSharp;

namespace EdgePerception.Runtime.Tests.Drawing;

/// <summary>The eXIf chunk of a PNG, well made and otherwise.</summary>
public sealed class PngOrientationTests
{
    public static TheoryData<int> Turns => [.. Enumerable.Range(1, 8)];

    [Theory]
    [MemberData(nameof(Turns))]
    public void Each_of_the_eight_is_told_in_both_byte_orders(int turn)
    {
        Assert.Equal((SKEncodedOrigin)turn, PngOrientation.Of(Png(Tiff(turn, isLittle: true))));
        Assert.Equal((SKEncodedOrigin)turn, PngOrientation.Of(Png(Tiff(turn, isLittle: false))));
        // As writers do that copy it from a JPEG.
        Assert.Equal((SKEncodedOrigin)turn, PngOrientation.Of(Png([.. "Exif\0\0"u8, .. Tiff(turn, isLittle: true)])));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(65535)]
    public void A_turn_that_is_none_is_upright(int turn) =>
        Assert.Equal(SKEncodedOrigin.TopLeft, PngOrientation.Of(Png(Tiff(turn, isLittle: true))));

    [Fact]
    public void Chunks_before_it_are_passed_over_and_a_second_one_is_not_asked()
    {
        var first = Chunk("eXIf", Tiff(6, isLittle: true));
        byte[] png = [.. Signature(), .. Chunk("IHDR", new byte[13]), .. Chunk("tEXt", "a\0b"u8.ToArray()), .. first,
            .. Chunk("eXIf", Tiff(3, isLittle: true))];
        Assert.Equal(SKEncodedOrigin.RightTop, PngOrientation.Of(png));
    }

    [Fact]
    public void A_file_that_ends_anywhere_is_upright_or_right()
    {
        var png = Png(Tiff(6, isLittle: true));
        for (var length = 0; length < png.Length; length++)
            Assert.Equal(SKEncodedOrigin.TopLeft, PngOrientation.Of(png.AsSpan(0, length)));
    }

    [Fact]
    public void Lengths_and_places_that_lead_beyond_the_end_are_believed_nowhere()
    {
        var png = Png(Tiff(6, isLittle: true));
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(8), uint.MaxValue);
        Assert.Equal(SKEncodedOrigin.TopLeft, PngOrientation.Of(png));
        var far = Tiff(6, isLittle: true);
        BinaryPrimitives.WriteUInt32LittleEndian(far.AsSpan(4), 0xffff_fff0);
        Assert.Equal(SKEncodedOrigin.TopLeft, PngOrientation.Of(Png(far)));
        var many = Tiff(6, isLittle: true);
        BinaryPrimitives.WriteUInt16LittleEndian(many.AsSpan(8), ushort.MaxValue);
        BinaryPrimitives.WriteUInt16LittleEndian(many.AsSpan(10), 0x0100);
        Assert.Equal(SKEncodedOrigin.TopLeft, PngOrientation.Of(Png(many)));
    }

    [Property(MaxTest = 500)]
    public Property Any_bytes_tell_one_of_the_eight() => Prop.ForAll(
        Gen.ArrayOf(Gen.Choose(0, 255).Select(n => (byte)n)).ToArbitrary(),
        bytes => PngOrientation.Of(Png(bytes)) is >= SKEncodedOrigin.TopLeft and <= SKEncodedOrigin.LeftBottom);

    private static byte[] Png(byte[] exif) =>
        [.. Signature(), .. Chunk("IHDR", new byte[13]), .. Chunk("eXIf", exif)];

    private static byte[] Signature() => [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

    private static byte[] Chunk(string name, byte[] content)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        return [.. length, .. System.Text.Encoding.ASCII.GetBytes(name), .. content, 0, 0, 0, 0];
    }

    // One directory of one entry: the orientation, a short.
    private static byte[] Tiff(int turn, bool isLittle)
    {
        byte[] tiff = [.. isLittle ? "II*\0"u8 : "MM\0*"u8, .. new byte[22]];
        var at = tiff.AsSpan();
        Number32(at[4..], 8);
        Number16(at[8..], 1);
        Number16(at[10..], 0x0112);
        Number16(at[12..], 3);
        Number32(at[14..], 1);
        Number16(at[18..], (ushort)turn);
        return tiff;

        void Number16(Span<byte> to, ushort value)
        {
            if (isLittle) BinaryPrimitives.WriteUInt16LittleEndian(to, value);
            else BinaryPrimitives.WriteUInt16BigEndian(to, value);
        }

        void Number32(Span<byte> to, uint value)
        {
            if (isLittle) BinaryPrimitives.WriteUInt32LittleEndian(to, value);
            else BinaryPrimitives.WriteUInt32BigEndian(to, value);
        }
    }
}
