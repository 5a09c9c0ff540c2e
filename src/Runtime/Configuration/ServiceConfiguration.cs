using System.ComponentModel.DataAnnotations;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Tracking;
using EdgePerception.Fusion.Vision;
using EdgePerception.Policy.Grounding;
using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Http;
using EdgePerception.Runtime.Messaging.Commands;
using EdgePerception.Runtime.Messaging.Transports.Mqtt;
using EdgePerception.Runtime.Messaging.Transports.ZeroMq;
using EdgePerception.Sensors.Cameras;

namespace EdgePerception.Runtime.Configuration;

/// <summary>Which models run.</summary>
public sealed record ModelsConfiguration
{
    /// <summary>The folder that manifests' files are relative to; relative to the configuration file.</summary>
    public string Folder { get; init; } = "../models";

    /// <summary>Manifest of the object detector; relative to the configuration file.</summary>
    public string Detector { get; init; } = "models/centernet-mobilenetv3-coco.yaml";

    /// <summary>What a text-conditioned detector looks for, in place of its manifest's labels; empty otherwise.</summary>
    public IReadOnlyList<string> Prompts { get; init; } = [];
}

/// <summary>How commands are grounded.</summary>
public sealed record GroundingConfiguration
{
    /// <summary>Who answers; the network is loaded only where it has a say.</summary>
    public GroundingMethod Method { get; init; } = GroundingMethod.Combined;

    /// <summary>Manifest of the attention model; relative to the configuration file.</summary>
    public string Network { get; init; } = "models/grounding.yaml";

    /// <summary>How its opinion counts; relative to the configuration file.</summary>
    public string Calibration { get; init; } = "../models/grounding/calibration.yaml";

    /// <summary>Manifest of the sentence encoder that hears what unknown words may mean; relative to the configuration file.</summary>
    public string Encoder { get; init; } = "models/minilm.yaml";

    /// <summary>What was fitted to the encoder; relative to the configuration file.</summary>
    public string Ear { get; init; } = "../models/grounding/ear.json";

    /// <summary>In what share of the answers the truth may be left out of what counts as possible: the less, the more is asked.</summary>
    [Range(0.005, 0.3)]
    public double Risk { get; init; } = 0.05;

    /// <summary>How long "it" and "the other one" may refer to what was said before, seconds.</summary>
    [Range(1, 3600)]
    public int ConversationSeconds { get; init; } = 60;
}

/// <summary>The loop.</summary>
public sealed record PipelineConfiguration
{
    /// <summary>A frame older than this when its turn comes is dropped, milliseconds.</summary>
    [Range(10, 60_000)]
    public int MaxFrameAgeMs { get; init; } = 500;

    /// <summary>
    /// How long a frame may wait for those of other cameras that are due, so that they join one run of the model,
    /// milliseconds; 0 waits for none.
    /// </summary>
    [Range(0, 1000)]
    public int JoinWaitMs { get; init; } = 5;

    /// <summary>A tick that takes longer than this is ended and counted as failed, milliseconds.</summary>
    [Range(100, 600_000)]
    public int TickTimeoutMs { get; init; } = 5_000;

    /// <summary>Commands that may wait for the next scene; further ones are refused.</summary>
    [Range(1, 1000)]
    public int CommandCapacity { get; init; } = 32;

    /// <summary>Failed ticks in a row from which the service calls itself failed.</summary>
    [Range(1, 1000)]
    public int FailuresUntilUnhealthy { get; init; } = 5;
}

/// <summary>What is sent to whom how often.</summary>
public sealed record PublishingConfiguration
{
    /// <summary>Messages a second at most on each of MQTT's streams: detections, scene, updates of tracks.</summary>
    [Range(0.1, 240.0)]
    public double MqttStreamHz { get; init; } = 5;

    /// <summary>How long after the decision an action may still be started, milliseconds.</summary>
    [Range(50, 600_000)]
    public int ActionLifetimeMs { get; init; } = 2_000;

