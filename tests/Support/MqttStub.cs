using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgePerception.Tests.Support;

/// <summary>A PUBLISH as the stub took it.</summary>
internal sealed record StubMessage(int Connection, string Topic, byte[] Payload, int Quality, bool Retained);

/// <summary>
/// A broker by hand, for what no real one does at will: one that speaks only MQTT 3.1.1, one that acknowledges nothing,
/// one that grants little. It takes one connection after the other and forgets everything between them.
/// </summary>
internal sealed class MqttStub : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<StubMessage> _messages = [];
    private readonly List<int> _versions = [];
    private Task _serving = Task.CompletedTask;
    private TcpClient? _client;
    private int _acknowledgements;

    /// <summary>What a greeting of version 5 is answered with; none to take it, empty to hang up.</summary>
    public byte[]? AnswerToVersion5 { get; set; }

    /// <summary>Properties of the answer to a greeting of version 5, without their length.</summary>
    public byte[] Grants { get; set; } = [];

    /// <summary>Whether events are acknowledged.</summary>
    public bool Acknowledges { get; set; } = true;

    /// <summary>Sent once after each subscription.</summary>
    public byte[] AfterSubscription { get; init; } = [];

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The versions of the greetings, oldest first.</summary>
    public IReadOnlyList<int> Versions
    {
        get
        {
            lock (_messages) return [.. _versions];
        }
    }

    public IReadOnlyList<StubMessage> Messages
    {
        get
        {
            lock (_messages) return [.. _messages];
        }
    }

    /// <summary>Acknowledgements of what it sent.</summary>
    public int Acknowledgements => Volatile.Read(ref _acknowledgements);

    public MqttStub Start()
    {
        _listener.Start();
        _serving = ServeAsync();
        return this;
    }

    /// <summary>Breaks the connection that stands.</summary>
    public void Break() => _client?.Client.Shutdown(SocketShutdown.Both);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        _client?.Dispose();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _client = client;
                await ServeAsync(client.GetStream());
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException
                or SocketException or ObjectDisposedException)
            {
                // The peer or the test has ended.
            }
        }
    }

    private async Task ServeAsync(NetworkStream stream)
    {
        var version = 0;
        while (await ReadAsync(stream) is var (header, body))
        {
            switch (header >> 4)
            {
                case 1:
                    version = body[6];
                    lock (_messages) _versions.Add(version);
                    if (version == 5 && AnswerToVersion5 is { } refusal)
                    {
                        await stream.WriteAsync(refusal, _stop.Token);
                        return;
                    }

                    byte[] answer = version == 5
                        ? [0x20, (byte)(3 + Grants.Length), 0, 0, (byte)Grants.Length, .. Grants]
                        : [0x20, 2, 0, 0];
                    await stream.WriteAsync(answer, _stop.Token);
                    break;
                case 3:
                    var id = Take(header, body, version);
                    if (id is not null && Acknowledges)
                        await stream.WriteAsync(new byte[] { 0x40, 2, id[0], id[1] }, _stop.Token);
                    break;
                case 4:
                    Interlocked.Increment(ref _acknowledgements);
                    break;
                case 8:
                    await stream.WriteAsync(AfterSubscription, _stop.Token);
                    break;
                case 12:
                    await stream.WriteAsync(new byte[] { 0xD0, 0 }, _stop.Token);
                    break;
                case 14:
                    return;
            }
        }
    }

    private byte[]? Take(byte header, byte[] body, int version)
    {
        var quality = (header >> 1) & 3;
        var length = (body[0] << 8) | body[1];
        var rest = 2 + length + (quality > 0 ? 2 : 0);
        if (version == 5) rest += 1 + body[rest];
        lock (_messages)
        {
            _messages.Add(new StubMessage(
                _versions.Count, Encoding.UTF8.GetString(body, 2, length), body[rest..], quality, (header & 1) != 0));
        }

        return quality > 0 ? body[(2 + length)..(4 + length)] : null;
    }

    private async Task<(byte Header, byte[] Body)?> ReadAsync(NetworkStream stream)
    {
        var one = new byte[1];
        if (await stream.ReadAsync(one, _stop.Token) == 0) return null;
        var (header, length) = (one[0], 0);
        for (var shift = 0; ; shift += 7)
        {
            await stream.ReadExactlyAsync(one, _stop.Token);
            length |= (one[0] & 0x7F) << shift;
            if (one[0] < 0x80) break;
        }

        var body = new byte[length];
        await stream.ReadExactlyAsync(body, _stop.Token);
        return (header, body);
    }
}
