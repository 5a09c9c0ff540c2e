using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Vision.Decoders;

/// <summary>
/// Reads the rows x1, y1, x2, y2 (input pixels), score, class of a model that picks its boxes in the graph: CenterNet
/// (Zhou et al. 2019), YOLO exported with suppression and YOLOv10 (Wang et al. 2024). With mask prototypes each row
/// ends with their coefficients. Takes the boxes back to the image, and suppresses what doubles the graph has left.
/// </summary>
internal sealed class BoxRowDecoder : IDetectionDecoder
{
    private const int BoxLength = 6;
    private readonly ModelManifest _manifest;
    private readonly int _rowLength;

    /// <summary>Checks that the manifest's first output holds such rows.</summary>
    /// <param name="manifest">The model.</param>
    /// <param name="mayHaveMasks">Whether a second output holds mask prototypes where there is one.</param>
    public BoxRowDecoder(ModelManifest manifest, bool mayHaveMasks = false)
    {
        _manifest = manifest;
        DecoderRules.ImageOnly(manifest);
        var masks = 0;
        if (mayHaveMasks)
        {
            DecoderRules.Outputs(manifest, "boxes and, where it has them, mask prototypes", 1, 2);
            masks =
                manifest.Outputs.Count == 2 ? DecoderRules.Output(manifest, 1, "[n, masks, height, width]", 4)[1] : 0;
        }

        _rowLength = BoxLength + masks;
        var form = masks == 0 ? $"[n, rows, {BoxLength}]"
            : $"[n, rows, {_rowLength}] ({BoxLength} + {masks} mask coefficients)";
        var shape = DecoderRules.Output(manifest, 0, form, 3);
        if (shape[2] != _rowLength) throw DecoderRules.Shape(manifest, 0, form);
        if (masks > 0) Masks = new MaskCoefficients(BoxLength, masks, _rowLength, 1);
    }

    public MaskCoefficients? Masks { get; }

    public void Decode(OnnxModel model, int item, in ImageInBatch image, List<Detection> detections)
    {
        Decode(model.Output(0).Floats(item), image, detections);
        NonMaximumSuppression.Apply(detections, _manifest.Thresholds);
    }

    /// <summary>Adds the objects down to the low score, clipped to the image; what is empty then is left out.</summary>
    internal void Decode(ReadOnlySpan<float> rows, in ImageInBatch image, List<Detection> detections)
    {
        for (var index = 0; rows.Length >= _rowLength; rows = rows[_rowLength..], index++)
        {
            var score = rows[4];
            DecoderRules.Probabilities(_manifest, 0, score, score);
            if (score < _manifest.Thresholds.LowScore) continue;
            if (!(rows[5] >= 0 && rows[5] < _manifest.Labels.Count))
                throw DecoderRules.NoDetection(_manifest, 0, score, rows[5]);
            var box = image.ToImage(rows[0], rows[1], rows[2], rows[3]);
            if (box.Area <= 0) continue;
            var label = _manifest.Labels[(int)rows[5]];
            detections.Add(new Detection(label, MathF.Min(score, 1), box) { Row = Masks is null ? -1 : index });
        }
    }
}
