using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision.Decoders;

namespace EdgePerception.Fusion.Vision;

/// <summary>
/// What a text-conditioned detector looks for: prompts as token ids, which stay in the model's inputs until others are set.
/// Set between two runs by whoever runs the detector.
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

    /// <summary>What the prompts' objects are called, as detections name them; none before <see cref="Set"/>.</summary>
    public IReadOnlyList<string> Labels => _decoder.Labels;

    /// <summary>Replaces the prompts.</summary>
    /// <param name="labels">What detections of each prompt are called; several prompts may share a label.</param>
    /// <param name="ids">
    /// The prompts' token ids, <see cref="Length"/> for each, start and end of text included, zeros behind the end.
    /// </param>
    /// <exception cref="ArgumentException">There are none or more than <see cref="Capacity"/>, or the ids are not as many.</exception>
    public void Set(IReadOnlyList<string> labels, ReadOnlySpan<long> ids)
    {
        var count = labels.Count;
        if (count < 1 || count > Capacity)
            throw new ArgumentException($"{count} prompts were given; model '{_model.Manifest.Name}' takes 1 to {Capacity}", nameof(labels));
        if (ids.Length != count * Length)
            throw new ArgumentException($"{count} prompts of {Length} tokens need {count * Length} ids, not {ids.Length}", nameof(ids));
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
