using EdgePerception.Runtime.Messaging.Transports;

namespace EdgePerception.Runtime.Messaging;

/// <summary>One topic that the service publishes, with how it is carried.</summary>
/// <param name="Name">
/// Its name below the device's prefix; <c>*</c> stands for the instance (a camera, a command's id).
/// </param>
/// <param name="Quality">Stream or event.</param>
/// <param name="Retain">Whether the newest value is kept for whoever comes later.</param>
/// <param name="OnMqtt">Whether MQTT carries it.</param>
/// <param name="OnZeroMq">Whether ZeroMQ carries it.</param>
/// <param name="MayBeThinned">
/// Whether each message replaces the one before, so that a watcher may be sent fewer.
/// </param>
/// <param name="Life">
/// How long the broker keeps a retained value that is not said again; without end where there is none. A device that
/// lives says such a topic once a second, so that what it leaves when it dies does not outlive it as if it were still
/// true.
/// </param>
public sealed record OutboundTopic(
    string Name, QualityOfService Quality, bool Retain, bool OnMqtt, bool OnZeroMq, bool MayBeThinned = false,
    TimeSpan? Life = null)
{
    /// <summary>The topic of one instance, or the name itself where there are no instances.</summary>
    public string For(string instance) =>
        instance.Length == 0 ? Name : Name.Replace("*", instance, StringComparison.Ordinal);
}

/// <summary>One topic that the service listens to.</summary>
/// <param name="Name">Its name below the device's prefix.</param>
/// <param name="AcceptsRetained">
/// Whether a message that the broker kept from before counts. A kept halt does, because that errs towards standing
/// still; a kept command, resume or arm would set a robot in motion that nobody is asking to move.
/// </param>
public sealed record InboundTopic(string Name, bool AcceptsRetained);

/// <summary>
/// The topics of the contract: the only table of them in the code, described in firmware-interfaces/asyncapi.yaml.
/// </summary>
public static class Topics
{
    private const QualityOfService Stream = QualityOfService.AtMostOnce;
    private const QualityOfService Event = QualityOfService.AtLeastOnce;
    private static readonly TimeSpan StateLife = TimeSpan.FromSeconds(5);

    /// <summary><c>online</c> or <c>offline</c> as plain text; the MQTT transport alone writes it.</summary>
    public const string Available = "available";

    /// <summary>Where the answer to a command goes whose id could not be read.</summary>
    public const string InvalidCommandId = "invalid";

    /// <summary>What a camera's detector saw.</summary>
    public static readonly OutboundTopic Detections = new(
        "detections/*", Stream, false, true, true, MayBeThinned: true);

    /// <summary>New, update and end of a camera's tracks.</summary>
    public static readonly OutboundTopic Tracks = new("tracks/*", Event, false, true, false);

    /// <summary>The whole scene.</summary>
    public static readonly OutboundTopic Scene = new("scene", Event, false, true, true, MayBeThinned: true);

    /// <summary>Sounds that are heard.</summary>
    public static readonly OutboundTopic Sounds = new("sounds", Event, false, true, true);

    /// <summary>The answer to a command.</summary>
    public static readonly OutboundTopic CommandResult = new("command/*/result", Event, false, true, false);

    /// <summary>Each step of a command's life.</summary>
    public static readonly OutboundTopic CommandState = new("command/*/state", Event, false, true, false);

    /// <summary>What the robot is to do; controllers get it from the action socket.</summary>
    public static readonly OutboundTopic Action = new("action", Event, false, true, false);

    /// <summary>Safety level and its cause, on every change and once a second.</summary>
    public static readonly OutboundTopic Safety = new("safety", Event, true, true, true, Life: StateLife);

    /// <summary>State of the components, once a second.</summary>
    public static readonly OutboundTopic Health = new("health", Event, true, true, false, Life: StateLife);

    /// <summary>Totals and rates.</summary>
    public static readonly OutboundTopic Stats = new("stats", Event, false, true, false);

    /// <summary>A spoken or written command.</summary>
    public static readonly InboundTopic Command = new("command", AcceptsRetained: false);

    /// <summary>Push to talk.</summary>
    public static readonly InboundTopic Listen = new("listen", AcceptsRetained: false);

    /// <summary>Stop all motion, at once.</summary>
    public static readonly InboundTopic Halt = new("halt", AcceptsRetained: true);

    /// <summary>Lift a halt; arms nothing, and moves nothing.</summary>
    public static readonly InboundTopic Resume = new("resume", AcceptsRetained: false);

    /// <summary>Permit motion after a start of the service.</summary>
    public static readonly InboundTopic Arm = new("arm", AcceptsRetained: false);

    /// <summary>All that is listened to.</summary>
    public static readonly IReadOnlyList<InboundTopic> Inbound = [Command, Listen, Halt, Resume, Arm];
}
