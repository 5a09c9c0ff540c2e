using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision.Decoders;
using EdgePerception.Fusion.Vision.Embeddings;

namespace EdgePerception.Fusion.Vision;

/// <summary>
/// What a text-conditioned detector looks for: prompts as token ids, which stay in the model's inputs until others are
/// set; at first the manifest's labels, where it names a tokenizer. Set between two runs by whoever runs the detector.
/// </summary>
public sealed class TextPrompts
{
    private readonly OnnxModel _model;
    private readonly OwlVitDecoder _decoder;

    internal TextPrompts(OnnxModel model, OwlVitDecoder decoder) => (_model, _decoder) = (model, decoder);

    /// <summary>How many prompts there may be: the words of the model's token input.</summary>
    public int Capacity => _model.Manifest.Inputs[1].Shape[0];

    /// <summary>How many token ids a prompt has, padding included.</summary>
    public int Length => _model.Manifest.Inputs[1].Shape[1];

    /// <summary>What the prompts' objects are called, as detections name them; none before they are set.</summary>
    public IReadOnlyList<string> Labels => _decoder.Labels;

    /// <summary>Replaces the prompts by texts, which are also what their objects are called.</summary>
    /// <exception cref="ModelException">
    /// The manifest names no tokenizer, it cannot be read, or there are no or more prompts than the model takes.
    /// </exception>
    public void Set(IReadOnlyList<string> prompts)
    {
        if (prompts.Count < 1 || prompts.Count > Capacity)
            throw new ModelException(
                $"model '{_model.Manifest.Name}': takes 1 to {Capacity} prompts, {prompts.Count} were given");
        var tokenizer = BytePairTokenizer.Read(_model);
        var ids = new long[prompts.Count * Length];
        var encoded = new int[Length];
        for (var prompt = 0; prompt < prompts.Count; prompt++)
        {
            // The attention mask hides the padding, which Set tells by its zeros.
            tokenizer.Encode(prompts[prompt], encoded);
            for (var i = 0; i < Length; i++) ids[prompt * Length + i] = encoded[i];
        }

        Set(prompts, ids);
    }

    /// <summary>Replaces the prompts.</summary>
    /// <param name="labels">What detections of each prompt are called; several prompts may share a label.</param>
    /// <param name="ids">
    /// The prompts' token ids, <see cref="Length"/> for each, start and end of text included, zeros behind the end.
    /// </param>
    /// <exception cref="ArgumentException">
    /// There are none or more than <see cref="Capacity"/>, or the ids are not as many.
    /// </exception>
    public void Set(IReadOnlyList<string> labels, ReadOnlySpan<long> ids)
    {
        var count = labels.Count;
        if (count < 1 || count > Capacity)
            throw new ArgumentException(
                $"{count} prompts were given; model '{_model.Manifest.Name}' takes 1 to {Capacity}", nameof(labels));
        if (ids.Length != count * Length)
            throw new ArgumentException(
                $"{count} prompts of {Length} tokens need {count * Length} ids, not {ids.Length}", nameof(ids));
        var tokens = _model.Input(1).Elements<long>();
        var mask = _model.Input(2).Elements<long>();
        for (var word = 0; word < Capacity; word++)
        {
            // A word that is not asked for repeats the first prompt: an empty one would have nothing to attend to.
            var prompt = ids.Slice(word < count ? word * Length : 0, Length);
            prompt.CopyTo(tokens[(word * Length)..]);
            var end = prompt.LastIndexOfAnyExcept(0) + 1;
            mask.Slice(word * Length, end).Fill(1);
            mask.Slice(word * Length + end, Length - end).Clear();
        }

        _decoder.Labels = [.. labels];
    }
}