    /// <summary>
    /// Folder for a picture (<c>ID.grounded.png</c>) of each command that was grounded; none when empty. Relative to
    /// the configuration file.
    /// </summary>
    public string PicturesFolder { get; init; } = "";

    /// <summary>Pictures that the folder may hold; the oldest go first, whichever run wrote them.</summary>
    [Range(1, 1_000_000)]
    public int MaxPictures { get; init; } = 1_000;

    /// <summary>Megabytes (millions of bytes) that they may have together; the oldest go first.</summary>
    [Range(1, 1_000_000)]
    public int MaxPicturesMegabytes { get; init; } = 500;
}

/// <summary>
/// The whole configuration, as <c>run</c> and <c>check</c> read it from one YAML file. A section that is left out has
/// its defaults; <c>mqtt</c> and <c>zeromq</c> are used only when they are there.
/// </summary>
public sealed record ServiceConfiguration : IValidatableObject
{
    /// <summary>The cameras with their microphones, 1 to 16.</summary>
    [Length(1, 16)]
    public required IReadOnlyList<CameraSettings> Cameras { get; init; }

    /// <summary>Which models run.</summary>
    public ModelsConfiguration Models { get; init; } = new();

    /// <summary>How models are run.</summary>
    public InferenceSettings Inference { get; init; } = new();

    /// <summary>What a new version of the detector must show before it goes live.</summary>
    public SwapSettings Swap { get; init; } = new();

    /// <summary>Whether still pictures are spared the model.</summary>
    public MotionGateSettings MotionGate { get; init; } = new();

    /// <summary>How objects are followed.</summary>
    public TrackerSettings Tracking { get; init; } = new();

    /// <summary>How commands are grounded.</summary>
    public GroundingConfiguration Grounding { get; init; } = new();

    /// <summary>What belongs into a scene.</summary>
    public SceneSettings Scene { get; init; } = new();

    /// <summary>The loop.</summary>
    public PipelineConfiguration Pipeline { get; init; } = new();

    /// <summary>What commands must look like.</summary>
    public CommandReaderOptions Commands { get; init; } = new();

    /// <summary>The safety ladder.</summary>
    public SafetySettings Safety { get; init; } = new();

    /// <summary>What is sent how often.</summary>
    public PublishingConfiguration Publishing { get; init; } = new();

    /// <summary>
    /// Folder of what is to outlive a restart; relative to the configuration file. Empty takes systemd's
    /// <c>$STATE_DIRECTORY</c>, otherwise edge-perception in <c>$XDG_STATE_HOME</c> or ~/.local/state.
    /// <c>check</c> looks whether it can be written; the service itself keeps nothing there yet.
    /// </summary>
    public string StateFolder { get; init; } = "";

    /// <summary>The MQTT broker; none when left out.</summary>
    public MqttOptions? Mqtt { get; init; }

    /// <summary>The ZeroMQ sockets; none when left out.</summary>
    public ZeroMqOptions? Zeromq { get; init; }

    /// <summary>The HTTP server with metrics and probes.</summary>
    public HttpOptions Http { get; init; } = new();

    /// <summary>The device's name in topics and towards controllers.</summary>
    internal string DeviceName => (Mqtt ?? new MqttOptions()).EffectiveDevice;

    /// <summary>What a command's <c>replyTo</c> must begin with.</summary>
    internal string ReplyToPrefix =>
        Commands.ReplyToPrefix.Length > 0 ? Commands.ReplyToPrefix : (Mqtt ?? new MqttOptions()).TopicRoot + "reply/";

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

    private static int PortOf(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Port > 0 ? uri.Port : 0;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var name in Cameras.GroupBy(camera => camera.Name).Where(group => group.Count() > 1).Select(group => group.Key))
            yield return new ValidationResult($"two cameras are called '{name}'; names must differ", [nameof(Cameras)]);
        foreach (var (key, section, port) in PortsTaken())
            yield return new ValidationResult($"has the port of {key}, {port}; each needs its own", [section]);
    }
}
