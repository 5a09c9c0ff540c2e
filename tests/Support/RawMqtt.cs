using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgePerception.Tests.Support;

/// <summary>An MQTT client by hand, which does what no good one does.</summary>
internal sealed class RawMqtt : IDisposable
{
    private readonly TcpClient _client = new() { NoDelay = true };

    private RawMqtt()
    {
    }

    public static RawMqtt To(int port, int? receiveBuffer = null)
    {
        var raw = new RawMqtt();
        if (receiveBuffer is { } bytes) raw._client.ReceiveBufferSize = bytes;
        raw._client.Connect(IPAddress.Loopback, port);
        return raw;
    }

    /// <summary>Says who it is; version 4 is 3.1.1. Returns the answer: flags, reason code and so on.</summary>
    public async Task<byte[]> ConnectAsync(int version, string id, bool clean = true)
    {
        byte[] body =
        [
            .. Text("MQTT"), (byte)version, (byte)(clean ? 2 : 0), 0, 60,
            .. version == 5 ? new byte[] { 0 } : [], .. Text(id),
        ];
        await SendAsync([0x10, (byte)body.Length, .. body]);
        return (await ReceiveAsync()).Body;
    }

    /// <summary>Subscribes in version 5 and waits for the answer; returns its reason code.</summary>
    public async Task<byte> SubscribeAsync(string filter, byte quality)
    {
        byte[] body = [0, 1, 0, .. Text(filter), quality];
        await SendAsync([0x82, (byte)body.Length, .. body]);
        return (await ReceiveAsync()).Body[^1];
    }

    /// <summary>The same with two filters; returns both reason codes.</summary>
    public async Task<byte[]> SubscribeAsync((string Filter, byte Quality) one, (string Filter, byte Quality) other)
    {
        byte[] body = [0, 1, 0, .. Text(one.Filter), one.Quality, .. Text(other.Filter), other.Quality];
        await SendAsync([0x82, (byte)body.Length, .. body]);
        return (await ReceiveAsync()).Body[^2..];
    }

    /// <summary>Publishes in version 5 at quality 1 and waits for the answer; returns its reason code.</summary>
    public async Task<byte> PublishAsync(string topic, string text)
    {
        byte[] body = [.. Text(topic), 0, 1, 0, .. Encoding.UTF8.GetBytes(text)];
        await SendAsync([0x32, (byte)body.Length, .. body]);
        var answer = (await ReceiveAsync()).Body;
        return answer.Length > 2 ? answer[2] : (byte)0;
    }

    public async Task SendAsync(byte[] bytes) => await _client.GetStream().WriteAsync(bytes);

    /// <summary>The next packet: its type with flags, and what stands behind the length.</summary>
    public async Task<(byte Type, byte[] Body)> ReceiveAsync()
    {
        var one = new byte[1];
        await _client.GetStream().ReadExactlyAsync(one);
        var type = one[0];
        var (length, shift) = (0, 0);
        do
        {
            await _client.GetStream().ReadExactlyAsync(one);
            length |= (one[0] & 0x7F) << shift;
            shift += 7;
        }
        while (one[0] >= 0x80);
        var body = new byte[length];
        await _client.GetStream().ReadExactlyAsync(body);
        return (type, body);
    }

    /// <summary>Waits until the other side has closed, and returns what it said before.</summary>
    public async Task<byte[]> ReadToEndAsync()
    {
        using var all = new MemoryStream();
        try
        {
            await _client.GetStream().CopyToAsync(all);
        }
        catch (IOException)
        {
            // A reset is an end as well.
        }

        return all.ToArray();
    }

    public void Dispose() => _client.Dispose();

    private static byte[] Text(string text) => [0, (byte)text.Length, .. Encoding.ASCII.GetBytes(text)];
}
