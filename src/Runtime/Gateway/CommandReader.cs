using System.Globalization;
using System.Text.Json;
using EdgePerception.Policy.Language;
using EdgePerception.Runtime.Messaging;
using EdgePerception.Runtime.Messaging.Messages;
using Google.Protobuf.WellKnownTypes;

namespace EdgePerception.Runtime.Gateway;

/// <summary>
/// Reads the bytes of the command topic, which anybody may have sent: bounded before they are looked at, then checked
/// field by field, all faults at once. Follows the proto3 JSON mapping: camel or snake case names, null as unset.
/// Fields that are not known are passed over and counted, so that a newer client can talk to an older device; a field
/// given twice is a fault, because two readers would disagree about it. Stateless, and safe from any thread.
/// </summary>
/// <param name="replyToPrefix">What <c>replyTo</c> must begin with, with the last <c>/</c>.</param>
public sealed class CommandReader(string replyToPrefix)
{
    /// <summary>Longest command in bytes.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Longest text in characters (Unicode scalar values).</summary>
    public const int MaxTextLength = CommandParser.MaxLength;

    /// <summary>Longest life of a command, milliseconds.</summary>
    public const int MaxTtlMs = 600_000;

    private const int MaxDepth = 16;

    private static readonly JsonReaderOptions Json = new() { MaxDepth = MaxDepth };

    /// <summary>Reads a command. Never throws for what the bytes hold.</summary>
    public CommandReading Read(ReadOnlySpan<byte> json)
    {
        if (json.Length > MaxBytes)
            return Unreadable($"{Count(json.Length)} bytes; at most {Count(MaxBytes)} are allowed");
        if (json.StartsWith("\uFEFF"u8)) json = json[3..];
        if (JsonFields.InvalidUtf8At(json) is { } position) return Unreadable($"not UTF-8 at byte {position}");
        var draft = new Draft(replyToPrefix);
        try
        {
            var reader = new Utf8JsonReader(json, Json);
            ReadObject(ref reader, draft);
        }
        catch (JsonException exception)
        {
            draft.IsJson = false;
            draft.Faults.Clear();
            draft.Faults.Add(JsonFields.Where(exception));
        }

        return draft.Finish();
    }

    private static CommandReading Unreadable(string fault) => new(null, "", "", [fault], 0);

