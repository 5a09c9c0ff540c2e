using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Preprocessing;

namespace EdgePerception.Fusion.Vision;

/// <summary>
/// Reads the rows x1, y1, x2, y2 (input pixels), score, class of a CenterNet whose peak picking is in the graph
/// (Zhou et al. 2019), and takes the boxes back to the picture.
/// </summary>
internal sealed class CenterNetDecoder
{
    private const int RowLength = 6;
    private readonly ModelManifest _manifest;

    /// <summary>Checks that the manifest's first output holds such rows.</summary>
    public CenterNetDecoder(ModelManifest manifest)
    {
        _manifest = manifest;
        var output = manifest.Outputs[0];
        if (output.Shape is not [1, _, RowLength])
        {
            throw new ModelException($"model '{manifest.Name}': output '{output.Name}' must have shape [1, n, {RowLength}] for the "
                                     + $"decoder centernet, it has [{string.Join(", ", output.Shape)}]");
        }
    }

    /// <summary>Adds the objects down to the low score, clipped to the picture; what is empty then is left out.</summary>
    public void Decode(ReadOnlySpan<float> rows, PicturePlacement placement, int width, int height, List<Detection> detections)
    {
        for (; rows.Length >= RowLength; rows = rows[RowLength..])
        {
            var score = rows[4];
            if (score < _manifest.Thresholds.LowScore) continue;
            // A score that is not a number comes this far as well; a class that is not one lies in no range.
            if (!float.IsFinite(rows[0] + rows[1] + rows[2] + rows[3] + score) || !(rows[5] >= 0 && rows[5] < _manifest.Labels.Count))
                throw new ModelException($"model '{_manifest.Name}': output '{_manifest.Outputs[0].Name}' holds a row that is no detection "
                                         + $"(score {score}, class {rows[5]}; there are {_manifest.Labels.Count} labels)");
            var left = Math.Clamp(placement.ToPictureX(rows[0]), 0, width);
            var top = Math.Clamp(placement.ToPictureY(rows[1]), 0, height);
            var right = Math.Clamp(placement.ToPictureX(rows[2]), 0, width);
            var bottom = Math.Clamp(placement.ToPictureY(rows[3]), 0, height);
            if (right > left && bottom > top)
                detections.Add(new Detection(_manifest.Labels[(int)rows[5]], MathF.Min(score, 1), new BoundingBox(left, top, right - left, bottom - top)));
        }
    }
}
