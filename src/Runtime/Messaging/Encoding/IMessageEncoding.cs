using Google.Protobuf;

namespace EdgePerception.Runtime.Messaging.Encoding;

/// <summary>Turns a message into the bytes that a transport carries. Stateless and safe from any thread.</summary>
public interface IMessageEncoding
{
    /// <summary>Appends the message's bytes to the buffer.</summary>
    void Encode(IMessage message, PooledBuffer buffer);
}

/// <summary>Protobuf, for ZeroMQ.</summary>
public sealed class ProtobufEncoding : IMessageEncoding
{
    /// <inheritdoc/>
    public void Encode(IMessage message, PooledBuffer buffer) => message.WriteTo(buffer);
}

/// <summary>
/// The proto3 JSON mapping with default values written, for MQTT and the command line. Enum values are the schema's
/// lower-case names; an optional field that is not set is left out. UTF-8 without a byte order mark, on one line.
/// </summary>
public sealed class JsonEncoding : IMessageEncoding
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true));

    /// <inheritdoc/>
    public void Encode(IMessage message, PooledBuffer buffer)
    {
        using var writer = new Utf8BufferWriter(buffer);
        Formatter.Format(message, writer);
    }

    /// <summary>The message as text, for the command line.</summary>
    public static string ToText(IMessage message) => Formatter.Format(message);
}