    private static void ReadObject(ref Utf8JsonReader reader, Draft draft)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            draft.Faults.Add("a JSON object is expected");
            draft.IsObject = false;
            while (reader.Read())
            {
            }

            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonFields.Text(ref reader);
            reader.Read();
            if (!draft.Take(name, ref reader)) reader.Skip();
        }

        // The next read finds whatever stands behind the object, and throws.
        reader.Read();
    }

    private static string Count(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A command being read, with what is wrong so far.</summary>
    private sealed class Draft(string replyToPrefix)
    {
        private readonly Command _command = new();
        private readonly HashSet<string> _seen = [];
        private int _unknown;

        public List<string> Faults { get; } = [];

        public bool IsJson { get; set; } = true;

        public bool IsObject { get; set; } = true;

        /// <summary>
        /// Takes a field whose value the reader stands at; false when the value is still to be skipped.
        /// </summary>
        public bool Take(string? name, ref Utf8JsonReader reader)
        {
            var field = name switch
            {
                "id" or "text" => name,
                "issuedAt" or "issued_at" => "issuedAt",
                "ttlMs" or "ttl_ms" => "ttlMs",
                "replyTo" or "reply_to" => "replyTo",
                "sender" => name,
                _ => null,
            };
            if (field is null)
            {
                _unknown++;
                return false;
            }

            if (!_seen.Add(field))
            {
                Faults.Add($"{field}: given more than once");
                if (field == "id") _command.Id = "";
                return false;
            }

            if (reader.TokenType == JsonTokenType.Null) return true;
            return field switch
            {
                "id" => TakeId(ref reader),
                "text" => TakeText(ref reader),
                "issuedAt" => TakeIssuedAt(ref reader),
                "ttlMs" => TakeTtl(ref reader),
                "sender" => TakeSender(ref reader),
                _ => TakeReplyTo(ref reader),
            };
        }

        public CommandReading Finish()
        {
            if (IsJson) NameMissing();
            return new CommandReading(Faults.Count == 0 ? _command : null, _command.Id, _command.Text, Faults, _unknown)
            {
                SaysText = IsJson && _command.Text.Length > 0 && !HasFault("text"),
            };
        }

        private void NameMissing()
        {
            if (!IsObject) return;
            if (_command.Id.Length == 0 && !HasFault("id")) Faults.Add("id: missing");
            if (_command.Text.Length == 0 && !HasFault("text")) Faults.Add("text: missing");
        }

        private bool HasFault(string field) =>
            Faults.Exists(fault => fault.StartsWith($"{field}:", StringComparison.Ordinal));

        private bool TakeId(ref Utf8JsonReader reader)
        {
            if (!TakeString("id", ref reader, out var id)) return false;
            if (TopicName.IsName(id)) _command.Id = id;
            else Faults.Add($"id: must be 1 to {TopicName.MaxNameLength} letters, digits, '.', '_' or '-'");
            return true;
        }

        private bool TakeSender(ref Utf8JsonReader reader)
        {
            if (!TakeString("sender", ref reader, out var sender)) return false;
            if (sender.Length == 0 || TopicName.IsName(sender)) _command.Sender = sender;
            else Faults.Add($"sender: must be 1 to {TopicName.MaxNameLength} letters, digits, '.', '_' or '-'");
            return true;
        }

        private bool TakeText(ref Utf8JsonReader reader)
        {
            if (!TakeString("text", ref reader, out var text)) return false;
            var length = CommandParser.LengthOf(text);
            if (string.IsNullOrWhiteSpace(text)) Faults.Add("text: empty");
            else if (length > MaxTextLength)
                Faults.Add($"text: {Count(length)} characters; at most {Count(MaxTextLength)} are allowed");
            else _command.Text = text;
            return true;
        }

        private bool TakeIssuedAt(ref Utf8JsonReader reader)
        {
            if (reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String))
                return TakeString("issuedAt", ref reader, out _);
            if (JsonFields.Instant(ref reader, out var time) is { } fault) Faults.Add(fault);
            else _command.IssuedAt = Timestamp.FromDateTimeOffset(time);
            return true;
        }

        private bool TakeTtl(ref Utf8JsonReader reader)
        {
            long ttl;
            var whole = reader.TokenType switch
            {
                JsonTokenType.Number => JsonFields.TryWhole(ref reader, out ttl),
                JsonTokenType.String => long.TryParse(
                    JsonFields.Text(ref reader), NumberStyles.None, CultureInfo.InvariantCulture, out ttl),
                _ => TryNothing(out ttl),
            };
            if (whole && ttl is >= 0 and <= MaxTtlMs) _command.TtlMs = (uint)ttl;
            else Faults.Add($"ttlMs: must be a whole number from 1 to {MaxTtlMs}, or 0 for the default");
            return reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray);
        }

        private bool TakeReplyTo(ref Utf8JsonReader reader)
        {
            if (!TakeString("replyTo", ref reader, out var topic)) return false;
            var allowed = topic.Length > replyToPrefix.Length
                && topic.StartsWith(replyToPrefix, StringComparison.Ordinal)
                && TopicName.IsPublishable(topic);
            if (topic.Length == 0) return true;
            if (allowed) _command.ReplyTo = topic;
            else Faults.Add($"replyTo: {ReplyToRule}");
            return true;
        }

        private string ReplyToRule =>
            $"must be a topic below '{replyToPrefix}', without wildcards, of at most {TopicName.MaxTopicLength} "
            + "characters";

        private bool TakeString(string field, ref Utf8JsonReader reader, out string text)
        {
            text = reader.TokenType == JsonTokenType.String ? JsonFields.Text(ref reader) ?? "" : "";
            if (reader.TokenType == JsonTokenType.String && JsonFields.Text(ref reader) is not null) return true;
            Faults.Add(reader.TokenType == JsonTokenType.String ? $"{field}: escapes that are no character"
                : $"{field}: must be a string");
            return false;
        }

        private static bool TryNothing(out long value)
        {
            value = 0;
            return false;
        }
    }
}
