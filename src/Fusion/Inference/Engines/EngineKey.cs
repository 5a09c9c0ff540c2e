using System.Security.Cryptography;
using System.Text.Json;

namespace EdgePerception.Fusion.Inference.Engines;

/// <summary>
/// Everything that an engine depends on. Engines of different keys never take each other's place: an engine is good for
/// the model, the way it was built, the very versions of the libraries, and the very GPU.
/// </summary>
public sealed record EngineKey
{
    private const long MaxTableBytes = 64 << 20;

    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>SHA-256 of its file.</summary>
    public required string ModelSha256 { get; init; }

    /// <summary>The precision.</summary>
    public required string Precision { get; init; }

    /// <summary>SHA-256 of the calibration table; empty without one.</summary>
    public required string CalibrationSha256 { get; init; }

    /// <summary>Memory for trying kernels, MiB, which decides what is found.</summary>
    public required int WorkspaceMb { get; init; }

    /// <summary>Smallest, best and largest lengths of the inputs.</summary>
    public required string Profiles { get; init; }

    /// <summary>ONNX Runtime's version: it decides which parts of the graph become engines.</summary>
    public required string OnnxRuntime { get; init; }

    /// <summary>TensorRT's version.</summary>
    public required string TensorRt { get; init; }

    /// <summary>The driver's version.</summary>
    public required string Driver { get; init; }

    /// <summary>The GPU's name.</summary>
    public required string Gpu { get; init; }

    /// <summary>The GPU's compute capability.</summary>
    public required string ComputeCapability { get; init; }

    /// <summary>The key as the name of a folder: the model's name and a digest of all of it.</summary>
    internal string FolderName => $"{Model}-{Digest(JsonSerializer.Serialize(this))}";

    /// <summary>What timing caches are good for, as the name of a folder: they do not depend on the model.</summary>
    internal string TimingName => $"timing-{Digest($"{TensorRt}\n{Driver}\n{Gpu}\n{ComputeCapability}")}";

    /// <summary>The key of a model's engine.</summary>
    /// <exception cref="ModelException">The calibration table cannot be read.</exception>
    internal static EngineKey For(ModelManifest manifest, string modelsFolder, GpuPlatform platform) => new()
    {
        Model = manifest.Name,
        ModelSha256 = manifest.Sha256,
        Precision = manifest.Tensorrt.Precision.ToString().ToLowerInvariant(),
        CalibrationSha256 = manifest.Tensorrt.Precision == TensorRtPrecision.Int8
            ? DigestOfFile(modelsFolder, manifest.Tensorrt.CalibrationTable)
            : "",
        WorkspaceMb = manifest.Tensorrt.WorkspaceMb,
        Profiles = string.Join(' ',
            TensorRtOptions.Shapes(manifest, profile => profile.Min),
            TensorRtOptions.Shapes(manifest, profile => profile.Opt),
            TensorRtOptions.Shapes(manifest, profile => profile.Max)),
        OnnxRuntime = OnnxRuntimeLibrary.Version,
        TensorRt = platform.TensorRt,
        Driver = platform.Driver,
        Gpu = platform.Gpu,
        ComputeCapability = platform.ComputeCapability,
    };

    private static string Digest(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)))[..16];

    private static string DigestOfFile(string modelsFolder, string name)
    {
        var path = Path.Combine(modelsFolder, name);
        try
        {
            using var file = RegularFile.Open(path, MaxTableBytes, within: modelsFolder);
            return Convert.ToHexStringLower(SHA256.HashData(file));
        }
        catch (IOException e)
        {
            throw new ModelException($"the calibration table {path} cannot be read: {e.Message}", e);
        }
    }
}
