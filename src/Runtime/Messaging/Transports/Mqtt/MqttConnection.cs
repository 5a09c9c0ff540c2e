using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using EdgePerception.Sensors.Time;
using MQTTnet.Adapter;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace EdgePerception.Runtime.Messaging.Transports.Mqtt;

/// <summary>
/// MQTT packets over one TCP or TLS connection: MQTTnet makes bytes of packets and packets of bytes, and the threads
/// that wait are ours. MQTTnet's own client would hop over the thread pool for each packet, waits without end where a
/// socket is full, and does not notice a frozen broker while it streams. One thread sends, one receives;
/// <see cref="Abort"/> is any thread's.
/// </summary>
internal sealed class MqttConnection : IDisposable
{
    private const int BufferBytes = 16 * 1024;

    // What a packet that carries the longest payload has besides: topic, properties.
    private const int MaxOverhead = 70 * 1024;

    private readonly SocketStream _socket;
    private readonly Stream _stream;
    private readonly MqttPacketFormatterAdapter _encoder;
    private readonly MqttPacketFormatterAdapter _decoder;
    private readonly int _maxInbound;
    private byte[] _body = new byte[1024];
    private byte[] _out = new byte[BufferBytes];
    private readonly byte[] _in = new byte[BufferBytes];
    private int _inStart;
    private int _inEnd;

    private MqttConnection(SocketStream socket, Stream stream, MqttProtocolVersion version, int maxInbound)
    {
        (_socket, _stream, _maxInbound) = (socket, stream, maxInbound);
        _encoder = new MqttPacketFormatterAdapter(version, new MqttBufferWriter(1024, 64 * 1024));
        _decoder = new MqttPacketFormatterAdapter(version, new MqttBufferWriter(0, 0));
    }

    /// <summary>Connects, and agrees on TLS where it is asked for.</summary>
    /// <exception cref="IOException">It failed, or one of the others that <see cref="MqttFault"/> words.</exception>
    public static MqttConnection Open(
        MqttSettings options, MqttCertificates? certificates, MqttProtocolVersion version,
        SensorClock clock, CancellationToken stop)
    {
        var within = TimeSpan.FromMilliseconds(options.ConnectTimeoutMs);
        var until = clock.Monotonic + within;
        var farewell = TimeSpan.FromMilliseconds(options.ShutdownMs);
        var socket = SocketStream.Connect(options.Host, options.Port, within, farewell, clock, stop);
        try
        {
            (socket.ReadUntil, socket.WriteLimit) = (until, within);
            if (certificates is null) return new MqttConnection(socket, socket, version, options.MaxInboundBytes);
            return new MqttConnection(socket, Encrypt(socket, options, certificates), version, options.MaxInboundBytes);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// From now on reads wait without end, and writes for a peer that takes something as long as is said here.
    /// </summary>
    public void Settle(TimeSpan writeTimeout) => (_socket.ReadUntil, _socket.WriteLimit) = (null, writeTimeout);

    /// <summary>Sends a packet; the sending thread's. Waits while the socket is full, up to a limit.</summary>
    public void Send(MqttPacket packet)
    {
        var bytes = _encoder.Encode(packet);
        try
        {
            // In one piece, for each write is a packet of TCP's and a record of TLS's.
            if (_out.Length < bytes.Length) _out = new byte[bytes.Length];
            bytes.Packet.AsSpan().CopyTo(_out);
            bytes.Payload.CopyTo(_out.AsSpan(bytes.Packet.Count));
            _stream.Write(_out, 0, bytes.Length);
        }
        finally
        {
            _encoder.Cleanup();
        }

        if (_out.Length > 16 * BufferBytes) _out = new byte[BufferBytes];
    }

    /// <summary>
    /// Receives the next packet; the receiving thread's. Null if the peer has ended the connection between two
    /// packets.
    /// </summary>
    /// <param name="isCut">
    /// Whether it is a message longer than the limit, whose payload was passed over in part.
    /// </param>
    public MqttPacket? Receive(out bool isCut)
    {
        isCut = false;
        if (_inStart == _inEnd && !Fill()) return null;
        var header = Next();
        var length = ReadLength();
        var kept = Math.Min(length, _maxInbound + MaxOverhead);
        isCut = kept < length;
        if (isCut && header >> 4 != (int)MqttControlPacketType.Publish)
            throw new MqttProtocolViolationException($"a packet of {length} bytes");
        if (_body.Length < kept)
            _body = new byte[Math.Max(kept, Math.Min(2 * _body.Length, _maxInbound + MaxOverhead))];
        ReadExactly(_body.AsSpan(0, kept));
        for (var left = length - kept; left > 0; left -= Skip(left))
        {
        }

        return _decoder.Decode(new ReceivedMqttPacket(header, new ArraySegment<byte>(_body, 0, kept), kept + 2));
    }

    /// <summary>Says that nothing more will be sent; the sending thread's.</summary>
    public void EndWriting() => _socket.EndWriting();

    /// <summary>Ends what both threads wait for.</summary>
    public void Abort() => _socket.Abort();

    /// <summary>Frees the connection; when neither thread is within it any more.</summary>
    public void Dispose()
    {
        Abort();
        _stream.Dispose();
    }

    private static SslStream Encrypt(SocketStream socket, MqttSettings options, MqttCertificates certificates)
    {
        var encrypted = new SslStream(socket);
        try
        {
            encrypted.AuthenticateAsClient(certificates.ForHost(options.Host));
            return encrypted;
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            throw new AuthenticationException(exception.Message, exception);
        }
    }

    private int ReadLength()
    {
        var length = 0;
        for (var shift = 0; shift <= 21; shift += 7)
        {
            var part = Next();
            length |= (part & 0x7F) << shift;
            if (part < 0x80) return length;
        }

        throw new MqttProtocolViolationException("a length of more than four bytes");
    }

    private byte Next()
    {
        if (_inStart == _inEnd && !Fill()) throw CutOff();
        return _in[_inStart++];
    }

    private void ReadExactly(Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (_inStart == _inEnd && !Fill()) throw CutOff();
            var count = Math.Min(bytes.Length, _inEnd - _inStart);
            _in.AsSpan(_inStart, count).CopyTo(bytes);
            _inStart += count;
            bytes = bytes[count..];
        }
    }

    private int Skip(int most)
    {
        if (_inStart == _inEnd && !Fill()) throw CutOff();
        var count = Math.Min(most, _inEnd - _inStart);
        _inStart += count;
        return count;
    }

    private static EndOfStreamException CutOff() => new("the connection was closed in the middle of a packet");

    private bool Fill()
    {
        (_inStart, _inEnd) = (0, _stream.Read(_in, 0, _in.Length));
        return _inEnd > 0;
    }
}
