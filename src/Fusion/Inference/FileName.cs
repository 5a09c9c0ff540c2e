using System.Buffers;
using System.Text;

namespace EdgePerception.Fusion.Inference;

/// <summary>
/// Names of files as texts that lose nothing. To the kernel a name is bytes, in UTF-8 by custom alone; a byte that is
/// no UTF-8 becomes the half surrogate U+DC80 to U+DCFF that ends with it (as in Python's <c>surrogateescape</c>),
/// which no other text holds. Thread-safe.
/// </summary>
public static class FileName
{
    private const char Escape = '\udc00';

    /// <summary>The text of a name.</summary>
    public static string FromBytes(ReadOnlySpan<byte> name)
    {
        var text = new StringBuilder(name.Length);
        while (!name.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(name, out var rune, out var length);
            if (status == OperationStatus.Done) text.Append(rune);
            else foreach (var odd in name[..length]) text.Append((char)(Escape + odd));
            name = name[length..];
        }

        return text.ToString();
    }

    /// <summary>The bytes of a name, with the zero that ends it for the kernel.</summary>
    public static byte[] ToBytes(string name)
    {
        var bytes = new List<byte>(name.Length + 1);
        Span<byte> encoded = stackalloc byte[4];
        for (int i = 0, length; i < name.Length; i += length)
        {
            var status = Rune.DecodeFromUtf16(name.AsSpan(i), out var rune, out length);
            if (status != OperationStatus.Done && IsEscaped(name[i])) bytes.Add((byte)(name[i] - Escape));
            else bytes.AddRange(encoded[..rune.EncodeToUtf8(encoded)]);
        }

        bytes.Add(0);
        return [.. bytes];
    }

    /// <summary>The name for messages and files, where only characters may stand: what is none is U+FFFD.</summary>
    public static string ToText(string name) => string.Concat(name.EnumerateRunes());

    private static bool IsEscaped(char c) => c is >= (char)(Escape + 0x80) and <= (char)(Escape + 0xff);
}
