using System.Text;
using System.Text.Json;
using EdgePerception.Fusion.Embeddings;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Tests.Inference;
using EdgePerception.Tests.Support;

namespace EdgePerception.Fusion.Tests.Embeddings;

/// <summary>The encoder of the repository, held to the vectors of the weights as they were published.</summary>
public sealed class SentenceEncoderTests : IClassFixture<EncoderFixture>, IDisposable
{
    private static readonly string Vectors = Path.Combine(
        TestModels.Repository, "tests", "Fusion", "Embeddings", "minilm-vectors.json");

    private static readonly JsonElement Reference =
        JsonDocument.Parse(File.ReadAllText(Vectors)).RootElement.GetProperty("texts");

    private readonly TemporaryFolder _folder = new();
    private readonly SentenceEncoder _encoder;

    public SentenceEncoderTests(EncoderFixture fixture) => _encoder = fixture.Encoder;

    [Fact]
    public void Vectors_are_those_of_the_published_weights()
    {
        foreach (var entry in Reference.EnumerateArray())
            Assert.InRange(Cosine(Vector(entry), _encoder.Encode(Text(entry))), 0.9999, 1.0001);
    }

    [Fact]
    public void Texts_that_join_a_run_have_the_vectors_they_have_alone()
    {
        using var other = SentenceEncoder.Load(FetchedModels.Manifest("minilm"), FetchedModels.Folder);
        string[] words = [.. Reference.EnumerateArray().SelectMany(entry => Text(entry).Split(' ')).Distinct()];
        string[] texts = [.. Reference.EnumerateArray().Select(Text), .. words];
        foreach (var (text, vector) in texts.Zip(other.Encode(texts))) Assert.Equal(_encoder.Encode(text), vector);
    }

    [Fact]
    public void Texts_part_into_the_pieces_that_training_sees()
    {
        var file = FetchedModels.Manifest("minilm").WordPieces!.File;
        var pieces = new WordPieces(File.ReadAllBytes(Path.Combine(FetchedModels.Folder, file)), file);
        foreach (var entry in Reference.EnumerateArray())
        {
            var tokens = entry.GetProperty("tokens").EnumerateArray().Select(token => token.GetInt32());
            Assert.Equal(tokens, pieces.Tokens(Text(entry)));
        }
    }

    [Fact]
    public void Case_does_not_count() =>
        Assert.Equal(_encoder.Encode("Bring me the CUP"), _encoder.Encode("bring me the cup"));

