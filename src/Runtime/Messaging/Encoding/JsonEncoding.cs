using System.Buffers.Binary;
using System.Globalization;
using EdgePerception.Fusion.Inference.Onnx;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace EdgePerception.Runtime.Messaging.Encoding;

/// <summary>
/// The proto3 JSON mapping with default values written, for MQTT and the command line. Enum values are the schema's
/// lower-case names; an optional field that is not set is left out. UTF-8 without a byte order mark, on one line,
/// letter for letter as Google's JsonFormatter writes it. It is made of a message's protobuf bytes: those are written
/// without garbage, whereas reading a message's fields by their descriptors puts each number into an object of its own.
/// Stateless and safe from any thread; allocates nothing once a type of message is known.
/// </summary>
public static class JsonEncoding
{
    /// <summary>The message as text, for the command line.</summary>
    /// <exception cref="InvalidOperationException">It holds an instant outside the years 1 to 9999.</exception>
    public static string ToText(IMessage message)
    {
        using PooledBuffer protobuf = new(), json = new();
        message.WriteTo(protobuf);
        Write(message.Descriptor, protobuf.Written, json);
        return System.Text.Encoding.UTF8.GetString(json.Written);
    }

    /// <summary>Appends the JSON of a message to the buffer.</summary>
    /// <param name="type">The message's type.</param>
    /// <param name="protobuf">
    /// Its bytes as the generated classes write them: fields in the order of their numbers, those of one number
    /// together.
    /// </param>
    /// <param name="json">Where the JSON goes.</param>
    /// <exception cref="InvalidOperationException">It holds an instant outside the years 1 to 9999.</exception>
    public static void Write(MessageDescriptor type, ReadOnlySpan<byte> protobuf, PooledBuffer json) =>
        WriteMessage(JsonShape.Of(type), new ProtobufReader(protobuf), json);

    private static void WriteMessage(JsonShape shape, ProtobufReader reader, PooledBuffer json)
    {
        if (shape.IsInstant)
        {
            WriteInstant(reader, json);
            return;
        }

        json.Write("{ "u8);
        var (hasField, isFirst) = (reader.Next(), true);
        foreach (var field in shape.Fields)
        {
            // What the schema does not know is passed over.
            while (hasField && reader.Field < field.Number) hasField = reader.Next();
            var isSet = hasField && reader.Field == field.Number;
            if (!isSet && field.HasPresence) continue;
            json.Write(isFirst ? field.Name : field.NextName);
            isFirst = false;
            if (field.IsRepeated)
            {
                hasField = WriteMany(field, hasField, ref reader, json);
            }
            else
            {
                WriteOne(field, isSet ? reader : default, json);
                if (isSet) hasField = reader.Next();
            }
        }

        json.Write(isFirst ? "}"u8 : " }"u8);
    }

    // Takes the values of this field, if the reader stands at it, and answers whether it stands at one behind.
    private static bool WriteMany(JsonField field, bool hasField, ref ProtobufReader reader, PooledBuffer json)
    {
        var isFirst = true;
        json.Write(field.Map is null ? "[ "u8 : "{ "u8);
        for (; hasField && reader.Field == field.Number; hasField = reader.Next())
        {
            if (field.IsPacked)
            {
                for (var packed = new ProtobufReader(reader.Bytes); packed.NextPacked(); isFirst = false)
                {
                    if (!isFirst) json.Write(", "u8);
                    WriteOne(field, packed, json);
                }

                continue;
            }

            if (!isFirst) json.Write(", "u8);
            isFirst = false;
            if (field.Map is { } map) WriteEntry(map, new ProtobufReader(reader.Bytes), json);
            else WriteOne(field, reader, json);
        }

        if (!isFirst) json.Write(" "u8);
        json.Write(field.Map is null ? "]"u8 : "}"u8);
        return hasField;
    }

    private static void WriteEntry(JsonShape entry, ProtobufReader reader, PooledBuffer json)
    {
        ProtobufReader key = default, value = default;
        while (reader.Next())
        {
            if (reader.Field == 1) key = reader;
            else if (reader.Field == 2) value = reader;
        }

        JsonText.Write(key.Bytes, json);
        json.Write(": "u8);
        WriteOne(entry.Fields[1], value, json);
    }

    // The value that the reader stands at; a reader that stands at none has the default.
    private static void WriteOne(JsonField field, in ProtobufReader value, PooledBuffer json)
    {
        switch (field.Type)
        {
            case FieldType.Message:
                WriteMessage(field.Message, new ProtobufReader(value.Bytes), json);
                break;
            case FieldType.String:
                JsonText.Write(value.Bytes, json);
                break;
            case FieldType.Double:
                WriteNumber(value.Fixed.IsEmpty ? 0 : BinaryPrimitives.ReadDoubleLittleEndian(value.Fixed), json);
                break;
            case FieldType.Bool:
                json.Write(value.Number != 0 ? "true"u8 : "false"u8);
                break;
            case FieldType.Enum when field.NameOf((int)value.Number) is { } name:
                json.Write(name);
                break;
            case FieldType.UInt32:
                WriteWhole((uint)value.Number, json);
                break;
            default:
                WriteWhole((int)value.Number, json);
                break;
        }
    }

    private static void WriteNumber(double value, PooledBuffer json)
    {
        if (!double.IsFinite(value)) json.Write("\""u8);
        value.TryFormat(json.GetSpan(32), out var length, "r", CultureInfo.InvariantCulture);
        json.Advance(length);
        if (!double.IsFinite(value)) json.Write("\""u8);
    }

    private static void WriteWhole(long value, PooledBuffer json)
    {
        value.TryFormat(json.GetSpan(20), out var length, default, CultureInfo.InvariantCulture);
        json.Advance(length);
    }

    // RFC 3339 in UTC with three, six or nine decimals or none.
    private static void WriteInstant(ProtobufReader reader, PooledBuffer json)
    {
        var (seconds, nanoseconds) = (0L, 0L);
        while (reader.Next())
        {
            if (reader.Field == 1) seconds = reader.Number;
            else if (reader.Field == 2) nanoseconds = reader.Number;
        }

        if (seconds < DateTimeOffset.MinValue.ToUnixTimeSeconds()
            || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            || nanoseconds is < 0 or > 999_999_999)
            throw new InvalidOperationException("an instant outside the years 1 to 9999 cannot be written as JSON");
        var time = DateTime.UnixEpoch.AddTicks(seconds * TimeSpan.TicksPerSecond);
        json.Write("\""u8);
        time.TryFormat(json.GetSpan(19), out var length, "s", CultureInfo.InvariantCulture);
        json.Advance(length);
        if (nanoseconds > 0)
        {
            json.Write("."u8);
            var (unit, digits) = (nanoseconds % 1_000_000, nanoseconds % 1_000) switch
            {
                (0, _) => (1_000_000, "D3"),
                (_, 0) => (1_000, "D6"),
                _ => (1, "D9"),
            };
            (nanoseconds / unit).TryFormat(json.GetSpan(9), out length, digits, CultureInfo.InvariantCulture);
            json.Advance(length);
        }

        json.Write("Z\""u8);
    }
}
