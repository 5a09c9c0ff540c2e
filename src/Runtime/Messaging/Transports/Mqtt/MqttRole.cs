namespace EdgePerception.Runtime.Messaging.Transports.Mqtt;

/// <summary>
/// What a connection is to the broker: the device itself, the one by which it hears stops, or somebody who talks to it.
/// </summary>
/// <param name="Inbound">What it listens to, below the device's prefix.</param>
/// <param name="IsDevice">Whether it says by the topic <c>available</c> that the device lives.</param>
public sealed record MqttRole(IReadOnlyList<InboundTopic> Inbound, bool IsDevice)
{
    private const int StopsKeepAliveS = 5;

    /// <summary>The device, which hears all but halts.</summary>
    public static MqttRole Device { get; } = new([.. Topics.Inbound.Where(topic => topic != Topics.Halt)], true);

    /// <summary>The connection's name in logs, metrics and health.</summary>
    public string Name { get; init; } = "mqtt";

    /// <summary>How long the broker keeps what comes while there is no connection; zero for not at all.</summary>
    public TimeSpan Session { get; private init; }

    /// <summary>Whether its threads are on the way of a stop.</summary>
    public bool IsUrgent => Probe is not null;

    /// <summary>Asks whether halts come through; none where the connection is not for them.</summary>
    public StopProbe? Probe { get; private init; }

    /// <summary>
    /// The device's ear for halts alone: beside its other connection, with a session that outlives the link, so that a
    /// halt waits for it and nothing else is in its way. Other sessions start clean, for a command or a resume that
    /// waited would be stale.
    /// </summary>
    public static MqttRole Stops(StopProbe probe) => new([Topics.Halt], false)
    {
        Name = "mqtt stops",
        Session = TimeSpan.FromMinutes(10),
        Probe = probe,
    };

    /// <summary>How much waits for this connection.</summary>
    /// <exception cref="MessagingException">The settings are wrong; the line names all of it.</exception>
    internal QueueLimits Limits(MqttSettings device)
    {
        SettingsFaults.ThrowIfAny("mqtt", device);
        var own = Of(device);
        return new QueueLimits(own.EventQueue, own.StreamQueue);
    }

    /// <summary>The settings of this connection, made of the device's.</summary>
    internal MqttSettings Of(MqttSettings device) => Probe is null ? device : device with
    {
        ClientId = $"{device.EffectiveClientId}-stops",
        KeepAliveS = Math.Min(device.KeepAliveS, StopsKeepAliveS),
        EventQueue = 16,
        StreamQueue = 16,
    };
}