    [Fact]
    public void Like_meanings_are_nearer_than_others()
    {
        var sofa = _encoder.Encode("a sofa");
        Assert.True(Cosine(sofa, _encoder.Encode("a couch")) > Cosine(sofa, _encoder.Encode("a banana")));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t\n")]
    [InlineData("🙂")]
    [InlineData("\ud83d")]
    [InlineData("\0\u0001\u200b")]
    [InlineData("机器人 café")]
    public void A_text_without_known_words_has_a_vector_of_length_one(string text) =>
        Assert.InRange(Cosine(_encoder.Encode(text), _encoder.Encode(text)), 0.999, 1.001);

    [Fact]
    public void A_long_text_counts_by_its_beginning()
    {
        var begin = string.Concat(Enumerable.Repeat("cup ", 126));
        var rest = string.Concat(Enumerable.Repeat("dog ", 100_000));
        Assert.Equal(_encoder.Encode(begin), _encoder.Encode(begin + rest));
        Assert.NotEqual(_encoder.Encode(begin), _encoder.Encode("dog " + begin));
    }

    [Fact]
    public void A_word_that_was_met_is_not_run_again()
    {
        Assert.Same(_encoder.Encode("a cormorant"), _encoder.Encode("a cormorant"));
    }

    [Fact]
    public void A_text_named_twice_in_a_batch_has_one_vector()
    {
        var vectors = _encoder.Encode(["a heron", "a stork", "a heron"]);
        Assert.Equal(vectors[0], vectors[2]);
        Assert.NotEqual(vectors[0], vectors[1]);
    }

    [Fact]
    public void A_reading_is_of_the_lower_layers_and_leaves_vectors_alone()
    {
        var vector = _encoder.Encode("follow the dog to the river")[..];
        var reading = _encoder.Read("follow the dog to the river");
        Assert.Equal(_encoder.Layers * _encoder.Dimensions, reading.Length);
        Assert.Equal(4, reading.Chunk(_encoder.Dimensions).Select(layer => layer[0]).Distinct().Count());
        Assert.Same(reading, _encoder.Read("follow the dog to the river"));
        foreach (var number in Enumerable.Range(0, 20)) _encoder.Read($"go to the bridge {number}");
        Assert.Equal(reading, _encoder.Read("follow the dog to the river"));
        using var other = SentenceEncoder.Load(FetchedModels.Manifest("minilm"), FetchedModels.Folder);
        Assert.Equal(vector, other.Encode("follow the dog to the river"));
    }

    [Fact]
    public void A_missing_file_is_named_with_what_gets_it()
    {
        var manifest = FetchedModels.Manifest("minilm");
        Assert.Equal(
            $"model 'minilm': {_folder.Path}/fetched/minilm.onnx cannot be read; get it from {manifest.Source} "
            + "(eng/setup.sh models fetches those of this repository)", Refusal(manifest));
    }

    [Theory]
    [InlineData("minilm.onnx")]
    [InlineData("minilm.vocabulary.txt")]
    public void A_damaged_file_is_named(string damaged)
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "fetched"));
        foreach (var name in new[] { "minilm.onnx", "minilm.vocabulary.txt" })
        {
            var bytes = File.ReadAllBytes(Path.Combine(FetchedModels.Folder, "fetched", name));
            if (name == damaged) bytes[bytes.Length / 2] ^= 1;
            File.WriteAllBytes(Path.Combine(_folder.Path, "fetched", name), bytes);
        }

        var message = Refusal(FetchedModels.Manifest("minilm"));
        Assert.StartsWith(
            $"model 'minilm': {_folder.Path}/fetched/{damaged} is not the file that the manifest names: its sha256 is ",
            message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData("", "w.txt holds no word pieces of BERT")]
    [InlineData("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\ncup", "w.txt holds other word pieces than BERT's: [PAD] must be")]
    public void Other_word_pieces_are_refused(string pieces, string fault)
    {
        var bytes = Encoding.UTF8.GetBytes(pieces);
        var message = Assert.Throws<ModelException>(() => new WordPieces(bytes, "w.txt")).Message;
        Assert.StartsWith(fault, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_another_kind_is_refused()
    {
        var manifest = FetchedModels.Manifest("minilm");
        Assert.Contains("its decoder is text_embedding; sentence_embedding is needed here",
            Refusal(manifest with { Decoder = DecoderFamily.TextEmbedding }), StringComparison.Ordinal);
        Assert.Contains("reads the outputs embedding and layers; the manifest names 1",
            Refusal(manifest with { Outputs = [manifest.Outputs[0]] }), StringComparison.Ordinal);
        Assert.Contains(
            "has the inputs [n, length] of int32 tokens, at most 128 a text, and [1] of int32, whether to embed",
            Refusal(manifest with { Inputs = [manifest.Inputs[0], manifest.Inputs[0]] }), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private string Refusal(ModelManifest manifest) =>
        Assert.Throws<ModelException>(() => SentenceEncoder.Check(manifest, _folder.Path)).Message;

    private static string Text(JsonElement entry) => entry.GetProperty("text").GetString()!;

    private static float[] Vector(JsonElement entry) =>
        [.. entry.GetProperty("vector").EnumerateArray().Select(value => value.GetSingle())];

    private static double Cosine(float[] a, float[] b) =>
        a.Zip(b).Sum(pair => (double)pair.First * pair.Second);
}

/// <summary>The encoder, loaded once for a class of tests.</summary>
public sealed class EncoderFixture : IDisposable
{
    public SentenceEncoder Encoder { get; } =
        SentenceEncoder.Load(FetchedModels.Manifest("minilm"), FetchedModels.Folder);

    public void Dispose() => Encoder.Dispose();
}
