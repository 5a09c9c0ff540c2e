using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace EdgePerception.Runtime.Gateway;

/// <summary>What the readers of messages from outside have in common.</summary>
internal static class JsonFields
{
    private const string NoDate = "issuedAt: not a whole number of milliseconds since 1970 that a date can have";
    private const string NoInstant =
        "issuedAt: neither RFC 3339 (2026-05-04T12:00:00Z) nor a number of milliseconds since 1970";

    /// <summary>The string at the reader, or null where its escapes name no character (a lone surrogate).</summary>
    public static string? Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A number without a fraction.</summary>
    public static bool TryWhole(ref Utf8JsonReader reader, out long value)
    {
        if (reader.TryGetInt64(out value)) return true;
        if (!reader.TryGetDouble(out var number) || Math.Abs(number) > 9e15 || Math.Floor(number) != number)
            return false;
        value = (long)number;
        return true;
    }

    /// <summary>The instant that the reader's string or number is; null, or what is wrong with it.</summary>
    public static string? Instant(ref Utf8JsonReader reader, out DateTimeOffset time)
    {
        time = default;
        if (reader.TokenType == JsonTokenType.String)
        {
            if (Text(ref reader) is not { } text) return "issuedAt: escapes that are no character";
            return Rfc3339.TryParse(text, out time) ? null : NoInstant;
        }

        if (reader.TokenType != JsonTokenType.Number) return NoInstant;
        var isDate = TryWhole(ref reader, out var unixMs)
            && unixMs >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds()
            && unixMs <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
        if (isDate) time = DateTimeOffset.FromUnixTimeMilliseconds(unixMs);
        return isDate ? null : NoDate;
    }

    /// <summary>What is wrong with a text that is no JSON, and where.</summary>
    public static string Where(JsonException exception)
    {
        var message = exception.Message;
        var end = message.IndexOf(" LineNumber", StringComparison.Ordinal);
        var what = (end < 0 ? message : message[..end]).TrimEnd('.', ' ');
        return $"not JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}: {what}";
    }

    /// <summary>Where the first byte stands that is no UTF-8, counted from 1; null where all is.</summary>
    public static int? InvalidUtf8At(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes)) return null;
        var position = 0;
        while (Rune.DecodeFromUtf8(bytes[position..], out _, out var used) == OperationStatus.Done) position += used;
        return position + 1;
    }
}
