using EdgePerception.Fusion.Attention;
using EdgePerception.Fusion.Embeddings;
using EdgePerception.Fusion.Inference;
using EdgePerception.Policy.Grounding;
using EdgePerception.Runtime.Yaml;

namespace EdgePerception.Policy.Tests.Grounding;

/// <summary>
/// The repository's own ear, loaded once for a class of tests, which run one after the other.
/// </summary>
public sealed class EarFixture : IDisposable
{
    public static string Repository { get; } = FindRepository();

    public static string Weights { get; } = Path.Combine(Repository, "models", "grounding", "ear.json");

    public EarFixture()
    {
        var manifest = Manifest("grounding");
        (Encoder, Vocabulary) = (LoadEncoder(), Vocabulary.Read(manifest, Models));
        var network = new AttentionModel(
            OnnxModel.Load(manifest, Models, new InferenceSettings { Threads = 1 }), Encoder);
        Ear = new Ear(Encoder, Vocabulary, EarWeights.Read(Weights));
        var calibration = YamlBinder.Read<GroundingCalibration>(Path.Combine(Models, "grounding", "calibration.yaml"));
        Grounder = new Grounder(network, calibration, new GrounderSettings(), Ear);
    }

    public SentenceEncoder Encoder { get; }

    public Vocabulary Vocabulary { get; }

    public Ear Ear { get; }

    /// <summary>The product's own, with the network of the model card.</summary>
    public Grounder Grounder { get; }

    public void Dispose() => Grounder.Dispose();

    internal static SentenceEncoder LoadEncoder()
    {
        var manifest = Manifest("minilm");
        Assert.True(
            File.Exists(Path.Combine(Models, manifest.File)),
            $"models/{manifest.File} is missing: run eng/setup.sh runtime");
        return SentenceEncoder.Load(manifest, Models);
    }

    private static string Models { get; } = Path.Combine(Repository, "models");

    private static ModelManifest Manifest(string name) =>
        YamlBinder.Read<ModelManifest>(Path.Combine(Repository, "configs", "models", name + ".yaml"));

    private static string FindRepository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "EdgePerception.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
