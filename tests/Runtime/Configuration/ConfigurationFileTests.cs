using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Runtime.Configuration;
using EdgePerception.Runtime.Messaging;
using EdgePerception.Runtime.Models;
using EdgePerception.Runtime.Pipeline;
using EdgePerception.Runtime.Tests.Architecture;
using EdgePerception.Runtime.Yaml;
using EdgePerception.Sensors.Cameras;
using EdgePerception.Tests.Support;

namespace EdgePerception.Runtime.Tests.Configuration;

public sealed class ConfigurationFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Paths_are_relative_to_the_file_and_not_to_where_one_stands()
    {
        var configuration = Read("""
            cameras:
              - { name: front, kind: file, path: clips/a.avi }
              - { name: rear, kind: v4l2, device: /dev/video3 }
              - { name: side, kind: file, path: /media/b.avi }
            microphones: [{ name: left, kind: file, path: ../voice.wav }]
            models: { folder: weights, detector: manifests/d.yaml }
            grounding: { network: manifests/g.yaml, calibration: /etc/calibration.yaml, encoder: manifests/e.yaml, ear: ../ear.json }
            publishing: { picturesFolder: out }
            """);
        Assert.Equal(Path.Combine(_folder.Path, "clips/a.avi"), configuration.Cameras[0].Path);
        Assert.Equal(Path.GetFullPath(Path.Combine(_folder.Path, "../voice.wav")), configuration.Microphones[0].Path);
        Assert.Null(configuration.Cameras[1].Path);
        Assert.Equal("/media/b.avi", configuration.Cameras[2].Path);
        Assert.Equal(Path.Combine(_folder.Path, "weights"), configuration.Models.Folder);
        Assert.Equal(Path.Combine(_folder.Path, "manifests/d.yaml"), configuration.Models.Detector);
        Assert.Equal(Path.Combine(_folder.Path, "manifests/g.yaml"), configuration.Grounding.Network);
        Assert.Equal("/etc/calibration.yaml", configuration.Grounding.Calibration);
        Assert.Equal(Path.Combine(_folder.Path, "manifests/e.yaml"), configuration.Grounding.Encoder);
        Assert.Equal(Path.GetFullPath(Path.Combine(_folder.Path, "../ear.json")), configuration.Grounding.Ear);
        Assert.Equal(Path.Combine(_folder.Path, "out"), configuration.Publishing.PicturesFolder);
    }

    [Theory]
    [InlineData("mqtt: { embedded: true, port: 5556 }\nzeromq: {}", "zeromq: has the port of mqtt.port, 5556; each")]
    [InlineData("http: { address: 'http://127.0.0.1:5557' }\nzeromq: {}", "http: has the port of zeromq.actions")]
    [InlineData("mqtt: { embedded: true, port: 9 }\nhttp: { address: 'http://[::1]:9' }", "http: has the port of mqtt")]
    public void A_port_that_two_sections_want_is_a_fault(string sections, string fault)
    {
        const string Cameras = "cameras: [{ name: a, kind: test_pattern }]\n";
        var thrown = Assert.Throws<YamlException>(() => Read(Cameras + sections));
        Assert.Contains(fault, Assert.Single(thrown.Faults).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_broker_elsewhere_and_a_port_that_the_system_chooses_are_in_nobodys_way()
    {
        var configuration = Read("""
            cameras: [{ name: a, kind: test_pattern }]
            mqtt: { port: 5556 }
            zeromq: { publish: "tcp://127.0.0.1:5556", actions: "tcp://127.0.0.1:0" }
            http: { address: "http://127.0.0.1:0" }
            """);
        Assert.Equal(5556, configuration.Mqtt!.Port);
    }

    [Fact]
    public void What_is_left_out_has_its_default_and_a_transport_is_used_only_when_it_is_there()
    {
        var configuration = Read("cameras: [{ name: test, kind: synthetic }]");
        Assert.Null(configuration.Mqtt);
        Assert.Null(configuration.Zeromq);
        Assert.Equal("", configuration.Publishing.PicturesFolder);
        Assert.Equal(
            (500, 5000, 3000),
            (configuration.Pipeline.MaxFrameAgeMs, configuration.Pipeline.TickTimeoutMs,
                configuration.Safety.HaltAfterMs));
        Assert.EndsWith(Path.Combine("models", "nanodet-coco.yaml"), configuration.Models.Detector,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_section_that_is_there_without_keys_is_used_with_its_defaults()
    {
        var configuration = Read("cameras: [{ name: test, kind: synthetic }]\nmqtt: {}\nzeromq: {}");
        Assert.Equal(1883, configuration.Mqtt!.Port);
        Assert.Equal("tcp://127.0.0.1:5557", configuration.Zeromq!.Actions);
    }

    [Fact]
    public void Single_keys_are_laid_over_the_file()
    {
        var configuration = Read(
            "cameras: [{ name: test, kind: synthetic }]\nmqtt: { port: 1883, device: robot }",
            "mqtt.port=1884", "cameras.0.name=other", "safety.haltAfterMs=9000", "cameras.0.path=clip.avi");
        Assert.Equal((1884, "robot"), (configuration.Mqtt!.Port, configuration.Mqtt.Device));
        Assert.Equal(("other", 9000), (configuration.Cameras[0].Name, configuration.Safety.HaltAfterMs));
        Assert.Equal(Path.Combine(_folder.Path, "clip.avi"), configuration.Cameras[0].Path);
    }

    [Fact]
    public void Every_fault_of_every_section_is_told_at_once_with_its_line()
    {
        var faults = Faults("""
            cameras:
              - name: front
                kind: fil
                fps: 0
              - name: front
                kind: synthetic
                hfovDeg: wide
            modles:
              folder: x
            pipeline:
              tickTimoutMs: 5000
              maxFrameAgeMs: 1
            mqtt:
              port: 99999
              keepAliveS: soon
            zeromq:
              publish: tcp://0.0.0.0:5556
            safety:
              degradeAfterMs: 4000
            commands:
              defaultTtlMs: 0
            """);
        string[] expected =
        [
            "robot.yaml:1: cameras: two cameras are called 'front'; names must differ",
            "robot.yaml:3: cameras.0.kind: 'fil' is not one of ",
            "robot.yaml:4: cameras.0.fps: 0 is out of range, 1 to 240",
            "robot.yaml:7: cameras.1.hfovDeg: 'wide' is not a number",
            "robot.yaml:8: modles: unknown key; did you mean 'models'?",
            "robot.yaml:11: pipeline.tickTimoutMs: unknown key; did you mean 'tickTimeoutMs'?",
            "robot.yaml:12: pipeline.maxFrameAgeMs: 1 is out of range, 10 to 60000",
            "robot.yaml:14: mqtt.port: 99999 is out of range",
            "robot.yaml:15: mqtt.keepAliveS: 'soon' is not a whole number",
            "robot.yaml:17: zeromq.publish: 'tcp://0.0.0.0:5556' would open",
            "robot.yaml:19: safety.degradeAfterMs: ", "robot.yaml:21: commands.defaultTtlMs: 0 is out of range",
        ];
        foreach (var line in expected)
            Assert.Contains(faults, fault => fault.StartsWith(line, StringComparison.Ordinal));
        Assert.All(faults, fault => Assert.DoesNotContain('\n', fault));
        Assert.True(expected.Length == faults.Count, string.Join('\n', faults));
    }

    [Fact]
    public void Two_cameras_of_one_name_are_told() => Assert.Contains(
        "two cameras are called 'a'; names must differ",
        Assert.Single(
            Faults(
                "cameras: [{ name: a, kind: synthetic }, { name: b, kind: synthetic }, { name: a, kind: synthetic }]")),
                StringComparison.Ordinal);

    [Theory]
    [InlineData("cameras: []", "cameras: ")]
    [InlineData("mqtt: {}", "cameras: is missing")]
    [InlineData("cameras: [{ kind: synthetic }]", "cameras.0.name: is missing")]
    [InlineData("cameras: [{ name: 'a/b', kind: synthetic }]", "cameras.0.name: ")]
    [InlineData("cameras: [{ name: a, kind: file }]", "cameras.0.path: ")]
    [InlineData("cameras: [{ name: a, kind: synthetic, fault: explode@3 }]", "cameras.0.fault: ")]
    [InlineData("cameras: [{ name: a, kind: synthetic }]\ngrounding: { method: guess }",
        "grounding.method: 'guess' is not one of combined, network, rules")]
    [InlineData("cameras: [{ name: a, kind: synthetic }]\ngrounding: { risk: 0.004 }",
        "grounding.risk: 0.004 is out of range, 0.005 to 0.3")]
    [InlineData("cameras: [{ name: a, kind: synthetic }]\ngrounding: { risk: 0.31 }",
        "grounding.risk: 0.31 is out of range, 0.005 to 0.3")]
    [InlineData(
        "cameras: [{ name: a, kind: synthetic }]\ngrounding: { risk: high }", "grounding.risk: 'high' is not a number")]
    [InlineData("cameras: [{ name: a, kind: synthetic }]\ngrounding: { netwrok: g.yaml }",
        "grounding.netwrok: unknown key; did you mean 'network'?")]
    [InlineData("cameras: [{ name: a, kind: synthetic }]\ngrounding: { encodr: e.yaml }",
        "grounding.encodr: unknown key; did you mean 'encoder'?")]
    [InlineData(
        "cameras: [{ name: a, kind: synthetic }]\ncommands: { replyToPrefix: 'edge/#' }", "commands.replyToPrefix: ")]
    public void What_cannot_work_is_told_with_its_key(string text, string expected) =>
        Assert.Contains(expected, Assert.Single(Faults(text)), StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_not_there_is_told()
    {
        var missing = Path.Combine(_folder.Path, "none.yaml");
        var e = Assert.Throws<YamlException>(() => ConfigurationFile.Read(missing));
        Assert.Equal($"{missing}: no such file", Assert.Single(e.Faults).ToString());
    }

    [Fact]
    public void A_wrong_override_is_told_with_where_it_came_from()
    {
        var e =
            Assert.Throws<YamlException>(() =>
                Read("cameras: [{ name: a, kind: synthetic }]", "mqtt.prot=1", "nonsense",
                    "pipeline.tickTimeoutMs=soon"));
        Assert.Equal(
            [
                "--set: 'nonsense' is not key=value", "--set: mqtt.prot: unknown key; did you mean 'port'?",
                "--set: pipeline.tickTimeoutMs: 'soon' is not a whole number",
            ],
            e.Faults.Select(fault => fault.ToString()).Order(StringComparer.Ordinal));
    }

    public static TheoryData<string> Committed =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "configs"), "*.yaml")
            .Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Committed))]
    public void A_committed_configuration_is_valid_and_says_what_is_written_in_it(string name)
    {
        var configuration = ConfigurationFile.Read(Path.Combine(Repository.Root, "configs", name));
        Assert.NotEmpty(configuration.Cameras);
        var grounding = configuration.Grounding;
        string[] named = [configuration.Models.Detector, grounding.Network, grounding.Calibration, grounding.Encoder,
            grounding.Ear];
        Assert.All(named, file => Assert.True(File.Exists(file), $"{file} is not in the repository"));
        Assert.NotEmpty(YamlBinder.Read<ModelManifest>(configuration.Models.Detector).Labels);
        Assert.All(configuration.Cameras, camera => Assert.True(camera.Kind != CameraKind.Synthetic));
    }

    [Fact]
    public void The_demos_configuration_shows_each_key_at_its_default()
    {
        var demo = ConfigurationFile.Read(Path.Combine(Repository.Root, "configs", "demo.yaml"));
        Assert.Equal(new PipelineSettings(), demo.Pipeline);
        Assert.Equal(new SceneSettings(), demo.Scene);
        Assert.Equal(Installed(new GroundingSettings()), demo.Grounding);
        Assert.Equal(new PublishingSettings(), demo.Publishing);
        Assert.Equal(new Policy.Safety.SafetySettings { ArmAtStart = true }, demo.Safety);
        Assert.Equal(new InferenceSettings(), demo.Inference);
    }

    [Fact]
    public void Providers_and_the_engine_cache_are_read()
    {
        const string Camera = "cameras: [{name: a, kind: test_pattern}]\n";
        Assert.Equal("", Read(Camera).Inference.EngineCache);
        var inference =
            Read(Camera
                + "inference: {providers: [cuda, cpu], engineCache: ../engines, engineBuildLimitMinutes: 5}").Inference;
        Assert.Equal([ExecutionProvider.Cuda, ExecutionProvider.Cpu], inference.Providers);
        Assert.Equal(Path.GetFullPath(Path.Combine(_folder.Path, "..", "engines")), inference.EngineCache);
        Assert.Equal(5, inference.EngineBuildLimitMinutes);
        Assert.Equal("robot.yaml:2: inference.providers.0: 'rocm' is not one of tensorrt, cuda, cpu",
            Assert.Single(Faults(Camera + "inference: {providers: [rocm]}")));
        Assert.Equal("robot.yaml:2: inference.engineBuildLimitMinutes: 0 is out of range, 1 to 1440",
            Assert.Single(Faults(Camera + "inference: {engineBuildLimitMinutes: 0}")));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sound_that_hangs_on_a_camera_is_told_where_it_has_moved()
    {
        var faults = Assert.Throws<YamlException>(() => Read("""
            cameras:
              - name: front
                kind: synthetic
                audio: true
                audioChannels: 2
                audioDevice: alsa:hw:1,0
                audioPath: voice.wav
            """)).Faults.Select(fault => fault.ToString()).ToArray();
        const string Moved = "has moved: sound has a list of its own: microphones";
        Assert.Equal(
            [
                $"4: cameras.0.audio: {Moved}", $"5: cameras.0.audioChannels: {Moved}, channels",
                $"6: cameras.0.audioDevice: {Moved}, kind alsa or pulse, device",
                $"7: cameras.0.audioPath: {Moved}, kind file, path",
            ], faults.Select(fault => fault[(fault.IndexOf(".yaml:", StringComparison.Ordinal) + 6)..]));
    }

    [Theory]
    [InlineData(
        "[{ name: left }, { name: left }]", "microphones: two microphones are called 'left'; names must differ")]
    [InlineData("[{ name: left, channels: 0 }]", "microphones.0.channels: 0 is out of range, 1 to 16")]
    [InlineData("[{ name: left, gainDb: 61 }]", "microphones.0.gainDb: 61 is out of range, -60 to 60")]
    [InlineData("[{ name: left, kind: jack }]", "microphones.0.kind: 'jack' is not one of test_tone, file, alsa")]
    [InlineData("[{ name: left, kind: file }]", "microphones.0.path: a microphone of kind file needs the path")]
    [InlineData(
        "[{ name: left, positions: [{ x: 11 }] }]", "microphones.0.positions.0.x: 11 is out of range, -10 to 10")]
    [InlineData("[{ name: left, channels: 2, positions: [{ x: 1 }] }]",
        "microphones.0.positions: must have one for each of the 2 channels, or none; it has 1")]
    public void A_wrong_microphone_is_named(string microphones, string expected)
    {
        var text = $"cameras: [{{ name: front, kind: synthetic }}]\nmicrophones: {microphones}";
        var fault = Assert.Single(Assert.Throws<YamlException>(() => Read(text)).Faults).ToString();
        Assert.Contains(expected, fault, StringComparison.Ordinal);
    }

    private static GroundingSettings Installed(GroundingSettings grounding) => grounding with
    {
        Network = Path.GetFullPath(grounding.Network, Path.Combine(Repository.Root, "configs")),
        Calibration = Path.GetFullPath(grounding.Calibration, Path.Combine(Repository.Root, "configs")),
        Encoder = Path.GetFullPath(grounding.Encoder, Path.Combine(Repository.Root, "configs")),
        Ear = Path.GetFullPath(grounding.Ear, Path.Combine(Repository.Root, "configs")),
    };

    private ServiceSettings Read(string text, params string[] overrides) =>
        ConfigurationFile.Read(_folder.Write("robot.yaml", text), overrides);

    [Theory]
    [InlineData(
        "mqtt: {username: u, passwordFile: Geheim12}",
        "robot.yaml:2: mqtt.passwordFile: names a file that cannot be read: no such file")]
    [InlineData("mqtt: {port: 'mqtt://u:Geheim12@h'}", "robot.yaml:2: mqtt.port: 'mqtt://h' is not a whole number")]
    public void A_secret_in_the_wrong_place_is_not_told(string text, string fault) =>
        Assert.Equal(fault, Assert.Single(Faults($"cameras: [{{name: a, kind: test_pattern}}]\n{text}")));

    private List<string> Faults(string text)
    {
        var e = Assert.Throws<YamlException>(() => Read(text));
        return [
            .. e.Faults.Select(fault => fault.ToString().Replace(_folder.Path + "/", "", StringComparison.Ordinal))];
    }
}
