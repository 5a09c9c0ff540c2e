using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using EdgePerception.Sensors.Time;
using MQTTnet.Channel;
using MQTTnet.Exceptions;

namespace EdgePerception.Runtime.Messaging.Broker;

/// <summary>
/// The bytes of one client of the embedded broker, with the two bounds that MQTTnet has not. It makes room for a packet
/// as large as the header announces, 256 MB if need be, so the lengths are read along (MQTT 5 §2.1.4) and what is too
/// long ends the connection before there is room for it. And it writes to a client that reads nothing for as long as
/// that lasts, with its queue behind it. A client that sends more packets than are read in that time waits: it is read
/// more slowly, and nothing of it is lost. One reader and one writer at a time; both may run together.
/// </summary>
internal sealed class BrokerChannel(Stream stream, EndPoint local, EndPoint remote) : IMqttChannel
{
    /// <summary>How long a client may refuse to take a packet until it is taken for dead.</summary>
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(10);

    private int _left;
    private int _length;
    private int _lengthBits = -1;
    private double _packetsLeft = BrokerLimits.PacketsAtOnce;
    private TimeSpan _refilled = SensorClock.System.Monotonic;

    /// <summary>The longest body of a packet that is read, bytes.</summary>
    public int MaxBodyBytes { get; set; } = BrokerLimits.ConnectBytes;

    /// <summary>Whether a packet was too long, which ended the connection.</summary>
    public bool WasTooLong { get; private set; }

    public X509Certificate2? ClientCertificate => null;

    public EndPoint RemoteEndPoint => remote;

    public EndPoint LocalEndPoint => local;

    public bool IsSecureConnection => stream is SslStream;

    public Task ConnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task DisconnectAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <exception cref="MqttProtocolViolationException">A packet is longer than <see cref="MaxBodyBytes"/>.</exception>
    public async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        await PaceAsync(cancellationToken);
        try
        {
            var read = await stream.ReadAsync(buffer.AsMemory(offset, count), cancellationToken);
            Follow(buffer.AsSpan(offset, read));
            return read;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Closed by either side: the end, as that of a stream which was closed in order.
            return 0;
        }
    }

    /// <exception cref="MqttCommunicationTimedOutException">The client does not read; it is closed.</exception>
    public async Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken)
    {
        foreach (var part in buffer)
        {
            var writing = stream.WriteAsync(part, cancellationToken);
            if (writing.IsCompletedSuccessfully) continue;
            try
            {
                await writing.AsTask().WaitAsync(WriteLimit, cancellationToken);
            }
            catch (TimeoutException)
            {
                Dispose();
                throw new MqttCommunicationTimedOutException();
            }
        }
    }

    public void Dispose() => stream.Dispose();

    private Task PaceAsync(CancellationToken cancellationToken)
    {
        if (_packetsLeft >= 1) return Task.CompletedTask;
        var now = SensorClock.System.Monotonic;
        var refilled = _packetsLeft + (now - _refilled).TotalSeconds * BrokerLimits.PacketsPerSecond;
        (_packetsLeft, _refilled) = (Math.Min(refilled, BrokerLimits.PacketsAtOnce), now);
        return _packetsLeft >= 1 ? Task.CompletedTask
            : Task.Delay(TimeSpan.FromSeconds((1 - _packetsLeft) / BrokerLimits.PacketsPerSecond), cancellationToken);
    }

    // Type, then one to four bytes with seven bits of the length each, then the body.
    private void Follow(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_left > 0)
            {
                var taken = Math.Min(_left, bytes.Length);
                _left -= taken;
                bytes = bytes[taken..];
                continue;
            }

            var next = bytes[0];
            bytes = bytes[1..];
            if (_lengthBits < 0)
            {
                (_length, _lengthBits) = (0, 0);
                _packetsLeft--;
                continue;
            }

            _length |= (next & 0x7F) << _lengthBits;
            _lengthBits += 7;
            if (_length > MaxBodyBytes) Refuse();
            if ((next & 0x80) != 0) continue;
            (_left, _lengthBits) = (_length, -1);
        }
    }

    private void Refuse()
    {
        WasTooLong = true;
        throw new MqttProtocolViolationException($"a packet of more than {MaxBodyBytes} bytes");
    }
}
