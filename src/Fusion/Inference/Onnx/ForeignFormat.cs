using System.Text;

namespace EdgePerception.Fusion.Inference.Onnx;

/// <summary>Names the files that are given in a model's place by mistake.</summary>
internal static class ForeignFormat
{
    private static readonly (int Offset, byte[] Mark, string Name)[] Known =
    [
        (0, [0x89, .. "PNG"u8], "a PNG picture"),
        (0, [0xff, 0xd8, 0xff], "a JPEG picture"),
        (0, [.. "PK\x03\x04"u8], "a ZIP archive or a PyTorch model"),
        (0, [0x80, 0x02], "a Python pickle"),
        (0, [0x1f, 0x8b], "a gzip archive"),
        (0, [0x89, .. "HDF"u8], "an HDF5 file (a Keras model)"),
        (0, [.. "version https://git-lfs"u8], "a Git LFS pointer to a file that was not fetched"),
        (4, [.. "TFL3"u8], "a TensorFlow Lite model"),
        (4, [.. "ORTM"u8], "a model in ONNX Runtime's own format"),
        (0, [.. "<!"u8], "a web page"),
        (0, [.. "<html"u8], "a web page"),
        (0, [.. "{"u8], "a JSON file"),
    ];

    /// <summary>What the bytes are, when they are no ONNX model but something well known.</summary>
    public static string? Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return "an empty file";
        foreach (var (offset, mark, name) in Known)
        {
            if (bytes.Length >= offset + mark.Length && bytes.Slice(offset, mark.Length).SequenceEqual(mark))
                return name;
        }

        return IsText(bytes[..Math.Min(bytes.Length, 256)]) ? "a text" : null;
    }

    // A model's first bytes are numbers below 32.
    private static bool IsText(ReadOnlySpan<byte> beginning)
    {
        foreach (var rune in Encoding.UTF8.GetString(beginning).EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar || (Rune.IsControl(rune) && rune.Value is not ('\n' or '\r' or '\t')))
                return false;
        }

        return true;
    }
}
