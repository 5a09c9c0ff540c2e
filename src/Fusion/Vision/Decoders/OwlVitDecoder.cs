using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Vision.Decoders;

/// <summary>
/// Reads OWL-ViT and OWLv2 (Minderer et al. 2022, 2023) as Hugging Face's models answer: logits [1, boxes, words], each
/// the sigmoid's argument for one box and one prompt, and boxes [1, boxes, 4]. Each box gets its best prompt. The
/// inputs are the image, token ids [words, length] and their attention mask, both int64; <see cref="TextPrompts"/>
/// fills them. OWLv2 wants the image in the top left corner of a grey square (fit corner, border 128) and its boxes are
/// shares of that square, which is the input; OWL-ViT wants it squashed.
/// </summary>
internal sealed class OwlVitDecoder : IDetectionDecoder
{
    private readonly ModelManifest _manifest;
    private readonly QueryBoxes _boxes;
    private readonly int _words;

    /// <summary>Checks that inputs and outputs are these.</summary>
    public OwlVitDecoder(ModelManifest manifest)
    {
        _manifest = manifest;
        if (manifest.Inputs is not [{ Shape: [1, ..] }, { Type: TensorType.Int64, Shape: [> 0, > 0] },
            { Type: TensorType.Int64 }]
            || !manifest.Inputs[1].Shape.SequenceEqual(manifest.Inputs[2].Shape))
        {
            throw DecoderRules.Refusal(
                manifest, "the decoder owlvit needs three inputs without free axes: one picture, token ids "
                                                 + "[words, length] and their attention mask, both int64");
        }

        _words = manifest.Inputs[1].Shape[0];
        DecoderRules.Outputs(manifest, "logits, boxes", 2);
        var form = $"[n, boxes, {_words}], one for each of the {_words} words of input '{manifest.Inputs[1].Name}'";
        var logits = DecoderRules.Output(manifest, 0, form, 3);
        if (logits[2] != _words) throw DecoderRules.Shape(manifest, 0, form);
        DecoderRules.Boxes(manifest, 1, logits[1]);
        _boxes = new QueryBoxes(manifest, logits[1]);
    }

    /// <summary>What the prompts' objects are called; none before prompts are set.</summary>
    public IReadOnlyList<string> Labels { get; set; } = [];

    /// <exception cref="ModelException">No prompts are set.</exception>
    public void Decode(OnnxModel model, int item, in ImageInBatch image, List<Detection> detections)
    {
        if (Labels.Count == 0)
            throw DecoderRules.Refusal(_manifest, "no prompts are set; this model finds what it is told to look for");
        _boxes.Clear();
        _boxes.OfferSigmoids(model.Output(0).Floats(item), _words, Labels);
        _boxes.AddTo(detections, model.Output(1).Floats(item), 4, Labels, image);
    }
}
