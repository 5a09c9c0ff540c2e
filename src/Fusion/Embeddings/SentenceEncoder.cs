using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Embeddings;

/// <summary>
/// Turns texts into vectors, so that texts of like meaning have vectors of like direction (Sentence-BERT, Reimers and
/// Gurevych 2019). Of a text the first 128 tokens count; one without words has a vector, too, which means nothing.
/// Owned by one thread. Vectors of short texts are kept, so that a label costs its few milliseconds once.
/// </summary>
public sealed class SentenceEncoder : IDisposable
{
    private const int MaxKept = 2048; // 3 MiB of vectors
    private const int LongestKept = 64;
    private const int MaxReadings = 8;
    private const int MaxTokensInRun = 512;

    private readonly OnnxModel _model;
    private readonly WordPieces _pieces;
    private readonly RecentlyUsed<float[]> _kept = new(MaxKept);
    private readonly RecentlyUsed<float[]> _readings = new(MaxReadings);

    /// <summary>
    /// Prepares an encoder over a loaded model, which is disposed with it, and reads its word pieces.
    /// </summary>
    /// <exception cref="ModelException">
    /// The model is of another family, has other tensors, or its word pieces cannot be read.
    /// </exception>
    public SentenceEncoder(OnnxModel model)
    {
        _model = model;
        CheckManifest(model.Manifest);
        _pieces = new WordPieces(model.ReadFile(model.Manifest.WordPieces!), model.Manifest.WordPieces!.File);
    }

    /// <summary>How many numbers a vector has.</summary>
    public int Dimensions => _model.Manifest.Outputs[0].Shape[1];

    /// <summary>How many layers a reading has.</summary>
    public int Layers => _model.Manifest.Outputs[1].Shape[1];

    /// <summary>What the model is; its checksum stands for the vectors.</summary>
    public ModelManifest Manifest => _model.Manifest;

    /// <summary>Checks all of an encoder that can be told without a session: its manifest and its files.</summary>
    /// <param name="manifest">What the encoder must be.</param>
    /// <param name="modelsFolder">The folder that the manifest's files are relative to.</param>
    /// <exception cref="ModelException">
    /// The manifest is of another kind of model, or a file is not as it says.
    /// </exception>
    public static void Check(ModelManifest manifest, string modelsFolder)
    {
        CheckManifest(manifest);
        OnnxModel.Check(manifest, modelsFolder);
    }

    /// <summary>Loads the encoder that a manifest names, on one core of the processor.</summary>
    /// <param name="manifest">What the encoder must be.</param>
    /// <param name="modelsFolder">The folder that the manifest's files are relative to.</param>
    /// <exception cref="ModelException">The model cannot be loaded, or is none of this kind.</exception>
    public static SentenceEncoder Load(ModelManifest manifest, string modelsFolder)
    {
        var model = OnnxModel.Load(manifest, modelsFolder, new InferenceSettings { Threads = 1 });
        try
        {
            var encoder = new SentenceEncoder(model);
            UnusedMemory.ReleaseToSystem();
            return encoder;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The vector of a text, of length one; the encoder's own, not to be changed.</summary>
    /// <exception cref="ModelException">The run failed, or answered with something not a number.</exception>
    public float[] Encode(string text) => Encode([text])[0];

    /// <summary>The vectors of texts, in their order; those that are not kept from before join few runs.</summary>
    /// <exception cref="ModelException">A run failed, or answered with something not a number.</exception>
    public float[][] Encode(IReadOnlyList<string> texts)
    {
        var vectors = new float[texts.Count][];
        var missing = new List<(int Index, int[] Tokens)>();
        for (var i = 0; i < texts.Count; i++)
        {
            if (_kept.TryGet(texts[i], out var known)) vectors[i] = known;
            else missing.Add((i, _pieces.Tokens(texts[i])));
        }

        // Texts of one length join a run: filled up to that of another one, a vector would have other last digits.
        missing.Sort((a, b) => a.Tokens.Length.CompareTo(b.Tokens.Length));
        for (var done = 0; done < missing.Count;)
        {
            var count = CountInRun(missing, done);
            Run([.. missing.Skip(done).Take(count).Select(text => text.Tokens)], isDeep: true);
            for (var i = 0; i < count; i++)
            {
                var index = missing[done + i].Index;
                vectors[index] = Keep(texts[index], _model.Output(0).Floats(i));
            }

            done += count;
        }

        return vectors;
    }

    /// <summary>
    /// How a sentence is said: the mean of its hidden states after each of the lower layers, <see cref="Layers"/> times
    /// <see cref="Dimensions"/> numbers, not to be changed. It costs two thirds of a vector; the last few are kept,
    /// since the readings of one command share their unknown phrases.
    /// </summary>
    /// <exception cref="ModelException">The run failed, or answered with something not a number.</exception>
    public float[] Read(string sentence)
    {
        if (_readings.TryGet(sentence, out var known)) return known;
        Run([_pieces.Tokens(sentence)], isDeep: false);
        var reading = _model.Output(1).Floats(0).ToArray();
        _readings.Add(sentence, reading);
        return reading;
    }

    /// <summary>Frees the model.</summary>
    public void Dispose() => _model.Dispose();

    private static void CheckManifest(ModelManifest manifest)
    {
        DecoderRules.Family(manifest, DecoderFamily.SentenceEmbedding);
        DecoderRules.Outputs(manifest, "embedding and layers", 2);
        var embedding = DecoderRules.Output(manifest, 0, "[n, dimensions]", 2);
        if (DecoderRules.Output(manifest, 1, "[n, layers, dimensions]", 3)[2] != embedding[1])
            throw DecoderRules.Refusal(manifest, "its layers have other dimensions than its embedding");
        const int Most = WordPieces.MaxTokens;
        if (manifest.Inputs is [{ Type: TensorType.Int32, Shape: [-1, -1], Profile.Max: [_, Most] },
            { Type: TensorType.Int32, Shape: [1] }]) return;
        throw DecoderRules.Refusal(
            manifest,
            $"a sentence encoder has the inputs [n, length] of int32 tokens, at most {Most} a text, and [1] of "
            + "int32, whether to embed");
    }

    private int CountInRun(List<(int Index, int[] Tokens)> texts, int first)
    {
        var (most, length) = (Math.Min(texts.Count - first, _model.MaxBatch), texts[first].Tokens.Length);
        var count = 1;
        while (count < most && texts[first + count].Tokens.Length == length && (count + 1) * length <= MaxTokensInRun)
            count++;
        return count;
    }

    private void Run(int[][] rows, bool isDeep)
    {
        var length = rows[0].Length;
        _model.SetBatch(rows.Length);
        _model.Input(0).Resize(rows.Length, length);
        var tokens = _model.Input(0).Elements<int>();
        for (var i = 0; i < rows.Length; i++) rows[i].CopyTo(tokens[(i * length)..]);
        _model.Input(1).Elements<int>()[0] = isDeep ? 1 : 0;
        _model.Run();
    }

    private float[] Keep(string text, ReadOnlySpan<float> vector)
    {
        var kept = vector.ToArray();
        if (text.Length <= LongestKept && !_kept.TryGet(text, out _)) _kept.Add(text, kept);
        return kept;
    }
}
