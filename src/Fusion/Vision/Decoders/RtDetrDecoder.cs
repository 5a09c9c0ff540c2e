using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Vision.Decoders;

/// <summary>
/// Reads RT-DETR (Zhao et al. 2023) and what is trained and exported like it (RT-DETRv2, D-FINE, RF-DETR): logits
/// [n, queries, labels] and boxes [n, queries, 4], as Hugging Face's models answer; or one output [n, queries, 4 +
/// labels] of boxes and probabilities, as Ultralytics exports it. Each query gets its best class.
/// </summary>
internal sealed class RtDetrDecoder : IDetectionDecoder
{
    private readonly ModelManifest _manifest;
    private readonly QueryBoxes _boxes;
    private readonly int _queries;

    /// <summary>Checks that the outputs have one of the forms.</summary>
    public RtDetrDecoder(ModelManifest manifest)
    {
        _manifest = manifest;
        DecoderRules.ImageOnly(manifest);
        var labels = manifest.Labels.Count;
        if (manifest.Outputs.Count == 1)
        {
            _queries = Queries($"[n, queries, {4 + labels}] (4 + {labels} labels)", 4 + labels);
        }
        else
        {
            _queries = Queries($"[n, queries, {labels}], one for each label", labels);
            DecoderRules.Boxes(manifest, 1, _queries);
        }

        _boxes = new QueryBoxes(manifest, _queries);
    }

    public void Decode(OnnxModel model, int item, in ImageInBatch image, List<Detection> detections)
    {
        _boxes.Clear();
        var first = model.Output(0).Floats(item);
        var labels = _manifest.Labels.Count;
        if (_manifest.Outputs.Count == 2)
        {
            _boxes.OfferSigmoids(first, labels, _manifest.Labels);
            _boxes.AddTo(detections, model.Output(1).Floats(item), 4, _manifest.Labels, image);
            return;
        }

        for (var query = 0; query < _queries; query++)
        {
            var scores = first.Slice(query * (4 + labels) + 4, labels);
            var label = Maximum.IndexIn(scores);
            _boxes.Offer(query, label, scores[label], ClassRow.Near(scores, label, _manifest.Labels, _boxes.Least));
        }

        _boxes.AddTo(detections, first, 4 + labels, _manifest.Labels, image);
    }

    private int Queries(string form, int length)
    {
        var shape = DecoderRules.Output(_manifest, 0, form, 3);
        return shape[2] == length ? shape[1] : throw DecoderRules.Shape(_manifest, 0, form);
    }
}
