using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Vision;

/// <summary>
/// Reads the rows x1, y1, x2, y2 (input pixels), score, class of a CenterNet whose peak picking is in the graph
/// (Zhou et al. 2019), takes the boxes back to the picture, and suppresses doubles.
/// </summary>
internal sealed class CenterNetDecoder : IDetectionDecoder
{
    private const int RowLength = 6;
    private readonly ModelManifest _manifest;

    /// <summary>Checks that the manifest's first output holds such rows.</summary>
    public CenterNetDecoder(ModelManifest manifest)
    {
        _manifest = manifest;
        var output = manifest.Outputs[0];
        if (output.Shape is not [1 or -1, > 0, RowLength])
        {
            throw new ModelException($"model '{manifest.Name}': output '{output.Name}' must have shape [1, n, {RowLength}] for the "
                                     + $"decoder centernet, it has [{string.Join(", ", output.Shape)}]");
        }
    }

    public void Decode(OnnxModel model, int item, in PictureInBatch picture, List<Detection> detections)
    {
        var output = model.Output(0);
        var length = output.Shape[1] * RowLength;
        Decode(output.Floats().Slice(item * length, length), picture, detections);
        NonMaximumSuppression.Apply(detections, _manifest.Thresholds.Overlap);
    }

    /// <summary>Adds the objects down to the low score, clipped to the picture; what is empty then is left out.</summary>
    internal void Decode(ReadOnlySpan<float> rows, in PictureInBatch picture, List<Detection> detections)
    {
        for (; rows.Length >= RowLength; rows = rows[RowLength..])
        {
            var score = rows[4];
            if (score < _manifest.Thresholds.LowScore) continue;
            if (!(rows[5] >= 0 && rows[5] < _manifest.Labels.Count))
                throw new ModelException($"model '{_manifest.Name}': output '{_manifest.Outputs[0].Name}' holds a row that is no detection "
                                         + $"(score {score}, class {rows[5]}; there are {_manifest.Labels.Count} labels)");
            var box = picture.ToPicture(rows[0], rows[1], rows[2], rows[3]);
            if (box.Area > 0) detections.Add(new Detection(_manifest.Labels[(int)rows[5]], MathF.Min(score, 1), box));
        }
    }
}
