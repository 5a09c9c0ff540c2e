using EdgePerception.Fusion.Inference;
using EdgePerception.Runtime.Models;
using EdgePerception.Runtime.Tests.Architecture;
using EdgePerception.Runtime.Yaml;
using EdgePerception.Tests.Support;

namespace EdgePerception.Runtime.Tests.Models;

/// <summary>
/// The repository's own files for grounding, of which a test may replace any by one that is at fault.
/// </summary>
internal sealed class EarFiles : IDisposable
{
    private static readonly string Models = Path.Combine(Repository.Root, "models");
    private readonly TemporaryFolder _folder = new();

    public string Folder => _folder.Path;

    /// <summary>
    /// The files as they are set up; the paths are absolute, as a configuration has them once it was read.
    /// </summary>
    public GroundingSettings Installed { get; } = new()
    {
        Network = Manifest("grounding"),
        Calibration = Path.Combine(Models, "grounding", "calibration.yaml"),
        Encoder = Manifest("minilm"),
        Ear = Path.Combine(Models, "grounding", "ear.json"),
    };

    /// <summary>The models folder; fails with what to do where it is not set up.</summary>
    public static string ModelsFolder
    {
        get
        {
            Assert.True(
                File.Exists(Path.Combine(Models, "fetched", "minilm.onnx")),
                "models/fetched/minilm.onnx is missing: run eng/setup.sh runtime");
            return Models;
        }
    }

    /// <summary>A manifest of the repository with changes, each of which must apply.</summary>
    public string Changed(string manifest, params (string Right, string Wrong)[] changes)
    {
        var text = File.ReadAllText(Manifest(manifest));
        foreach (var (right, wrong) in changes)
        {
            Assert.Contains(right, text, StringComparison.Ordinal);
            text = text.Replace(right, wrong, StringComparison.Ordinal);
        }

        return _folder.Write($"{manifest}.yaml", text);
    }

    /// <summary>The ear's weights, fitted to another encoder.</summary>
    public string Foreign()
    {
        var sum = YamlBinder.Read<ModelManifest>(Installed.Encoder).Sha256;
        var text = File.ReadAllText(Installed.Ear);
        Assert.Contains(sum, text, StringComparison.Ordinal);
        return _folder.Write("ear.json", text.Replace(sum, new string('0', sum.Length), StringComparison.Ordinal));
    }

    /// <summary>A models folder that holds a copy of the encoder, its model changed.</summary>
    public string WithModel(Func<byte[], byte[]> change)
    {
        var fetched = Directory.CreateDirectory(Path.Combine(_folder.Path, "models", "fetched")).FullName;
        File.WriteAllBytes(
            Path.Combine(fetched, "minilm.onnx"),
            change(File.ReadAllBytes(Path.Combine(ModelsFolder, "fetched", "minilm.onnx"))));
        const string Pieces = "minilm.vocabulary.txt";
        File.Copy(Path.Combine(ModelsFolder, "fetched", Pieces), Path.Combine(fetched, Pieces));
        return Path.GetDirectoryName(fetched)!;
    }

    public void Dispose() => _folder.Dispose();

    internal static string Manifest(string name) =>
        Path.Combine(Repository.Root, "configs", "models", $"{name}.yaml");
}
