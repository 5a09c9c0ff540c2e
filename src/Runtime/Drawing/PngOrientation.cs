using System.Buffers.Binary;
using SkiaSharp;

namespace EdgePerception.Runtime.Drawing;

/// <summary>
/// How a PNG is to be turned, which its eXIf chunk says as EXIF does in a JPEG; Skia tells it of JPEG and WebP alone.
/// The file is not trusted: what does not hold together says nothing.
/// </summary>
internal static class PngOrientation
{
    private const int Signature = 8;
    private const ushort OrientationTag = 0x0112;
    private const ushort Short = 3;

    /// <summary>The orientation that a PNG's bytes tell; upright where they tell none.</summary>
    public static SKEncodedOrigin Of(ReadOnlySpan<byte> png)
    {
        // A chunk is its length, its name, its bytes and a checksum.
        for (var rest = png.Length > Signature ? png[Signature..] : []; rest.Length >= 12;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > rest.Length - 12) break;
            if (rest.Slice(4, 4).SequenceEqual("eXIf"u8)) return OfTiff(rest.Slice(8, (int)length));
            rest = rest[(12 + (int)length)..];
        }

        return SKEncodedOrigin.TopLeft;
    }

    private static SKEncodedOrigin OfTiff(ReadOnlySpan<byte> tiff)
    {
        // Some writers leave in what stands before it in a JPEG.
        if (tiff.StartsWith("Exif\0\0"u8)) tiff = tiff[6..];
        var isLittle = tiff.StartsWith("II*\0"u8);
        if (tiff.Length < 8 || !(isLittle || tiff.StartsWith("MM\0*"u8))) return SKEncodedOrigin.TopLeft;
        var directory = isLittle
            ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..])
            : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (directory > tiff.Length - 2) return SKEncodedOrigin.TopLeft;
        var count = Number(tiff[(int)directory..]);
        var entries = tiff[((int)directory + 2)..];
        for (; count > 0 && entries.Length >= 12; count--, entries = entries[12..])
        {
            if (Number(entries) != OrientationTag) continue;
            var (type, value) = (Number(entries[2..]), Number(entries[8..]));
            return type == Short && value is >= 1 and <= 8 ? (SKEncodedOrigin)value : SKEncodedOrigin.TopLeft;
        }

        return SKEncodedOrigin.TopLeft;

        ushort Number(ReadOnlySpan<byte> at) => isLittle
            ? BinaryPrimitives.ReadUInt16LittleEndian(at)
            : BinaryPrimitives.ReadUInt16BigEndian(at);
    }
}
