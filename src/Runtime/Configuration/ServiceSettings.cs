using System.ComponentModel.DataAnnotations;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Tracking;
using EdgePerception.Fusion.Vision;
using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Gateway;
using EdgePerception.Runtime.Http;
using EdgePerception.Runtime.Messaging;
using EdgePerception.Runtime.Messaging.Transports.Mqtt;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Runtime.Models;
using EdgePerception.Runtime.Pipeline;
using EdgePerception.Sensors.Cameras;
using EdgePerception.Sensors.Microphones;

namespace EdgePerception.Runtime.Configuration;

/// <summary>
/// The whole configuration, as <c>run</c> and <c>check</c> read it from one YAML file. A section that is left out has
/// its defaults; <c>mqtt</c> and <c>zeromq</c> are used only when they are there.
/// </summary>
public sealed record ServiceSettings : IValidatableObject
{
    /// <summary>The cameras, 1 to 16.</summary>
    [Length(1, 16)]
    public required IReadOnlyList<CameraSettings> Cameras { get; init; }

    /// <summary>The microphones, none to 16.</summary>
    [Length(0, 16)]
    public IReadOnlyList<MicrophoneSettings> Microphones { get; init; } = [];

    /// <summary>Which models run.</summary>
    public ModelsSettings Models { get; init; } = new();

    /// <summary>How models are run.</summary>
    public InferenceSettings Inference { get; init; } = new();

    /// <summary>What a new version of the detector must show before it goes live.</summary>
    public SwapSettings Swap { get; init; } = new();

    /// <summary>Whether still pictures are spared the model.</summary>
    public MotionGateSettings MotionGate { get; init; } = new();

    /// <summary>How objects are followed.</summary>
    public TrackerSettings Tracking { get; init; } = new();

    /// <summary>How commands are grounded.</summary>
    public GroundingSettings Grounding { get; init; } = new();

    /// <summary>What belongs into a scene.</summary>
    public SceneSettings Scene { get; init; } = new();

    /// <summary>The loop.</summary>
    public PipelineSettings Pipeline { get; init; } = new();

    /// <summary>What commands must look like.</summary>
    public CommandSettings Commands { get; init; } = new();

    /// <summary>The safety ladder.</summary>
    public SafetySettings Safety { get; init; } = new();

    /// <summary>What is sent how often.</summary>
    public PublishingSettings Publishing { get; init; } = new();

    /// <summary>
    /// Folder of what is to outlive a restart; relative to the configuration file. Empty takes systemd's
    /// <c>$STATE_DIRECTORY</c>, otherwise edge-perception in <c>$XDG_STATE_HOME</c> or ~/.local/state. There lies
    /// safety-DEVICE.json: whether the last run ended in order, and the halt that stands. A start that finds no orderly
    /// end, or cannot read or write there, begins halted, but for a first one with <c>safety.armAtStart</c>.
    /// </summary>
    public string StateFolder { get; init; } = "";

    /// <summary>The MQTT broker; none when left out.</summary>
    public MqttSettings? Mqtt { get; init; }

    /// <summary>The ZeroMQ sockets; none when left out.</summary>
    public ZeroMqSettings? Zeromq { get; init; }

    /// <summary>The HTTP server with metrics and probes.</summary>
    public HttpSettings Http { get; init; } = new();

    /// <summary>The device's name in topics and towards controllers.</summary>
    internal string DeviceName => (Mqtt ?? new MqttSettings()).EffectiveDevice;

    /// <summary>What a command's <c>replyTo</c> must begin with.</summary>
    internal string ReplyToPrefix =>
        Commands.ReplyToPrefix.Length > 0 ? Commands.ReplyToPrefix : (Mqtt ?? new MqttSettings()).TopicRoot + "reply/";

    /// <summary>Sections that want a port which another has; within a section it is the section's own fault.</summary>
    private IEnumerable<(string Key, string Section, int Port)> PortsTaken()
    {
        List<(string Section, string Key, int Port)> ports = [];
        if (Mqtt is { Embedded: true } mqtt) ports.Add((nameof(Mqtt), "mqtt.port", mqtt.Port));
        if (Zeromq is { } zeromq)
        {
            ports.Add((nameof(Zeromq), "zeromq.publish", PortOf(zeromq.Publish)));
            ports.Add((nameof(Zeromq), "zeromq.actions", PortOf(zeromq.Actions)));
        }

        ports.Add((nameof(Http), "http.address", PortOf(Http.Address)));
        foreach (var (section, _, port) in ports.Where(place => place.Port > 0))
        {
            var first = ports.First(place => place.Port == port);
            if (first.Section != section) yield return (first.Key, section, port);
        }
    }

    private static IEnumerable<ValidationResult> Twice(string what, string section, IEnumerable<string> names) =>
        names.GroupBy(name => name).Where(group => group.Count() > 1).Select(group =>
            new ValidationResult($"two {what} are called '{group.Key}'; names must differ", [section]));

    private static int PortOf(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Port > 0 ? uri.Port : 0;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var fault in Twice("cameras", nameof(Cameras), Cameras.Select(camera => camera.Name)))
            yield return fault;
        foreach (var fault in Twice("microphones", nameof(Microphones), Microphones.Select(each => each.Name)))
            yield return fault;
        foreach (var (key, section, port) in PortsTaken())
            yield return new ValidationResult($"has the port of {key}, {port}; each needs its own", [section]);
    }
}
