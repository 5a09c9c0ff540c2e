using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Vision.Decoders;

/// <summary>
/// Reads DETR (Carion et al. 2020): logits [n, queries, labels + 1], whose softmax gives the probability of each class
/// and, last, of there being no object; boxes [n, queries, 4]. Each query gets its best class. Where the model takes a
/// mask of the input's pixels, all of them are given as seen, the borders too.
/// </summary>
internal sealed class DetrDecoder : IDetectionDecoder
{
    private readonly ModelManifest _manifest;
    private readonly QueryBoxes _boxes;
    private readonly float _leastLogOdds;

    /// <summary>Checks that the outputs are such logits and boxes.</summary>
    public DetrDecoder(ModelManifest manifest)
    {
        _manifest = manifest;
        DecoderRules.Outputs(manifest, "logits, boxes", 2);
        var form = $"[n, queries, {manifest.Labels.Count + 1}] ({manifest.Labels.Count} labels + no object)";
        var logits = DecoderRules.Output(manifest, 0, form, 3);
        if (logits[2] != manifest.Labels.Count + 1) throw DecoderRules.Shape(manifest, 0, form);
        DecoderRules.Boxes(manifest, 1, logits[1]);
        if (manifest.Inputs.Count > 2 || (manifest.Inputs.Count == 2 && manifest.Inputs[1].Type != TensorType.Int64))
        {
            throw DecoderRules.Refusal(
                manifest, "the decoder detr fills the picture and the mask of its pixels, int64; export the model "
                                                 + "without other inputs");
        }

        _boxes = new QueryBoxes(manifest, logits[1]);
        _leastLogOdds = MathF.Log(_boxes.Least) - 1e-3f;
    }

    public void Prepare(OnnxModel model)
    {
        if (_manifest.Inputs.Count < 2) return;
        model.SetBatch(model.MaxBatch);
        model.Input(1).Elements<long>().Fill(1);
    }

    public void Decode(OnnxModel model, int item, in ImageInBatch image, List<Detection> detections)
    {
        _boxes.Clear();
        var logits = model.Output(0).Floats(item);
        var length = _manifest.Labels.Count + 1;
        for (var query = 0; logits.Length > 0; query++, logits = logits[length..])
            OfferSoftmax(query, logits[..length]);
        _boxes.AddTo(detections, model.Output(1).Floats(item), 4, _manifest.Labels, image);
    }

    private void OfferSoftmax(int query, ReadOnlySpan<float> logits)
    {
        var label = Maximum.IndexIn(logits[..^1]);
        var largest = MathF.Max(logits[label], logits[^1]);
        // The largest weighs 1 in the sum below, so that the share can only be less than this.
        if (logits[label] - largest < _leastLogOdds) return;
        var sum = 0f;
        foreach (var logit in logits) sum += MathF.Exp(logit - largest);
        _boxes.Offer(query, label, MathF.Exp(logits[label] - largest) / sum);
    }
}
