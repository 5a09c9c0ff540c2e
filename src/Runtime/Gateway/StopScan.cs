using System.Buffers;
using System.Globalization;
using System.Text.Unicode;
using EdgePerception.Policy.Language;

namespace EdgePerception.Runtime.Gateway;

/// <summary>
/// Searches the bytes of the command topic for a stop where no command can be read from them: whatever their encoding,
/// however they are cut, quoted or nested. Each string of JSON is judged for itself, names too, and so is what stands
/// between strings. Stateless, safe from any thread, throws nothing; time and memory are linear in what is searched.
/// </summary>
public static class StopScan
{
    /// <summary>How many bytes are searched at the start, and as many at the end of a longer payload.</summary>
    public const int MaxBytes = CommandReader.MaxBytes;

    private const int HexDigits = 4;

    // Of plain text in UTF-16 every other byte is a zero; noise has one in 256.
    private const int BytesAZero = 8;

    // Of text, also of one that is broken, hardly any byte is a control character; of noise one in nine.
    private const int ShortestNoise = 32;
    private const int BytesAControl = 16;

    private static readonly SearchValues<byte> Controls = SearchValues.Create(
        [.. Enumerable.Range(0, ' ').Select(each => (byte)each).Except([(byte)'\t', (byte)'\n', (byte)'\r'])]);

    /// <summary>Whether the bytes tell the robot to stop, as far as anybody can read them.</summary>
    public static bool HoldsStop(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > MaxBytes) return HoldsStop(payload[..MaxBytes]) || HoldsStop(payload[^MaxBytes..]);
        // Plain letters in UTF-16 have zeros, and others begin with a mark; an end cut at an odd byte swaps the orders.
        var isWide = payload.Count((byte)0) * BytesAZero >= payload.Length
            || payload is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..];
        if (isWide && (HoldsStop(payload, System.Text.Encoding.Unicode, isNoise: false)
            || HoldsStop(payload, System.Text.Encoding.BigEndianUnicode, isNoise: false)))
            return true;
        var isNoise = !isWide && IsNoise(payload);
        return HoldsStop(payload, System.Text.Encoding.UTF8, isNoise)
            || (!Utf8.IsValid(payload) && HoldsStop(payload, System.Text.Encoding.Latin1, isNoise));
    }

    private static bool IsNoise(ReadOnlySpan<byte> payload) => payload.Length >= ShortestNoise
        && payload.CountAny(Controls) * BytesAControl >= payload.Length;

    private static bool HoldsStop(ReadOnlySpan<byte> payload, System.Text.Encoding encoding, bool isNoise)
    {
        var text = encoding.GetString(payload);
        var piece = ArrayPool<char>.Shared.Rent(text.Length + 1);
        try
        {
            return HoldsStop(text, piece, isNoise);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(piece);
        }
    }

    /// <summary>Goes from quote to quote, escapes resolved, whether what lies between is a string or not.</summary>
    private static bool HoldsStop(ReadOnlySpan<char> text, Span<char> piece, bool isNoise)
    {
        var length = 0;
        while (true)
        {
            var plain = text.IndexOfAny('"', '\\') is >= 0 and var mark ? text[..mark] : text;
            plain.CopyTo(piece[length..]);
            length += plain.Length;
            text = text[plain.Length..];
            if (text.IsEmpty) return StopDetector.IsStop(piece[..length], isNoise);
            if (text[0] == '"')
            {
                if (StopDetector.IsStop(piece[..length], isNoise)) return true;
                length = 0;
                text = text[1..];
            }
            else piece[length++] = Next(ref text);
        }
    }

    private static char Next(ref ReadOnlySpan<char> text)
    {
        var (character, used) = text is ['\\', var escaped, ..] ? Escape(text, escaped) : (text[0], 1);
        text = text[used..];
        return character;
    }

    private static (char Character, int Used) Escape(ReadOnlySpan<char> text, char escaped) => escaped switch
    {
        'n' or 'r' => ('\n', 2),
        't' or 'b' or 'f' => (' ', 2),
        'u' when text.Length >= 2 + HexDigits && ushort.TryParse(
            text.Slice(2, HexDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            => ((char)unit, 2 + HexDigits),
        _ => (escaped, 2),
    };
}
