using System.Security.Cryptography;

namespace EdgePerception.EndToEnd.Tests.Service;

/// <summary>Sections of a configuration file, as a user would write them.</summary>
internal static class Settings
{
    private static readonly string Models = Path.Combine(AppContext.BaseDirectory, "Models");

    /// <summary>The real detector.</summary>
    public static string RealDetector => $$"""
        models: { folder: {{Path.Combine(Files.Repository, "models")}}, detector: {{Files.Detector}} }

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
    /// A model with CenterNet's tensors that sees nothing, at little cost, and hangs on a bright picture; its manifest is
    /// written into the folder.
    /// </summary>
    public static string HangingDetector(string folder)
    {
        var sum = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Models, "hang.onnx"))));
        var manifest = Path.Combine(folder, "hang.yaml");
        File.WriteAllText(manifest, $$"""
            name: hang
            file: hang.onnx
            sha256: {{sum}}
            source: tests/Fusion/Inference/make_models.py
            licence: MIT
            decoder: centernet
            inputs: [{ name: tower_0/images, shape: [1, 512, 512, 3] }]
            outputs: [{ name: detections, shape: [1, 100, 6] }]
            picture: { layout: nhwc }
            providers: [cpu]
            labels: [person]
            """);
        return $"models: {{ folder: {Models}, detector: {manifest} }}\ninference: {{ threads: 1 }}\n";
    }
}
