using EdgePerception.Fusion.Attention;
using EdgePerception.Fusion.Embeddings;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Tests.Inference;
using EdgePerception.Runtime.Yaml;

namespace EdgePerception.Fusion.Tests.Attention;

/// <summary>The network that this repository trained, loaded once for the tests of a class.</summary>
public sealed class TrainedModel : IDisposable
{
    internal static string Models { get; } = Path.Combine(TestModels.Repository, "models");

    internal static string Folder { get; } = Path.Combine(Models, "grounding");

    internal static ModelManifest Manifest { get; } =
        YamlBinder.Read<ModelManifest>(Path.Combine(TestModels.Repository, "configs", "models", "grounding.yaml")) with
        {
            Providers = [ExecutionProvider.Cpu],
        };

    private readonly SentenceEncoder _encoder =
        SentenceEncoder.Load(FetchedModels.Manifest("minilm"), FetchedModels.Folder);

    public TrainedModel() =>
        Model = new AttentionModel(OnnxModel.Load(Manifest, Models, TestModels.OneThread), _encoder);

    internal AttentionModel Model { get; }

    public void Dispose()
    {
        Model.Dispose();
        _encoder.Dispose();
    }
}
