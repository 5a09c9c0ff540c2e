using System.Security.Cryptography;
using EdgePerception.Fusion.Inference;
using EdgePerception.Runtime.Yaml;

namespace EdgePerception.Fusion.Tests.Inference;

/// <summary>The small graphs that make_models.py writes, and the repository's real model.</summary>
internal static class TestModels
{
    public static readonly InferenceSettings OneThread = new() { Threads = 1 };

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Inference", "Models");

    public static string Repository { get; } = FindRepository();

    /// <summary>A manifest that fits detector.onnx: its rows are the first values of the image.</summary>
    public static ModelManifest Manifest(string file = "detector.onnx", string? folder = null) => new()
    {
        Name = "test",
        File = file,
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder ?? Folder, file)))),
        Source = "make_models.py",
        Licence = "MIT",
        Decoder = DecoderFamily.Centernet,
        Inputs = [Tensor("images", 1, 8, 8, 3)],
        Outputs = [Tensor("detections", 1, 2, 6)],
        Picture = new ImageManifest { Layout = TensorLayout.Nhwc },
        Labels = ["cup", "bottle", "person"],
        Providers = [ExecutionProvider.Cpu],
    };

    public static ModelManifest Hang() => Manifest("hang.onnx") with
    {
        Inputs = [Tensor("tower_0/images", 1, 512, 512, 3)],
        Outputs = [Tensor("detections", 1, 100, 6)],
    };

    public static TensorManifest Tensor(string name, params int[] shape) => new() { Name = name, Shape = shape };

    public static OnnxModel Load(ModelManifest manifest) => OnnxModel.Load(manifest, Folder, OneThread);

    public static ModelManifest CenterNetManifest() =>
        YamlBinder.Read<ModelManifest>(
            Path.Combine(Repository, "configs", "models", "centernet-mobilenetv3-coco.yaml"));

    /// <summary>The real detector, which eng/setup.sh fetches.</summary>
    public static OnnxModel LoadCenterNet()
    {
        var manifest = CenterNetManifest() with { Providers = [ExecutionProvider.Cpu] };
        var models = Path.Combine(Repository, "models");
        Assert.True(File.Exists(Path.Combine(models, manifest.File)),
            $"models/{manifest.File} is missing: run eng/setup.sh runtime");
        return OnnxModel.Load(manifest, models, OneThread);
    }

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "EdgePerception.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("the tests do not run within the repository");
    }
}
