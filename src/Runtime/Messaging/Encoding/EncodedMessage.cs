using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace EdgePerception.Runtime.Messaging.Encoding;

/// <summary>How a transport wants its messages.</summary>
public enum MessageEncoding
{
    /// <summary>Protobuf, for ZeroMQ.</summary>
    Protobuf,

    /// <summary>The proto3 JSON mapping, for MQTT.</summary>
    Json,
}

/// <summary>
/// One message's bytes, made once in each encoding that is asked for, in memory that is used again for the next one.
/// Not thread-safe.
/// </summary>
internal sealed class EncodedMessage : IDisposable
{
    private readonly PooledBuffer _protobuf = new();
    private readonly PooledBuffer _json = new();
    private MessageDescriptor? _type;

    /// <summary>Encodes a message in place of the one before.</summary>
    public void Encode(IMessage message)
    {
        _protobuf.Clear();
        _json.Clear();
        message.WriteTo(_protobuf);
        _type = message.Descriptor;
    }

    /// <summary>The message's bytes, valid until the next one.</summary>
    public ReadOnlySpan<byte> As(MessageEncoding encoding)
    {
        if (encoding == MessageEncoding.Protobuf) return _protobuf.Written;
        if (_json.Written.IsEmpty) JsonEncoding.Write(_type!, _protobuf.Written, _json);
        return _json.Written;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        _protobuf.Dispose();
        _json.Dispose();
    }
}
