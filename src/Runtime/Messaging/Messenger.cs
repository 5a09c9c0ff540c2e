using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Messaging.Broker;
using EdgePerception.Runtime.Messaging.Transports;
using EdgePerception.Runtime.Messaging.Transports.Mqtt;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Sensors.Time;
using Microsoft.Extensions.Logging;

namespace EdgePerception.Runtime.Messaging;

/// <summary>The transports that the configuration asks for, and the publisher over them.</summary>
public sealed class Messenger : IHealthSource, IAsyncDisposable
{
    private readonly List<IMessageTransport> _transports = [];
    private readonly EmbeddedBroker? _broker;

    /// <summary>Makes them; <see cref="Start"/> opens them.</summary>
    /// <param name="mqtt">The broker, if there is one.</param>
    /// <param name="zeromq">The sockets, if there are any.</param>
    /// <param name="device">The device's name towards controllers.</param>
    /// <param name="publishing">How often what is sent.</param>
    /// <param name="permits">How long permits live, and who is given motion.</param>
    /// <param name="mayMove">The gate.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="loggers">Makes the logs of the transports.</param>
    /// <param name="probePeriod">
    /// How often it is asked whether a stop would come over MQTT; once a second at least, and where it is left out.
    /// </param>
    /// <exception cref="MessagingException">The settings cannot work.</exception>
    public Messenger(
        MqttSettings? mqtt, ZeroMqSettings? zeromq, string device, PublishingSettings publishing,
        SafetySettings permits, Func<bool> mayMove, SensorClock clock, ILoggerFactory loggers,
        TimeSpan? probePeriod = null)
    {
        var routes = new List<MessageRoute>();
        if (mqtt is not null)
        {
            if (mqtt.Embedded) _broker = new EmbeddedBroker(mqtt, clock, loggers.CreateLogger<EmbeddedBroker>());
            var transport = new MqttTransport(mqtt, clock, loggers.CreateLogger<MqttTransport>());
            _transports.Add(transport);
            routes.Add(MessageRoute.Mqtt(transport, publishing.MqttStreamHz));
            Commands = transport;
            StopProbe = new StopProbe(clock, probePeriod ?? StopProbe.LongestPeriod);
            Stops = new MqttTransport(
                mqtt, clock, loggers.CreateLogger<MqttTransport>(), MqttRole.Stops(StopProbe));
            _transports.Add(Stops);
        }

        if (zeromq is not null)
        {
            var transport = new ZeroMqPublisher(zeromq, clock, loggers.CreateLogger<ZeroMqPublisher>());
            _transports.Add(transport);
            routes.Add(MessageRoute.ZeroMq(transport));
            Controllers = new ActionRouter(
                zeromq, device, permits, mayMove, clock, loggers.CreateLogger<ActionRouter>());
        }

        Publisher = new MessagePublisher(routes, clock);
    }

    /// <summary>Every transport.</summary>
    public IReadOnlyList<IMessageTransport> Transports => _transports;

    /// <summary>The transport that commands arrive on, if there is one.</summary>
    public IMessageTransport? Commands { get; }

    /// <summary>The transport that halts arrive on and nothing else, if there is one.</summary>
    public IMessageTransport? Stops { get; }

    /// <summary>Tells whether a halt would arrive there, if it could.</summary>
    public StopProbe? StopProbe { get; }

    /// <summary>The robot's controllers, if there is a socket for them.</summary>
    public ActionRouter? Controllers { get; }

    /// <summary>Publishes on all of them.</summary>
    public MessagePublisher Publisher { get; }

    /// <summary>Opens them; peers may come and go from then on.</summary>
    /// <exception cref="MessagingException">One of them can never work, such as a port that is taken.</exception>
    public void Start()
    {
        _broker?.Start();
        foreach (var transport in _transports) transport.Start();
        Controllers?.Start();
    }

    /// <summary>Every transport, and the controllers' socket.</summary>
    public IEnumerable<ComponentHealth> Look()
    {
        foreach (var transport in _transports)
        {
            var (state, trouble) = (transport.State, transport.Trouble);
            var status = trouble is { NeedsAttention: true } ? HealthStatus.Failed
                : trouble is null && state == TransportState.Connected ? HealthStatus.Ok : HealthStatus.Degraded;
            var name = state.ToString().ToLowerInvariant();
            yield return new ComponentHealth(
                transport.Name, status, trouble is null ? name : $"{name}: {trouble.Reason}");
        }

        if (Controllers is not { } controllers) yield break;
        var registered = $"{controllers.Controllers} registered";
        yield return new ComponentHealth(
            "controllers", controllers.Trouble is null ? HealthStatus.Ok : HealthStatus.Degraded,
            controllers.Trouble is { } refused ? $"{registered}; {refused}" : registered);
    }

    /// <summary>Sends what waits and closes them.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Controllers is { } controllers) await controllers.DisposeAsync();
        foreach (var transport in _transports) await transport.DisposeAsync();
        if (_broker is { } broker) await broker.DisposeAsync();
        Publisher.Dispose();
    }
}
