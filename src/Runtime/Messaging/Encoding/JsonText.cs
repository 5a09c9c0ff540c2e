using System.Buffers;
using System.Globalization;
using System.Text;

namespace EdgePerception.Runtime.Messaging.Encoding;

/// <summary>
/// Texts in JSON, with the escapes of Google's JsonFormatter: beside what JSON asks for, characters that could end a
/// script in a page or cannot be seen, and all beyond the first 65,536.
/// </summary>
internal static class JsonText
{
    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(i => (byte)i).Except("\"\\<>"u8.ToArray())]);

    /// <summary>Appends a text in quotes; what is not UTF-8 is replaced.</summary>
    public static void Write(ReadOnlySpan<byte> utf8, PooledBuffer json)
    {
        json.Write("\""u8);
        while (!utf8.IsEmpty)
        {
            var plain = utf8.IndexOfAnyExcept(Plain) is >= 0 and var index ? index : utf8.Length;
            json.Write(utf8[..plain]);
            utf8 = utf8[plain..];
            if (utf8.IsEmpty) break;
            Rune.DecodeFromUtf8(utf8, out var rune, out var length);
            Write(rune, json);
            utf8 = utf8[length..];
        }

        json.Write("\""u8);
    }

    private static void Write(Rune rune, PooledBuffer json)
    {
        Span<char> units = stackalloc char[2];
        switch (rune.Value)
        {
            case '"': json.Write("\\\""u8); break;
            case '\\': json.Write("\\\\"u8); break;
            case '\b': json.Write("\\b"u8); break;
            case '\t': json.Write("\\t"u8); break;
            case '\n': json.Write("\\n"u8); break;
            case '\f': json.Write("\\f"u8); break;
            case '\r': json.Write("\\r"u8); break;
            case var value when IsEscaped(value):
                foreach (var unit in units[..rune.EncodeToUtf16(units)]) Escape(unit, json);
                break;
            default:
                json.Advance(rune.EncodeToUtf8(json.GetSpan(4)));
                break;
        }
    }

    private static void Escape(char unit, PooledBuffer json)
    {
        json.Write("\\u"u8);
        ((int)unit).TryFormat(json.GetSpan(4), out var length, "x4", CultureInfo.InvariantCulture);
        json.Advance(length);
    }

    // In this order: controls, and what opens and closes tags; the soft hyphen, marks over numbers and words, vowels
    // that are not shown; what has no width, parts lines or turns directions; the byte order mark and annotations.
    private static bool IsEscaped(int character) => character
        is < ' ' or '<' or '>' or (>= 0x7f and < 0xa0)
        or 0xad or (>= 0x600 and <= 0x603) or 0x6dd or 0x70f or 0x17b4 or 0x17b5
        or (>= 0x200b and <= 0x200f) or (>= 0x2028 and <= 0x202e) or (>= 0x2060 and <= 0x2064)
        or (>= 0x206a and <= 0x206f)
        or 0xfeff or (>= 0xfff9 and <= 0xfffb) or > 0xffff;
}
