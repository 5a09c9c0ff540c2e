using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Vision.Decoders;

/// <summary>
/// Reads detectors that pick their boxes in the graph and give boxes, labels and scores in tensors of their own:
/// Torchvision's, SSD, TensorFlow's Object Detection API. Each may have an axis of length 1 before the boxes; how many
/// there are may be free, or be told by a fourth tensor. How the boxes are given stands in the manifest.
/// </summary>
internal sealed class BoxesLabelsScoresDecoder : IDetectionDecoder
{
    private readonly ModelManifest _manifest;
    private readonly Candidates _candidates;
    private readonly float _scaleX;
    private readonly float _scaleY;

    /// <summary>Checks that the outputs are these.</summary>
    public BoxesLabelsScoresDecoder(ModelManifest manifest)
    {
        _manifest = manifest;
        DecoderRules.ImageOnly(manifest);
        DecoderRules.Outputs(manifest, "boxes, labels, scores and, where it has one, their number", 3, 4);
        if (manifest.Inputs[0].Shape[0] != 1)
        {
            throw DecoderRules.Refusal(manifest, $"the decoder {manifest.Family.Name} reads one picture a run; "
                                                 + $"give the first axis of '{manifest.Inputs[0].Name}' the length 1");
        }

        var count = Count(0, "[k, 4] or [1, k, 4]", 4);
        var each = count > 0 ? $"[{count}] or [1, {count}]" : "[k] or [1, k]";
        foreach (var (index, form) in ((int, string)[])[(1, $"{each} of labels"), (2, $"{each} of scores")])
        {
            if (Count(index, form, 1) != count) throw DecoderRules.Shape(manifest, index, form, anyFree: true);
        }

        if (manifest.Outputs.Count == 4 && manifest.Outputs[3].Shape.Any(length => length != 1))
            throw DecoderRules.Shape(manifest, 3, "[1]");
        _candidates = new Candidates(Math.Max(count, 0), manifest.Thresholds.LowScore);
        (_scaleX, _scaleY) =
            manifest.Boxes.Unit == BoxUnit.Shares ? (manifest.InputWidth, manifest.InputHeight) : (1f, 1f);
    }

    public void Decode(OnnxModel model, int item, in ImageInBatch image, List<Detection> detections)
    {
        var boxes = model.Output(0).Floats();
        var scores = model.Output(2).Floats();
        var rows = Math.Min(Math.Min(boxes.Length / 4, scores.Length), CountOf(model.Output(1)));
        if (_manifest.Outputs.Count == 4) rows = (int)Math.Clamp(NumberAt(model.Output(3), 0), 0, rows);
        _candidates.Clear(rows);
        for (var row = 0; row < rows; row++) _candidates.Offer(row, scores[row]);
        var count = _candidates.Rank();
        DecoderRules.Probabilities(_manifest, 2, _candidates.Lowest, _candidates.Highest);
        for (var rank = 0; rank < count; rank++)
        {
            var (row, score) = _candidates[rank];
            var label = LabelAt(model.Output(1), row, score);
            var box = BoxAt(boxes.Slice(row * 4, 4), image);
            if (box.Area > 0) detections.Add(new Detection(label, MathF.Min(score, 1), box));
        }

        NonMaximumSuppression.Apply(detections, _manifest.Thresholds);
    }

    private string LabelAt(BoundTensor labels, int row, float score)
    {
        var number = NumberAt(labels, row);
        if (number >= 0 && number < _manifest.Labels.Count) return _manifest.Labels[(int)number];
        throw new ModelException(DecoderRules.NoDetection(_manifest, 1, score, (float)number).Message
                                 + "; where the model counts its classes from 1, the first label is its background");
    }

    private BoundingBox BoxAt(ReadOnlySpan<float> row, in ImageInBatch image) =>
        _manifest.Boxes.Corners == BoxCorners.Xyxy
        ? image.ToImage(row[0] * _scaleX, row[1] * _scaleY, row[2] * _scaleX, row[3] * _scaleY)
        : image.ToImage(row[1] * _scaleX, row[0] * _scaleY, row[3] * _scaleX, row[2] * _scaleY);

    // How many boxes an output is for; −1 where that is free.
    private int Count(int index, string form, int fields)
    {
        var output = _manifest.Outputs[index];
        var shape = output.Shape;
        if (fields > 1 && shape[^1] != fields) throw DecoderRules.Shape(_manifest, index, form, anyFree: true);
        var lengths = fields > 1 ? shape.SkipLast(1).ToArray() : [.. shape];
        if (lengths is not ([_] or [1 or -1, _])) throw DecoderRules.Shape(_manifest, index, form, anyFree: true);
        if (index != 1 && output.Type is not (TensorType.Float32 or TensorType.Float16))
        {
            throw DecoderRules.Refusal(
                _manifest, $"output '{output.Name}' is {output.Type.ToString().ToLowerInvariant()}; "
                                                  + $"the decoder {_manifest.Family.Name} reads float32 or float16 "
                                                  + "there");
        }

        return lengths[^1];
    }

    private static int CountOf(BoundTensor tensor)
    {
        var count = 1;
        foreach (var length in tensor.Shape) count *= length;
        return count;
    }

    private static double NumberAt(BoundTensor tensor, int index) => tensor.Type switch
    {
        TensorType.Int64 => tensor.Elements<long>()[index],
        TensorType.Int32 => tensor.Elements<int>()[index],
        TensorType.Uint8 => tensor.Elements<byte>()[index],
        TensorType.Bool => tensor.Elements<bool>()[index] ? 1 : 0,
        TensorType.Float16 => (double)tensor.Elements<Half>()[index],
        _ => tensor.Elements<float>()[index],
    };
}
