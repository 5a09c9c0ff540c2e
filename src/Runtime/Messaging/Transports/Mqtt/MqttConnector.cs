using EdgePerception.Sensors.Time;
using MQTTnet.Formatter;

namespace EdgePerception.Runtime.Messaging.Transports.Mqtt;

/// <summary>
/// Connects and greets, in MQTT 5, or in 3.1.1 where the broker does not take that: some refuse the version, some hang
/// up on a greeting that they do not know. It is not remembered: a link that broke in that moment looks the same, and a
/// broker may be renewed. One thread's.
/// </summary>
internal sealed class MqttConnector : IDisposable
{
    private readonly MqttSettings _options;
    private readonly MqttRole _role;
    private readonly SensorClock _clock;
    private readonly MqttCertificates? _certificates;

    /// <summary>Reads the certificates.</summary>
    /// <exception cref="MessagingException">They cannot be used; one clear line.</exception>
    public MqttConnector(MqttSettings options, MqttRole role, SensorClock clock)
    {
        (_options, _role, _clock) = (options, role, clock);
        _certificates = options.Tls ? new MqttCertificates(options) : null;
    }

    /// <summary>Whether the newest connection is one of 3.1.1.</summary>
    public bool IsOld { get; private set; }

    /// <summary>One connection, greeted and answered; within the time that the configuration gives it.</summary>
    /// <exception cref="MqttRefusedException">There is none; the message says why.</exception>
    /// <exception cref="OperationCanceledException">The service ends.</exception>
    public MqttConnection Connect(CancellationToken stop, out MqttTerms terms)
    {
        IsOld = false;
        try
        {
            return Connect(MqttProtocolVersion.V500, stop, out terms);
        }
        catch (Exception exception) when (exception is MqttVersionRefusedException or MqttHungUpException)
        {
            IsOld = true;
            return Connect(MqttProtocolVersion.V311, stop, out terms);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _certificates?.Dispose();

    private MqttConnection Connect(MqttProtocolVersion version, CancellationToken stop, out MqttTerms terms)
    {
        MqttConnection? connection = null;
        _certificates?.Forget();
        try
        {
            connection = MqttConnection.Open(_options, _certificates, version, _clock, stop);
            terms = MqttHandshake.Greet(connection, _options, version, _role);
            return connection;
        }
        catch (Exception exception)
        {
            var isGreeted = connection is not null;
            connection?.Dispose();
            if (exception is OperationCanceledException or MqttRefusedException) throw;
            var reason = _certificates?.Refusal ?? MqttFault.DescribeStart(exception, isGreeted, _options);
            throw isGreeted && exception is EndOfStreamException
                ? new MqttHungUpException(reason)
                : new MqttRefusedException(reason);
        }
    }
}
