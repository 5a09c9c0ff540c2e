using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Vision.Decoders;

/// <summary>
/// Reads RT-DETR as its authors' own export deploys it, with its choice of the best answers in the graph (D-FINE and
/// DEIM do the same): outputs labels [n, k] of int64, boxes [n, k, 4] and scores [n, k]; a second input holds each
/// image's width and height, for which the input's own are given, so that x1, y1, x2, y2 come in input pixels. The
/// graph may name one query under several classes.
/// </summary>
internal sealed class DeployedRtDetrDecoder : IDetectionDecoder
{
    private readonly ModelManifest _manifest;
    private readonly Candidates _candidates;
    private readonly int _count;

    /// <summary>Checks that inputs and outputs are these.</summary>
    public DeployedRtDetrDecoder(ModelManifest manifest)
    {
        _manifest = manifest;
        _count = DecoderRules.Output(manifest, 0, "[n, k] of labels", 2, integers: true)[1];
        DecoderRules.Boxes(manifest, 1, _count);
        var form = $"[n, {_count}] of scores";
        if (DecoderRules.Output(manifest, 2, form, 2)[1] != _count) throw DecoderRules.Shape(manifest, 2, form);
        if (manifest.Inputs is not [_, { Type: TensorType.Int64, Shape: [1 or -1, 2] }])
        {
            throw DecoderRules.Refusal(
                manifest,
                "the decoder rt_detr with three outputs needs two inputs, the picture and its size [n, 2] of int64");
        }

        _candidates = new Candidates(_count, manifest.Thresholds.LowScore);
    }

    public void Prepare(OnnxModel model)
    {
        model.SetBatch(model.MaxBatch);
        var sizes = model.Input(1).Elements<long>();
        for (var i = 0; i < sizes.Length; i += 2)
            (sizes[i], sizes[i + 1]) = (_manifest.InputWidth, _manifest.InputHeight);
    }

    public void Decode(OnnxModel model, int item, in ImageInBatch image, List<Detection> detections)
    {
        var labels = model.Output(0).Elements<long>().Slice(item * _count, _count);
        var boxes = model.Output(1).Floats(item);
        var scores = model.Output(2).Floats(item);
        _candidates.Clear();
        for (var i = 0; i < scores.Length; i++) _candidates.Offer(i, scores[i]);
        var count = _candidates.Rank();
        DecoderRules.Probabilities(_manifest, 2, _candidates.Lowest, _candidates.Highest);
        for (var rank = 0; rank < count; rank++)
        {
            var (i, score) = _candidates[rank];
            if (labels[i] < 0 || labels[i] >= _manifest.Labels.Count)
                throw DecoderRules.NoDetection(_manifest, 0, score, labels[i]);
            var row = boxes.Slice(i * 4, 4);
            var box = image.ToImage(row[0], row[1], row[2], row[3]);
            if (box.Area > 0) detections.Add(new Detection(_manifest.Labels[(int)labels[i]], MathF.Min(score, 1), box));
        }

        NonMaximumSuppression.Apply(detections, _manifest.Thresholds);
    }
}
