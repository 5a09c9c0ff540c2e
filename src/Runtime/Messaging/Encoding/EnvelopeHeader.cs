using System.Buffers.Binary;
using EdgePerception.Runtime.Messaging.Transports;

namespace EdgePerception.Runtime.Messaging.Encoding;

/// <summary>
/// The header frame of a ZeroMQ message: 32 bytes, little-endian, described byte for byte in
/// firmware-interfaces/README.md. A later version may be longer; its length stands in bytes 2 and 3.
/// </summary>
/// <param name="SchemaVersion">Version of the header and the protobuf schema together.</param>
/// <param name="Stamp">Number and times.</param>
public readonly record struct EnvelopeHeader(ushort SchemaVersion, MessageStamp Stamp)
{
    /// <summary>Bytes of this version's header.</summary>
    public const int Size = 32;

    /// <summary>This version.</summary>
    public const ushort Version = 1;

    /// <summary>Writes a header of this version.</summary>
    public static void Write(Span<byte> bytes, in MessageStamp stamp)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, Version);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[2..], Size);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], 0);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], stamp.Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], stamp.CapturedUnixNs);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[24..], stamp.PublishedUnixNs);
    }

    /// <summary>Reads a header of this or a later version; false when it is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out EnvelopeHeader header)
    {
        header = default;
        if (bytes.Length < Size || BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]) != bytes.Length) return false;
        header = new EnvelopeHeader(
            BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            new MessageStamp(
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
                BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
                BinaryPrimitives.ReadInt64LittleEndian(bytes[24..])));
        return header.SchemaVersion >= Version;
    }
}
