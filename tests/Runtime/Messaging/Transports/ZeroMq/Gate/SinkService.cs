using System.Net;
using System.Net.Sockets;

namespace EdgePerception.Runtime.Tests.Messaging.Transports.ZeroMq.Gate;

/// <summary>A service behind a gate that only counts what reaches it, and reads once it is told to.</summary>
internal sealed class SinkService : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _reading = new();
    private readonly List<TcpClient> _clients = [];
    private readonly Task _serving;
    private long _received;

    public SinkService(bool reads = true)
    {
        if (reads) Read();
        _listener.Start();
        _listener.Server.ReceiveBufferSize = 64 * 1024;
        _serving = ServeAsync();
    }

    public string Endpoint => $"tcp://{_listener.LocalEndpoint}";

    public long Received => Interlocked.Read(ref _received);

    public void Read() => _reading.TrySetResult();

    /// <summary>Says something to every peer, whether or not it reads.</summary>
    public void Say(byte[] bytes)
    {
        lock (_clients)
        {
            foreach (var client in _clients) _ = client.GetStream().WriteAsync(bytes, _stop.Token).AsTask();
        }
    }

    /// <summary>How many connections were made.</summary>
    public int Connections
    {
        get
        {
            lock (_clients) return _clients.Count;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested) return;
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        lock (_clients)
        {
            foreach (var client in _clients) client.Dispose();
        }
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                lock (_clients) _clients.Add(client);
                _ = CountAsync(client);
            }
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or InvalidOperationException or SocketException)
        {
            // The test has ended.
        }
    }

    private async Task CountAsync(TcpClient client)
    {
        try
        {
            await _reading.Task;
            var buffer = new byte[64 * 1024];
            var stream = client.GetStream();
            while (await stream.ReadAsync(buffer, _stop.Token) is var read and > 0)
                Interlocked.Add(ref _received, read);
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The peer or the test has ended.
        }
        finally
        {
            client.Dispose();
        }
    }
}
