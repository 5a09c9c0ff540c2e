using EdgePerception.Fusion.Attention;
using EdgePerception.Fusion.Inference;
using EdgePerception.Runtime.Models;
using EdgePerception.Runtime.Yaml;

namespace EdgePerception.Runtime.Tests.Models;

public sealed class EarLoaderTests : IDisposable
{
    private readonly EarFiles _files = new();

    [Fact]
    public void The_repositorys_ear_loads_and_hears()
    {
        using var ear = Loader().Load(Concepts);
        Assert.Equal("couch", ear.Words.OfNoun("settee", ["couch", "dog", "traffic light"]).Ranked[0].Meaning);
    }

    [Fact]
    public void What_is_not_there_is_named()
    {
        var missing = Path.Combine(_files.Folder, "none");
        Assert.Equal(
            $"{missing} is not there; it is in the repository, and make train writes it",
            Fault(Loader(ear: missing)));
        Assert.Equal(
            $"{missing}: no such file", Assert.Throws<YamlException>(Loader(encoder: missing).Check).Message);
        Assert.StartsWith(
            $"model 'minilm': {EarFiles.ModelsFolder}/fetched/none.onnx cannot be read",
            Fault(Loader(_files.Changed("minilm", ("fetched/minilm.onnx", "fetched/none.onnx")))),
            StringComparison.Ordinal);
        Assert.StartsWith(
            $"model 'minilm': {EarFiles.ModelsFolder}/fetched/none.txt cannot be read",
            Fault(Loader(_files.Changed("minilm", ("fetched/minilm.vocabulary.txt", "fetched/none.txt")))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_is_damaged_is_told_without_being_opened()
    {
        var models = _files.WithModel(bytes =>
        {
            bytes[^1] ^= 1;
            return bytes;
        });
        Assert.StartsWith(
            $"model 'minilm': {models}/fetched/minilm.onnx is not the file that the manifest names",
            Fault(Loader(models: models)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_another_kind_is_no_encoder() => Assert.Contains(
        "its decoder is centernet; sentence_embedding is needed here",
        Fault(Loader(EarFiles.Manifest("centernet-mobilenetv3-coco"))), StringComparison.Ordinal);

    [Fact]
    public void Weights_that_were_fitted_to_another_encoder_are_told_when_it_is_loaded() => Assert.Contains(
        "it was fitted to the encoder of sha256 000000000000…, and model 'minilm' is ",
        Assert.Throws<ModelException>(() => Loader(ear: _files.Foreign()).Load(Concepts)).Message,
        StringComparison.Ordinal);

    public void Dispose() => _files.Dispose();

    private static Vocabulary Concepts =>
        Vocabulary.Read(YamlBinder.Read<ModelManifest>(EarFiles.Manifest("grounding")), EarFiles.ModelsFolder);

    private EarLoader Loader(string? encoder = null, string? ear = null, string? models = null) =>
        new(encoder ?? _files.Installed.Encoder, ear ?? _files.Installed.Ear, models ?? EarFiles.ModelsFolder);

    private static string Fault(EarLoader loader)
    {
        var fault = Assert.Throws<ModelException>(loader.Check).Message;
        Assert.DoesNotContain('\n', fault);
        return fault;
    }
}
