using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Server;

namespace EdgePerception.Runtime.Messaging.Broker;

/// <summary>
/// The embedded broker's socket: one address, and no other that MQTTnet's own listener would open beside it; a bounded
/// number of connections, each with a bounded time for its TLS handshake. Connections run on the thread pool.
/// </summary>
internal sealed class BrokerListener(
    IPEndPoint address, SslStreamCertificateContext? certificate, SensorClock clock, ILogger logger)
    : IMqttServerAdapter
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(2);

    private readonly Socket _socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Socket, Task> _connections = [];
    private IMqttNetLogger _library = new MqttNetNullLogger();
    private Task _accepting = Task.CompletedTask;

    /// <inheritdoc/>
    public Func<IMqttChannelAdapter, Task>? ClientHandler { get; set; }

    /// <summary>Takes the port.</summary>
    /// <exception cref="SocketException">Somebody else has it, or the address is none of this machine's.</exception>
    public void Bind()
    {
        _socket.Bind(address);
        _socket.Listen(BrokerLimits.Connections);
    }

    /// <summary>Takes connections from now on.</summary>
    public Task StartAsync(MqttServerOptions options, IMqttNetLogger library)
    {
        _library = library;
        _accepting = AcceptAsync();
        return Task.CompletedTask;
    }

    /// <summary>Closes the port and all connections, and waits for them to end.</summary>
    public async Task StopAsync()
    {
        CloseAll();
        await Task.WhenAny(Task.WhenAll([_accepting, .. _connections.Values]), Task.Delay(EndTimeout));
    }

    /// <summary>Closes them without waiting, also for those that are waited for in vain.</summary>
    public void CloseAll()
    {
        _stop.Cancel();
        _socket.Dispose();
        foreach (var socket in _connections.Keys) socket.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CloseAll();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _socket.AcceptAsync(_stop.Token);
                if (_connections.Count >= BrokerLimits.Connections) TurnAway(socket);
                else Serve(socket);
            }
            catch (Exception) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException e)
            {
                // Out of descriptors, as a rule: some may be free again in a moment.
                BrokerLog.AcceptFailed(logger, e.Message);
                await Task.WhenAny(Task.Delay(Pause, _stop.Token));
            }
        }
    }

    private void Serve(Socket socket)
    {
        _connections[socket] = Task.CompletedTask;
        var serving = Task.Run(() => ServeAsync(socket));
        // One that is over by now has taken itself out.
        _connections.TryUpdate(socket, serving, Task.CompletedTask);
    }

    private void TurnAway(Socket socket)
    {
        BrokerMessages.CountRefused("connections");
        BrokerLog.Full(logger, BrokerLimits.Connections);
        socket.Dispose();
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            socket.NoDelay = true;
            var (local, remote) = (socket.LocalEndPoint!, socket.RemoteEndPoint!);
            await using var stream = await ProtectAsync(new NetworkStream(socket, ownsSocket: true), remote);
            if (stream is null || ClientHandler is not { } handler) return;
            var channel = new BrokerChannel(stream, local, remote);
            var formatter = new MqttPacketFormatterAdapter(new MqttBufferWriter(4096, 65_535));
            using var inner = new MqttChannelAdapter(channel, formatter, _library);
            await handler(new BrokerConnection(inner, channel, clock, logger));
        }
#pragma warning disable CA1031 // The outermost boundary of one client: whatever it is, the others go on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _library.Publish(MqttNetLogLevel.Warning, nameof(BrokerListener), "A connection broke off", null, e);
        }
        finally
        {
            socket.Dispose();
            _connections.TryRemove(socket, out _);
        }
    }

    private async Task<Stream?> ProtectAsync(NetworkStream stream, EndPoint remote)
    {
        if (certificate is null) return stream;
        var secure = new SslStream(stream);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            limit.CancelAfter(BrokerLimits.ToConnect);
            var options = new SslServerAuthenticationOptions { ServerCertificateContext = certificate };
            await secure.AuthenticateAsServerAsync(options, limit.Token);
            return secure;
        }
        catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException)
        {
            await secure.DisposeAsync();
            BrokerMessages.CountRefused("tls");
            if (!_stop.IsCancellationRequested)
                BrokerLog.TlsFailed(logger, $"{remote}", (e.InnerException ?? e).Message);
            return null;
        }
    }
}
