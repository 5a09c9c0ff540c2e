using System.Security.Cryptography;

namespace EdgePerception.EndToEnd.Tests.Service;

/// <summary>Sections of a configuration file, as a user would write them.</summary>
internal static class Settings
{
    private static readonly string Models = Path.Combine(AppContext.BaseDirectory, "Models");

    /// <summary>The real detector, and network and ear beside the rules.</summary>
    public static string RealDetector => $$"""
        models: { folder: {{Path.Combine(Files.Repository, "models")}}, detector: {{Files.Detector}} }
        grounding:
          network: {{Path.Combine(Files.Repository, "configs/models/grounding.yaml")}}
          calibration: {{Path.Combine(Files.Repository, "models/grounding/calibration.yaml")}}
          encoder: {{Path.Combine(Files.Repository, "configs/models/minilm.yaml")}}
          ear: {{Path.Combine(Files.Repository, "models/grounding/ear.json")}}

        """;

    /// <summary>Sockets on ports of the system's choice.</summary>
    public static string ZeroMq => "zeromq: { publish: 'tcp://127.0.0.1:0', actions: 'tcp://127.0.0.1:0' }\n";

    /// <summary>A broker on that port; reconnects quickly.</summary>
    public static string Mqtt(int port, string more = "") =>
        $"mqtt: {{ port: {port}, device: {RunningService.Device}, reconnectMinMs: 20, reconnectMaxMs: 200{more} }}\n";

    /// <summary>A synthetic camera: shapes on grey, moving, 20 pictures a second.</summary>
    public static string Synthetic(string name, string more = "") =>
        $"  - {{ name: {name}, kind: synthetic, width: 64, height: 48, fps: 20{more} }}\n";

    /// <summary>
    /// A model with CenterNet's tensors that sees nothing, at little cost, and hangs on a bright picture; its manifest
    /// is written into the folder.
    /// </summary>
    public static string HangingDetector(string folder) =>
        Detector(folder, "hang", "tower_0/images, shape: [1, 512, 512, 3]", "[1, 100, 6]");

    /// <summary>A model whose answer is never a detection: its score is no number.</summary>
    public static string FailingDetector(string folder) =>
        Detector(folder, "nan", "images, shape: [1, 8, 8, 3]", "[1, 2, 6]");

    private static string Detector(string folder, string name, string input, string output)
    {
        var sum = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Models, $"{name}.onnx"))));
        var manifest = Path.Combine(folder, $"{name}.yaml");
        File.WriteAllText(manifest, $$"""
            name: {{name}}
            file: {{name}}.onnx
            sha256: {{sum}}
            source: tests/Fusion/Inference/make_models.py
            licence: MIT
            decoder: centernet
            inputs: [{ name: {{input}} }]
            outputs: [{ name: detections, shape: {{output}} }]
            picture: { layout: nhwc }
            providers: [cpu]
            labels: [person]
            """);
        return $"models: {{ folder: {Models}, detector: {manifest} }}\ninference: {{ threads: 1 }}\ngrounding: {{ "
            + $"method: rules }}\n";
    }
}
