using System.Text.Json;
using EdgePerception.Runtime.Messaging;

namespace EdgePerception.Runtime.Gateway;

/// <summary>What came of reading an arm or a resume.</summary>
/// <param name="Id">Its id, where a usable one could be read; otherwise empty.</param>
/// <param name="IssuedAt">When it was given, where it says so.</param>
/// <param name="Faults">One line a fault, each beginning with the field; empty where it can be read.</param>
public readonly record struct OrderReading(string Id, DateTimeOffset? IssuedAt, IReadOnlyList<string> Faults)
{
    /// <summary>Whether there is nothing wrong.</summary>
    public bool IsReadable => Faults.Count == 0;
}

/// <summary>
/// Reads the bytes of the topics <c>arm</c> and <c>resume</c>, <c>{"id", "issuedAt"}</c>, as strictly as those of a
/// command: bounded before they are looked at, all faults at once, unknown fields passed over, a field twice refused.
/// Stateless, and safe from any thread; never throws for what the bytes hold.
/// </summary>
internal static class OrderReader
{
    /// <summary>Longest message in bytes.</summary>
    public const int MaxBytes = 4096;

    private const int MaxDepth = 16;

    private static readonly JsonReaderOptions Json = new() { MaxDepth = MaxDepth };

    /// <summary>Reads one; an empty payload is an order without fields.</summary>
    public static OrderReading Read(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty) return new OrderReading("", null, []);
        if (json.Length > MaxBytes) return Unreadable($"{json.Length} bytes; at most {MaxBytes} are allowed");
        if (json.StartsWith("\uFEFF"u8)) json = json[3..];
        if (JsonFields.InvalidUtf8At(json) is { } position) return Unreadable($"not UTF-8 at byte {position}");
        var draft = new Draft();
        try
        {
            var reader = new Utf8JsonReader(json, Json);
            draft.Read(ref reader);
        }
        catch (JsonException exception)
        {
            return Unreadable(JsonFields.Where(exception)) with { Id = draft.Id };
        }

        return new OrderReading(draft.Id, draft.IssuedAt, draft.Faults);
    }

    private static OrderReading Unreadable(string fault) => new("", null, [fault]);

    private sealed class Draft
    {
        private bool _hasId;
        private bool _hasIssuedAt;

        public string Id { get; private set; } = "";

        public DateTimeOffset? IssuedAt { get; private set; }

        public List<string> Faults { get; } = [];

        public void Read(ref Utf8JsonReader reader)
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                Faults.Add("a JSON object is expected");
                return;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = JsonFields.Text(ref reader);
                reader.Read();
                if (name == "id") TakeId(ref reader);
                else if (name is "issuedAt" or "issued_at") TakeIssuedAt(ref reader);
                reader.Skip();
            }

            // The next read finds whatever stands behind the object, and throws.
            reader.Read();
        }

        private void TakeId(ref Utf8JsonReader reader)
        {
            if (IsRepeated("id", ref _hasId)) Id = "";
            else if (reader.TokenType != JsonTokenType.Null)
            {
                var id = reader.TokenType == JsonTokenType.String ? JsonFields.Text(ref reader) : null;
                if (TopicName.IsName(id)) Id = id!;
                else Faults.Add($"id: must be 1 to {TopicName.MaxNameLength} letters, digits, '.', '_' or '-'");
            }
        }

        private void TakeIssuedAt(ref Utf8JsonReader reader)
        {
            if (IsRepeated("issuedAt", ref _hasIssuedAt) || reader.TokenType == JsonTokenType.Null) return;
            if (JsonFields.Instant(ref reader, out var time) is { } fault) Faults.Add(fault);
            else IssuedAt = time;
        }

        private bool IsRepeated(string field, ref bool seen)
        {
            var isRepeated = seen;
            seen = true;
            if (isRepeated) Faults.Add($"{field}: given more than once");
            return isRepeated;
        }
    }
}
