using System.Buffers.Binary;
using SkiaSharp;

namespace EdgePerception.Runtime.Tests.Drawing;

/// <summary>Image files made byte by byte: with what EXIF says of them, and with headers that lie.</summary>
internal static class TestImages
{
    /// <summary>Encodes rows of blocks of one colour each, 16 pixels a side, so that JPEG does not mix them.</summary>
    public static byte[] Blocks(SKEncodedImageFormat format, SKColor[][] rows)
    {
        var (width, height) = (rows[0].Length * 16, rows.Length * 16);
        using var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        for (var y = 0; y < bitmap.Height; y++)
        {
            for (var x = 0; x < bitmap.Width; x++) bitmap.SetPixel(x, y, rows[y / 16][x / 16]);
        }

        using var data = bitmap.Encode(format, 100);
        return data.ToArray();
    }

    /// <summary>A TIFF header with one entry, as EXIF has it.</summary>
    public static byte[] Exif(int orientation, bool isLittle = true, int tag = 0x0112, int type = 3)
    {
        var exif = new byte[26];
        (isLittle ? "II*\0"u8 : "MM\0*"u8).CopyTo(exif);
        Write(4, 8, 4);
        Write(8, 1, 2);
        Write(10, tag, 2);
        Write(12, type, 2);
        Write(14, 1, 4);
        Write(18, orientation, 2);
        return exif;

        void Write(int at, int value, int length)
        {
            for (var i = 0; i < length; i++) exif[at + i] = (byte)(value >> 8 * (isLittle ? i : length - 1 - i));
        }
    }

    /// <summary>The file with EXIF in the place that its format has for it.</summary>
    public static byte[] With(byte[] exif, byte[] file, SKEncodedImageFormat format) => format switch
    {
        SKEncodedImageFormat.Png => [.. file[..33], .. PngChunk("eXIf", exif), .. file[33..]],
        SKEncodedImageFormat.Jpeg =>
            [.. file[..2], 0xff, 0xe1, 0, (byte)(8 + exif.Length), .. "Exif\0\0"u8, .. exif, .. file[2..]],
        _ => WebP(exif, file),
    };

    public static byte[] PngChunk(string name, byte[] content)
    {
        byte[] body = [.. System.Text.Encoding.ASCII.GetBytes(name), .. content];
        return [.. Number((uint)content.Length), .. body, .. Number(Crc(body))];
    }

    /// <summary>A PNG whose header says that it has another size.</summary>
    public static byte[] PngOfSize(byte[] png, int width, int height)
    {
        var header = PngChunk("IHDR", [.. Number((uint)width), .. Number((uint)height), .. png[24..29]]);
        return [.. png[..8], .. header, .. png[33..]];
    }

    // The extended container: what it holds (EXIF), its size, the image, the EXIF.
    private static byte[] WebP(byte[] exif, byte[] file)
    {
        using var codec = SKCodec.Create(SKData.CreateCopy(file));
        var (width, height) = (codec.Info.Width - 1, codec.Info.Height - 1);
        byte[] body =
        [
            .. "WEBPVP8X"u8, 10, 0, 0, 0, 8, 0, 0, 0,
            (byte)width, (byte)(width >> 8), 0, (byte)height, (byte)(height >> 8), 0,
            .. file[12..], .. "EXIF"u8, (byte)exif.Length, 0, 0, 0, .. exif,
        ];
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, body.Length);
        return [.. "RIFF"u8, .. length, .. body];
    }

    private static byte[] Number(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xffffffff;
        foreach (var each in bytes)
        {
            crc ^= each;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0xedb88320;
        }

        return ~crc;
    }
}
