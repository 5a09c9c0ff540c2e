using System.Text;

namespace EdgePerception.Fusion.Inference.Onnx;

/// <summary>
/// Walks over the fields of one protobuf message (encoding.md of protobuf.dev) without copying any. What a length says
/// is believed only as far as there are bytes.
/// </summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>The field's number.</summary>
    public int Field { get; private set; }

    /// <summary>The value of a field that is a varint; 0 for another.</summary>
    public long Number { get; private set; }

    /// <summary>The bytes of a field that is a message, a text or bytes; none for another.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>The bytes of a field of four or eight bytes, the least first; none for another.</summary>
    public ReadOnlySpan<byte> Fixed { get; private set; }

    /// <summary>The bytes as text; what is not UTF-8 is replaced.</summary>
    public readonly string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>Goes on to the next field; false at the message's end.</summary>
    /// <exception cref="EndOfStreamException">The message ends within a field.</exception>
    /// <exception cref="FormatException">There is no field here.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty) return false;
        var tag = ReadVarint();
        Field = (int)Math.Min(tag >> 3, int.MaxValue);
        Number = 0;
        Bytes = default;
        Fixed = default;
        switch (tag & 7)
        {
            case 0: Number = (long)ReadVarint(); break;
            case 1: Fixed = Take(8); break;
            case 2: Bytes = Take(ReadVarint()); break;
            case 5: Fixed = Take(4); break;
            default: throw new FormatException("its bytes are no protobuf message");
        }

        return Field > 0 ? true : throw new FormatException("its bytes are no protobuf message");
    }

    /// <summary>
    /// Goes on to the next of the varints that a packed field's <see cref="Bytes"/> are; false at their end.
    /// </summary>
    /// <exception cref="EndOfStreamException">They end within a varint.</exception>
    /// <exception cref="FormatException">There is no varint here.</exception>
    public bool NextPacked()
    {
        if (_rest.IsEmpty) return false;
        Number = (long)ReadVarint();
        return true;
    }

    private ulong ReadVarint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return value;
        }

        throw new FormatException("its bytes are no protobuf message");
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)_rest.Length) throw new EndOfStreamException();
        var taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }
}
