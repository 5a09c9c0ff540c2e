using System.Net;
using System.Net.Sockets;

namespace EdgePerception.Tests.Support;

/// <summary>
/// A loopback port that takes whatever is sent first, answers it with the same bytes each time and hangs up.
/// </summary>
internal sealed class TcpStub : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;
    private int _connections;

    public TcpStub(byte[] answer)
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _serving = ServeAsync(answer);
    }

    public int Port { get; }

    /// <summary>Connections on which something was said.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync(byte[] answer)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                var (stream, buffer) = (client.GetStream(), new byte[4096]);
                if (await stream.ReadAsync(buffer, _stop.Token) == 0) continue;
                Interlocked.Increment(ref _connections);
                await stream.WriteAsync(answer, _stop.Token);
                client.Client.Shutdown(SocketShutdown.Send);

                // What comes meanwhile is read, or the kernel would take back the answer with a reset.
                while (await stream.ReadAsync(buffer, _stop.Token) > 0)
                {
                }
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException)
            {
                // The peer or the test has ended.
            }
        }
    }
}
