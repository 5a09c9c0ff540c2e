using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Vision.Embeddings;

/// <summary>
/// The text tower of a dual encoder such as CLIP, with its tokenizer: turns texts into embeddings of length one. Words
/// beyond the model's context are cut off. Not thread-safe.
/// </summary>
public sealed class TextEncoder
{
    private readonly OnnxModel _model;
    private readonly BytePairTokenizer _tokenizer;
    private readonly int[] _ids;

    /// <summary>Prepares an encoder over a loaded model, which stays the caller's, and reads its tokenizer.</summary>
    /// <exception cref="ModelException">
    /// The model is of another family, its tensors are not those of the family, or the tokenizer cannot be read.
    /// </exception>
    public TextEncoder(OnnxModel model)
    {
        _model = model;
        var manifest = model.Manifest;
        DecoderRules.Family(manifest, DecoderFamily.TextEmbedding);
        DecoderRules.Output(manifest, 0, "[n, dimensions]", axes: 2);
        _tokenizer = BytePairTokenizer.Read(model);
        _ids = new int[manifest.Tokenizer!.ContextLength];
        if (manifest.Inputs.Count > 2 || manifest.Inputs.Any(input => !TakesIds(input)))
        {
            throw DecoderRules.Refusal(
                manifest, $"the decoder text_embedding needs an input [n, {_ids.Length}] of int32 or int64 token ids, "
                                                 + "and at most one more, the attention mask");
        }
    }

    /// <summary>The length of an embedding's list of numbers.</summary>
    public int Dimensions => _model.Manifest.Outputs[0].Shape[1];

    /// <summary>Embeds texts; as many as the model's batch allows join a run.</summary>
    /// <param name="texts">Any number of texts.</param>
    /// <param name="embeddings">Receives <see cref="Dimensions"/> numbers for each text.</param>
    /// <exception cref="ModelException">
    /// A run failed, was terminated, or answered with something not a number.
    /// </exception>
    public void Embed(IReadOnlyList<string> texts, Span<float> embeddings)
    {
        for (var done = 0; done < texts.Count; done += _model.MaxBatch)
        {
            var count = Math.Min(texts.Count - done, _model.MaxBatch);
            _model.SetBatch(count);
            for (var i = 0; i < _model.Manifest.Inputs.Count; i++) _model.Input(i).Resize(count, _ids.Length);
            for (var i = 0; i < count; i++) Write(texts[done + i], i);
            _model.Run();
            var answers = embeddings.Slice(done * Dimensions, count * Dimensions);
            _model.Output(0).Floats()[..answers.Length].CopyTo(answers);
        }

        for (var i = 0; i < texts.Count; i++) Vectors.Normalize(embeddings.Slice(i * Dimensions, Dimensions));
    }

    /// <summary>
    /// Embeds a label by a prompt ensemble: the mean of the embeddings of all templates, brought to length one.
    /// </summary>
    /// <param name="label">The label, such as <c>red mug</c>.</param>
    /// <param name="templates">
    /// Texts in which <c>{label}</c> stands for the label, such as <c>a photo of a {label}.</c>
    /// </param>
    /// <param name="embedding">Receives <see cref="Dimensions"/> numbers.</param>
    /// <exception cref="ModelException">
    /// A run failed, was terminated, or answered with something not a number.
    /// </exception>
    public void EmbedLabel(string label, IReadOnlyList<string> templates, Span<float> embedding)
    {
        ArgumentOutOfRangeException.ThrowIfZero(templates.Count);
        var embeddings = new float[templates.Count * Dimensions];
        Embed([.. templates.Select(template => template.Replace("{label}", label, StringComparison.Ordinal))],
            embeddings);
        for (var i = 0; i < Dimensions; i++)
        {
            var sum = 0f;
            for (var t = 0; t < templates.Count; t++) sum += embeddings[t * Dimensions + i];
            embedding[i] = sum / templates.Count;
        }

        Vectors.Normalize(embedding[..Dimensions]);
    }

    private bool TakesIds(TensorManifest input) =>
        input.Type is TensorType.Int32 or TensorType.Int64 && input.Shape is [1 or -1, var length]
            && (length == _ids.Length || length == -1);

    private void Write(string text, int row)
    {
        var count = _tokenizer.Encode(text, _ids, _model.Manifest.Tokenizer!.Padding);
        Write(0, row, _ids);
        if (_model.Manifest.Inputs.Count < 2) return;
        _ids.AsSpan(0, count).Fill(1);
        _ids.AsSpan(count).Clear();
        Write(1, row, _ids);
    }

    private void Write(int input, int row, ReadOnlySpan<int> values)
    {
        var tensor = _model.Input(input);
        if (tensor.Type == TensorType.Int32) values.CopyTo(tensor.Elements<int>()[(row * values.Length)..]);
        else
        {
            var target = tensor.Elements<long>().Slice(row * values.Length, values.Length);
            for (var i = 0; i < values.Length; i++) target[i] = values[i];
        }
    }
}
