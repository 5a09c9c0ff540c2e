using System.Buffers.Binary;
using System.Text;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.ZeroMq.Gate;

/// <summary>What a peer sends by ZMTP 3, put together by hand, so that it may also be wrong.</summary>
internal sealed class ZmtpStream
{
    private readonly List<byte> _bytes = [];

    public byte[] Bytes => [.. _bytes];

    public int Length => _bytes.Count;

    /// <summary>A greeting and the handshake's last command, as of a NULL peer where nothing else is said.</summary>
    public static ZmtpStream Established(string mechanism = "NULL", string kind = "DEALER") =>
        mechanism == "NULL"
            ? new ZmtpStream().Greeting(mechanism, minor: 1).Command("READY", Metadata(kind))
            : new ZmtpStream().Greeting(mechanism, minor: 1)
                .Command("HELLO", new byte[194]).Command("INITIATE", new byte[248]);

    public ZmtpStream Greeting(string mechanism = "NULL", byte major = 3, byte minor = 0)
    {
        _bytes.AddRange([0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0x7F, major, minor]);
        _bytes.AddRange(Encoding.ASCII.GetBytes(mechanism.PadRight(20, '\0')));
        _bytes.AddRange(new byte[32]);
        return this;
    }

    public ZmtpStream Frame(byte flags, byte[] body)
    {
        _bytes.Add((byte)(flags | (body.Length > 255 ? 2 : 0)));
        if (body.Length > 255) Head((ulong)body.Length);
        else _bytes.Add((byte)body.Length);
        return Raw(body);
    }

    public ZmtpStream Part(int length, bool more) =>
        Frame((byte)(more ? 1 : 0), [.. Enumerable.Repeat((byte)'x', length)]);

    public ZmtpStream Message(params byte[] body) => Frame(0, body);

    public ZmtpStream Command(string name, params byte[] data) =>
        Frame(4, [(byte)name.Length, .. Encoding.ASCII.GetBytes(name), .. data]);

    public ZmtpStream Subscribe(string topic, bool byCommand = true) =>
        byCommand
            ? Command("SUBSCRIBE", Encoding.ASCII.GetBytes(topic))
            : Message([1, .. Encoding.ASCII.GetBytes(topic)]);

    public ZmtpStream Cancel(string topic, bool byCommand = true) =>
        byCommand ? Command("CANCEL", Encoding.ASCII.GetBytes(topic)) : Message([0, .. Encoding.ASCII.GetBytes(topic)]);

    /// <summary>The flags and the length of a frame whose body is not there.</summary>
    public ZmtpStream LongHead(byte flags, ulong length)
    {
        _bytes.Add((byte)(flags | 2));
        Head(length);
        return this;
    }

    public ZmtpStream Raw(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>The properties of a READY.</summary>
    public static byte[] Metadata(string kind) =>
    [
        11, .. "Socket-Type"u8, 0, 0, 0, (byte)kind.Length, .. Encoding.ASCII.GetBytes(kind),
        8, .. "Identity"u8, 0, 0, 0, 0,
    ];

    private void Head(ulong length)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, length);
        _bytes.AddRange(bytes);
    }
}
