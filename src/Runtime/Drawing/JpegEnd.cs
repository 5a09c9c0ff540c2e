using System.Security.Cryptography;
using SkiaSharp;

namespace EdgePerception.Runtime.Drawing;

/// <summary>
/// JPEG files that end without their end marker, as some cameras write them. Skia calls these incomplete like those
/// that are torn; they are whole if nothing that could follow changes a pixel.
/// </summary>
internal static class JpegEnd
{
    private const byte Marker = 0xff;
    private const byte EndOfImage = 0xd9;

    // Bits that are decoded to something else than the grey that stands for missing ones.
    private static readonly byte[] Stuffing = [.. Enumerable.Repeat<byte>(0x5a, 64)];

    /// <summary>Whether the file lacks its end and nothing else; the image then holds its pixels.</summary>
    /// <param name="file">The file, which could not be decoded as it is.</param>
    /// <param name="image">Where to decode it to.</param>
    public static bool Lacks(ReadOnlySpan<byte> file, SKBitmap image)
    {
        var body = file.TrimEnd(Marker);
        var stuffed = Decode([.. body, .. Stuffing, Marker, EndOfImage], image);
        var ended = Decode([.. body, Marker, EndOfImage], image);
        return ended is not null && stuffed is not null && ended.AsSpan().SequenceEqual(stuffed);
    }

    private static unsafe byte[]? Decode(byte[] file, SKBitmap image)
    {
        fixed (byte* bytes = file)
        {
            using var data = SKData.Create((nint)bytes, file.Length);
            using var codec = SKCodec.Create(data);
            return codec?.GetPixels(image.Info, image.GetPixels()) == SKCodecResult.Success
                ? SHA256.HashData(image.GetPixelSpan())
                : null;
        }
    }
}
