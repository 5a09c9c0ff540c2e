using System.Security.Cryptography;
using EdgePerception.Fusion.Attention;
using EdgePerception.Fusion.Inference;
using EdgePerception.Tests.Support;

namespace EdgePerception.Fusion.Tests.Attention;

public sealed class AttentionTensorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_with_the_familys_tensors_is_one()
    {
        using var model = Load(Manifest());
        AttentionModel.Check(model);
    }

    [Fact]
    public void Another_family_is_refused() =>
        Assert.Contains("its decoder is text_embedding; grounding is needed here",
        Refusal(Manifest() with { Decoder = DecoderFamily.TextEmbedding }), StringComparison.Ordinal);

    [Fact]
    public void An_input_of_another_type_is_refused() => Assert.EndsWith(
        "input 1 is 'words' int64 [1, -1, 384]; the decoder grounding needs 'words' float32 [1, -1, 384]",
        Refusal(With(0, input => input with { Type = TensorType.Int64 }), wordsType: 7), StringComparison.Ordinal);

    [Fact]
    public void An_input_of_another_length_is_refused() => Assert.EndsWith(
        "input 3 is 'regions' float32 [1, -1, 30]; the decoder grounding needs 'regions' float32 [1, -1, 29]",
        Refusal(With(2, _ => Tensor("regions", [1, 4, 30], [1, 128, 30])), regionLength: 30), StringComparison.Ordinal);

    [Fact]
    public void Inputs_in_another_order_are_refused()
    {
        var manifest = Manifest();
        Assert.EndsWith(
            "input 1 is 'region_names' float32 [1, -1, 384]; the decoder grounding needs 'words' float32 [1, -1, 384]",
            Refusal(manifest with { Inputs = [manifest.Inputs[1], manifest.Inputs[0], .. manifest.Inputs.Skip(2)] }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_that_is_not_read_is_refused() =>
        Assert.EndsWith("the decoder grounding has the outputs referents, intent, gates, attention",
        Refusal(Manifest() with { Outputs = [.. Manifest().Outputs.Take(3)] }), StringComparison.Ordinal);

    [Fact]
    public void Other_intents_than_labels_are_refused() =>
        Assert.EndsWith("output 2 is 'intent' float32 [1, 2]; the decoder grounding needs 'intent' float32 [1, 3]",
        Refusal(Manifest() with { Labels = ["none", "pick", "bring"] }), StringComparison.Ordinal);

    [Fact]
    public void An_output_without_a_profile_is_refused()
    {
        var manifest = Manifest();
        Assert.EndsWith("output 'attention' needs a profile that bounds its free axes",
            Refusal(manifest with
            {
                Outputs = [.. manifest.Outputs.Take(3), manifest.Outputs[3] with { Profile = null }],
            }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_profile_that_is_too_narrow_is_refused_at_once() => Assert.Equal(
        "tensor 'regions' cannot be [1, 128, 29]: the manifest bounds axis 1 to 4..100",
        Refusal(With(2, _ => Tensor("regions", [1, 4, 29], [1, 100, 29]))));

    private string Refusal(ModelManifest manifest, int wordsType = 1, int regionLength = 29)
    {
        using var model = Load(manifest, wordsType, regionLength);
        var message = Assert.Throws<ModelException>(() => AttentionModel.Check(model)).Message;
        Assert.DoesNotContain(message, char.IsControl);
        return message;
    }

    private OnnxModel Load(ModelManifest manifest, int wordsType = 1, int regionLength = 29)
    {
        var bytes = new OnnxGraph()
            .TypedInput(wordsType, "words", 1, "words", 384).Input("region_names", 1, "regions", 384)
            .Input("regions", 1, "regions", regionLength)
            .Input("sound_names", 1, "sounds", 384).Input("sounds", 1, "sounds", 5)
            .Input("word_mask", 1, "words").Input("region_mask", 1, "regions").Input("sound_mask", 1, "sounds")
            .Input("quality", 1, 3)
            .Output("referents", 1, 3, "regions").Output("intent", 1, 2).Output("gates", 1, 3)
            .Output("attention", 1, "regions", "words").ToBytes();
        _folder.Write("grounding.onnx", bytes);
        return OnnxModel.Load(manifest with { Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)) }, _folder.Path,
            new InferenceSettings { Threads = 1 });
    }

    private ModelManifest Manifest()
    {
        var file = new FileInfo(_folder.Write("words.tsv", "cup\t5000\n"));
        return new ModelManifest
        {
            Name = "grounding",
            File = "grounding.onnx",
            Sha256 = "",
            Source = "test",
            Licence = "MIT",
            Decoder = DecoderFamily.Grounding,
            Inputs =
            [
                Tensor("words", [1, 8, 384], [1, 40, 384]), Tensor("region_names", [1, 4, 384], [1, 128, 384]),
                Tensor("regions", [1, 4, 29], [1, 128, 29]), Tensor("sound_names", [1, 1, 384], [1, 16, 384]),
                Tensor("sounds", [1, 1, 5], [1, 16, 5]), Tensor("word_mask", [1, 8], [1, 40]),
                Tensor("region_mask", [1, 4], [1, 128]),
                Tensor("sound_mask", [1, 1], [1, 16]), new TensorManifest { Name = "quality", Shape = [1, 3] },
            ],
            Outputs =
            [
                Tensor("referents", [1, 3, 7], [1, 3, 131]), new TensorManifest { Name = "intent", Shape = [1, 2] },
                new TensorManifest { Name = "gates", Shape = [1, 3] }, Tensor("attention", [1, 4, 8], [1, 128, 40]),
            ],
            Labels = ["none", "pick"],
            Vocabulary = new ModelFile
            {
                File = file.Name,
                Sha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file.FullName))),
            },
            Providers = [ExecutionProvider.Cpu],
        };
    }

    private ModelManifest With(int input, Func<TensorManifest, TensorManifest> change)
    {
        var manifest = Manifest();
        return manifest with
        {
            Inputs = [.. manifest.Inputs.Select((tensor, index) => index == input ? change(tensor) : tensor)],
        };
    }

    // An axis is free where the two differ.
    private static TensorManifest Tensor(string name, int[] least, int[] most) => new()
    {
        Name = name,
        Shape = [.. least.Zip(most, (a, b) => a == b ? a : -1)],
        Profile = new TensorProfile { Min = least, Opt = least, Max = most },
    };
}
