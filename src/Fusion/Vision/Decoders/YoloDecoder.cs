using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Vision.Decoders;

/// <summary>
/// Reads YOLO as Ultralytics exports it without suppression. Three layouts, told apart by the output's shape and the
/// number of labels: v8 and later [n, 4 + labels, rows], one column a box, its classes' probabilities below it; the
/// same transposed, [n, rows, 4 + labels]; v5 and v7 [n, rows, 5 + labels], where a class scores its probability times
/// the box's objectness. (Several fit only where there are as few boxes as channels; it is the first of them then.)
/// Boxes are centre x, centre y, width and height in input pixels. With mask prototypes their coefficients follow the
/// classes. Each box gets its best class, the first of several alike; the best <see cref="Candidates.Most"/> boxes go
/// into the suppression of doubles.
/// </summary>
internal sealed class YoloDecoder : IDetectionDecoder
{
    // Boxes whose running maxima stay in the first-level cache while the classes pass.
    private const int Block = 1024;
    private readonly ModelManifest _manifest;
    private readonly Candidates _candidates;
    private readonly float[] _best = new float[Block];
    private readonly float[] _classes;
    private readonly bool _isByRows;
    private readonly bool _hasObjectness;
    private readonly int _rows;
    private readonly int _channels;

    /// <summary>Checks that the outputs have one of the layouts.</summary>
    public YoloDecoder(ModelManifest manifest)
    {
        _manifest = manifest;
        DecoderRules.ImageOnly(manifest);
        DecoderRules.Outputs(manifest, "boxes and, where it has them, mask prototypes", 1, 2);
        var masks =
            manifest.Outputs.Count == 2 ? DecoderRules.Output(manifest, 1, "[n, masks, height, width]", 4)[1] : 0;
        var rest = manifest.Labels.Count + masks;
        var parts = masks == 0 ? $"{manifest.Labels.Count} labels"
            : $"{manifest.Labels.Count} labels + {masks} mask coefficients";
        var form =
            $"[n, {4 + rest}, rows] or [n, rows, {4 + rest}] (4 + {parts}) or, with an objectness, [n, rows, "
            + $"{5 + rest}] (5 + {parts})";
        var shape = DecoderRules.Output(manifest, 0, form, 3);
        _isByRows = shape[1] != 4 + rest;
        _hasObjectness = _isByRows && shape[2] == 5 + rest;
        if (_isByRows && !_hasObjectness && shape[2] != 4 + rest) throw DecoderRules.Shape(manifest, 0, form);
        (_rows, _channels) = _isByRows ? (shape[1], shape[2]) : (shape[2], shape[1]);
        _candidates = new Candidates(_rows, manifest.Thresholds.LowScore);
        _classes = new float[manifest.Labels.Count];
        if (masks > 0) Masks = new MaskCoefficients(_channels - masks, masks, RowStride, ChannelStride);
    }

    public MaskCoefficients? Masks { get; }

    private int RowStride => _isByRows ? _channels : 1;

    private int ChannelStride => _isByRows ? 1 : _rows;

    public void Decode(OnnxModel model, int item, in ImageInBatch image, List<Detection> detections)
    {
        Decode(model.Output(0).Floats(item), image, detections);
        NonMaximumSuppression.Apply(detections, _manifest.Thresholds);
    }

    /// <summary>
    /// Adds the best boxes down to the low score, best first, clipped to the image; what is empty then is left out.
    /// </summary>
    internal void Decode(ReadOnlySpan<float> data, in ImageInBatch image, List<Detection> detections)
    {
        _candidates.Clear();
        if (_isByRows) OfferRows(data);
        else OfferColumns(data);
        var count = _candidates.Rank();
        DecoderRules.Probabilities(_manifest, 0, _candidates.Lowest, _candidates.Highest);
        for (var rank = 0; rank < count; rank++)
        {
            var (row, score) = _candidates[rank];
            var at = row * RowStride;
            var (x, y) = (data[at], data[at + ChannelStride]);
            var (halfWidth, halfHeight) = (data[at + 2 * ChannelStride] / 2, data[at + 3 * ChannelStride] / 2);
            var box = image.ToImage(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight);
            if (box.Area <= 0) continue;
            var best = TakeClasses(data, at);
            detections.Add(new Detection(_manifest.Labels[best], MathF.Min(score, 1), box)
            {
                Row = Masks is null ? -1 : row,
                Near = ClassRow.Near(_classes, best, _manifest.Labels, _candidates.Least),
            });
        }
    }

    private void OfferColumns(ReadOnlySpan<float> data)
    {
        for (var from = 0; from < _rows; from += Block)
        {
            var best = _best.AsSpan(0, Math.Min(Block, _rows - from));
            data.Slice(4 * _rows + from, best.Length).CopyTo(best);
            for (var label = 1; label < _manifest.Labels.Count; label++)
                Maximum.Raise(best, data.Slice((4 + label) * _rows + from, best.Length));
            for (var i = 0; i < best.Length; i++) _candidates.Offer(from + i, best[i]);
        }
    }

    private void OfferRows(ReadOnlySpan<float> data)
    {
        for (var row = 0; row < _rows; row++)
        {
            var at = row * _channels + 4;
            var objectness = _hasObjectness ? data[at++] : 1;
            // A class is at most certain, so that what is no object is none of any class.
            if (objectness >= _candidates.Least)
                _candidates.Offer(row, objectness * Maximum.Of(data.Slice(at, _manifest.Labels.Count)));
        }
    }

    // Lays the scores of a box's classes side by side; the best one's place.
    private int TakeClasses(ReadOnlySpan<float> data, int at)
    {
        var objectness = _hasObjectness ? data[at + 4 * ChannelStride] : 1;
        at += (_hasObjectness ? 5 : 4) * ChannelStride;
        for (var label = 0; label < _classes.Length; label++)
            _classes[label] = objectness * data[at + label * ChannelStride];
        return Maximum.IndexIn(_classes);
    }
}
