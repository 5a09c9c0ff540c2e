using System.Net;
using System.Net.Sockets;

namespace EdgePerception.Tests.Support;

/// <summary>
/// A loopback port that passes bytes on to another, until it is cut: then both ends see the connection vanish, as when
/// a process is killed or a cable pulled. While it is closed it keeps its port and hangs up on everybody.
/// </summary>
internal sealed class TcpRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<TcpClient> _clients = [];
    private readonly Task _accepting;
    private bool _open = true;
    private int _connections;

    public static TcpRelay To(int port) => new(port);

    private TcpRelay(int targetPort)
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(targetPort);
    }

    public int Port { get; }

    /// <summary>Connections that were asked for so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Cuts all connections; new ones are taken.</summary>
    public void Cut()
    {
        lock (_clients)
        {
            foreach (var client in _clients) client.Client?.Close(0);
            _clients.Clear();
        }
    }

    /// <summary>Cuts all connections, and takes none until <see cref="Open"/>.</summary>
    public void Close()
    {
        lock (_clients)
        {
            _open = false;
            Cut();
        }
    }

    public void Open()
    {
        lock (_clients) _open = true;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        Close();
        _stop.Dispose();
    }

    private async Task AcceptAsync(int targetPort)
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                var far = new TcpClient();
                if (await ConnectsAsync(far, targetPort) && Keep(near, far))
                {
                    _ = PassAsync(near, far);
                    _ = PassAsync(far, near);
                }
                else
                {
                    near.Client.Close(0);
                    far.Dispose();
                }
            }
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The relay has ended.
        }
    }

    private async Task<bool> ConnectsAsync(TcpClient far, int port)
    {
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, port, _stop.Token);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private bool Keep(TcpClient near, TcpClient far)
    {
        lock (_clients)
        {
            if (_open) _clients.AddRange([near, far]);
            return _open;
        }
    }

    private static async Task PassAsync(TcpClient from, TcpClient to)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream());
        }
        catch (Exception exception)
            when (exception is IOException or InvalidOperationException or ObjectDisposedException)
        {
            // The connection was cut, which is what a relay is for.
        }
        finally
        {
            from.Close();
            to.Close();
        }
    }
}
