using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Tests.Inference;
using EdgePerception.Fusion.Tests.Vision.References;
using EdgePerception.Fusion.Vision.Embeddings;
using EdgePerception.Tests.Support;

namespace EdgePerception.Fusion.Tests.Vision.Embeddings;

/// <summary>
/// Small towers of CLIP's interface with CLIP's real vocabulary: the image's is a matrix, the text's a sum of waves
/// over the ids that the mask lets through. Real weights are not to be had from the registries.
/// </summary>
public sealed class DualEncoderTests : IDisposable
{
    private readonly System.Text.Json.JsonElement _reference = Reference.Read("dual_encoder");
    private readonly OnnxModel _image = Reference.Load(ImageManifest());
    private readonly TemporaryFolder _models = new();
    private readonly OnnxModel _text;

    public DualEncoderTests()
    {
        // The tower and CLIP's merges must lie below one models folder.
        _models.Write("text_tower.onnx", File.ReadAllBytes(Path.Combine(Reference.Folder, "text_tower.onnx")));
        _models.Write("clip-merges.txt", File.ReadAllBytes(FetchedModels.ClipMerges));
        _text = OnnxModel.Load(TextManifest(), _models.Path, TestModels.OneThread);
    }

    public void Dispose()
    {
        _image.Dispose();
        _text.Dispose();
        _models.Dispose();
    }

    [Fact]
    public void Texts_are_embedded_as_numpy_does()
    {
        var encoder = new TextEncoder(_text);
        var embeddings = new float[5 * encoder.Dimensions];
        encoder.Embed(_reference.Texts("texts"), embeddings);
        Reference.Near(_reference.Floats("textEmbeddings"), embeddings, 2e-4f);
    }

    [Fact]
    public void Regions_are_embedded_in_batches_as_numpy_does_one_by_one()
    {
        var encoder = new ImageEncoder(_image);
        var embeddings = new float[3 * encoder.Dimensions];
        encoder.Embed(_reference.Picture(), Regions(), embeddings);
        Reference.Near(_reference.Floats("imageEmbeddings"), embeddings, 1e-4f);
        for (var i = 0; i < 3; i++)
            Assert.Equal(1, Vectors.Dot(embeddings.AsSpan(i * 12, 12), embeddings.AsSpan(i * 12, 12)), 1e-5f);
    }

    [Fact]
    public void Labels_of_a_prompt_ensemble_are_scored_for_each_region_as_numpy_does()
    {
        var encoder = Encoder();
        var probabilities = new float[9];
        encoder.Score(_reference.Picture(), Regions(), probabilities);
        Reference.Near(_reference.Floats("probabilities"), probabilities, 1e-3f);
    }

    [Fact]
    public void A_picture_is_told_by_its_likeliest_labels()
    {
        var encoder = Encoder();
        var pixels = _reference.Bytes("pixels");
        byte[] region = [.. Enumerable.Range(0, 8).SelectMany(y => pixels.AsSpan(y * 72 + 24, 24).ToArray())];
        var best = encoder.Classify(Reference.View(region, 8), count: 2);
        var expected = _reference.Texts("labels").Zip(_reference.Floats("probabilities")[3..6])
            .OrderByDescending(pair => pair.Second).Take(2).ToList();
        Assert.Equal(expected.Select(e => e.First), best.Select(c => c.Label));
        Reference.Near([.. expected.Select(e => e.Second)], [.. best.Select(c => c.Score)], 1e-3f);
    }

    [Fact]
    public void Scoring_regions_allocates_nothing_once_the_labels_are_set()
    {
        var (encoder, pixels, regions, probabilities) =
            (Encoder(), _reference.Bytes("pixels"), Regions(), new float[9]);
        void Work()
        {
            encoder.Score(Reference.View(pixels, 24), regions, probabilities);
            encoder.Classify(Reference.View(pixels, 24));
        }

        for (var i = 0; i < 3; i++) Work();
        Assert.Equal(0, Allocations.Least(Work));
    }

    [Fact]
    public void A_vector_of_zeros_stays_one_and_labels_are_asked_for()
    {
        var zeros = new float[3];
        Vectors.Normalize(zeros);
        Assert.Equal([0, 0, 0], zeros);
        var encoder = new DualEncoder(_image, _text);
        Assert.Throws<InvalidOperationException>(() => encoder.Classify(_reference.Picture()));
    }

    [Fact]
    public void Dots_of_any_length_are_whole()
    {
        for (var length = 0; length < 70; length++)
        {
            float[] ones = [.. Enumerable.Repeat(1f, length)],
                numbers = [.. Enumerable.Range(0, length).Select(i => (float)i)];
            Assert.Equal(length * (length - 1) / 2, Vectors.Dot(ones, numbers));
        }
    }

    [Fact]
    public void A_context_that_the_text_tower_does_not_take_is_refused()
    {
        var manifest = TextManifest();
        using var model =
            OnnxModel.Load(manifest with { Tokenizer = manifest.Tokenizer! with { ContextLength = 64 } }, _models.Path,
                TestModels.OneThread);
        Assert.Equal(
            "model 'test' (text_tower.onnx): the decoder text_embedding needs an input [n, 64] of int32 or int64 "
            + "token ids, and at most one more, the attention mask",
            Assert.Throws<ModelException>(() => new TextEncoder(model)).Message);
    }

    [Fact]
    public void Towers_of_two_models_are_refused()
    {
        using var image = Reference.Load(
            Reference.Manifest("classifier", DecoderFamily.ImageEmbedding, Reference.SmallImages("images"),
                TestModels.Tensor("scores", -1, 10)));
        Assert.Equal(
            "model 'test' gives embeddings of 10 numbers, 'test' of 12: they are not the two towers of one model",
            Assert.Throws<ModelException>(() => new DualEncoder(image, _text)).Message);
    }

    private DualEncoder Encoder()
    {
        var encoder = new DualEncoder(_image, _text, _reference.Float("scale"));
        encoder.SetLabels(_reference.Texts("labels"), _reference.Texts("templates"));
        return encoder;
    }

    private static BoundingBox[] Regions() => [new(0, 0, 8, 8), new(8, 0, 8, 8), new(16, 0, 8, 8)];

    private static ModelManifest ImageManifest() =>
        Reference.Manifest("image_tower", DecoderFamily.ImageEmbedding, Reference.SmallImages("pixel_values"),
            TestModels.Tensor("image_embeds", -1, 12)) with
        {
            Picture = new ImageManifest { Fit = ImageFit.Crop, Mean = [120, 120, 120], Std = [60, 60, 60] },
        };

    private static ModelManifest TextManifest() =>
        Reference.Manifest(
            "text_tower", DecoderFamily.TextEmbedding, Ids("input_ids"), TestModels.Tensor("text_embeds", -1, 12)) with
        {
            Inputs = [Ids("input_ids"), Ids("attention_mask")],
            Tokenizer = new TokenizerManifest
            {
                Merges = new ModelFile
                {
                    File = "clip-merges.txt",
                    Sha256 = "9fd691f7c8039210e0fced15865466c65820d09b63988b0174bfe25de299051a",
                },
            },
        };

    private static TensorManifest Ids(string name) =>
        Reference.Free(name, TensorType.Int64, [-1, 77], [1, 77], [2, 77]);
}
