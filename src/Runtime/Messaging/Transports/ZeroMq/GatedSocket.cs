using EdgePerception.Runtime.Messaging.Transports.ZeroMq.Gate;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq;

/// <summary>
/// A socket of the library and the gate in front of it, at which peers connect. Made and ended by any thread, the
/// socket used by one.
/// </summary>
internal sealed class GatedSocket : IAsyncDisposable
{
    private readonly string _name;
    private readonly GateLimits _limits;
    private readonly ILogger _logger;
    private readonly ConnectionGate _gate;
    private readonly RecentTrouble _trouble;

    /// <summary>Opens the gate before a socket that is bound.</summary>
    /// <exception cref="MessagingException">The endpoint is taken or cannot be had; one clear line.</exception>
    public GatedSocket(
        string name, IZeroMqSocket socket, string endpoint, GateLimits limits, SensorClock clock, ILogger logger)
    {
        (_name, Socket, _limits, _logger) = (name, socket, limits, logger);
        _trouble = new RecentTrouble(clock);
        _gate = new ConnectionGate($"{name} gate", endpoint, socket.Endpoint, limits, clock, logger, Refused);
        _gate.Start();
    }

    /// <summary>The socket.</summary>
    public IZeroMqSocket Socket { get; }

    /// <summary>Where peers connect; with the port that the system chose for port 0.</summary>
    public string Endpoint => _gate.Endpoint;

    /// <summary>Whom the gate has ended or not taken within the last ten seconds, and why; null if nobody.</summary>
    public string? Trouble => _trouble.Text;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _gate.DisposeAsync().ConfigureAwait(false);
        Socket.Dispose();
    }

    private void Refused(GateRefusal refusal)
    {
        var reason = refusal.Describe(_limits);
        MessagingLog.ConnectionRefused(_logger, _name, refusal.Peer, reason);
        _trouble.Set($"the connection of {refusal.Peer} was refused or ended: {reason}");
    }
}
