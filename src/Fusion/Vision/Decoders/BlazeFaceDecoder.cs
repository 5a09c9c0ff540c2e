using System.Numerics;
using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision.Preprocessing;

namespace EdgePerception.Fusion.Vision.Decoders;

/// <summary>
/// Reads the outputs of BlazeFace (Bazarevsky et al. 2019): a logit for each anchor, and 16 numbers from the anchor on:
/// centre, width and height, six key points, in input pixels. Doubles are not dropped but blended, as in MediaPipe: the
/// best face takes the mean, weighted by score, of all those that overlap it by more than the manifest's overlap.
/// </summary>
internal sealed class BlazeFaceDecoder : IDetectionDecoder
{
    /// <summary>The label of what <see cref="IDetectionDecoder"/> gives.</summary>
    public const string Label = "face";

    private const int RowLength = 16;
    private readonly ModelManifest _manifest;
    private readonly Vector2[] _anchors;
    private readonly float[] _logits;
    private readonly float[] _rows;
    private readonly List<Candidate> _candidates = [];
    private readonly List<Face> _faces = new(16);

    /// <summary>Checks that the manifest's outputs hold scores and boxes for the anchors.</summary>
    public BlazeFaceDecoder(ModelManifest manifest)
    {
        _manifest = manifest;
        _anchors = BlazeFaceAnchors.Lay(manifest.InputWidth, manifest.InputHeight);
        (_logits, _rows) = (new float[_anchors.Length], new float[_anchors.Length * RowLength]);
        DecoderRules.Outputs(
            manifest, "scores and boxes, or two of scores and two of boxes for the feature maps", 2, 4);
        var maps = manifest.Outputs.Count == 2 ? [_anchors.Length] : BlazeFaceAnchors.AnchorsOfMaps;
        for (var i = 0; i < manifest.Outputs.Count; i++)
        {
            var (rows, length) = (maps[i % maps.Count], i < maps.Count ? 1 : RowLength);
            var form = $"[n, {rows}, {length}]";
            var shape = DecoderRules.Output(manifest, i, form, axes: 3);
            if (shape[1] != rows || shape[2] != length) throw DecoderRules.Shape(manifest, i, form);
        }
    }

    public void Decode(OnnxModel model, int item, in ImageInBatch image, List<Detection> detections)
    {
        _faces.Clear();
        Decode(model, item, image, _manifest.Thresholds.LowScore, _faces);
        foreach (var face in _faces) detections.Add(new Detection(Label, face.Score, face.Box));
    }

    /// <summary>Adds the faces in one image of the last run down to a score, best first.</summary>
    public void Decode(OnnxModel model, int item, in ImageInBatch image, float leastScore, List<Face> faces)
    {
        var maps = _manifest.Outputs.Count / 2;
        var logits = _logits.AsSpan();
        var rows = _rows.AsSpan();
        for (var i = 0; i < maps; i++)
        {
            var count = model.Output(i).Shape[1];
            model.Output(i).Floats(item).CopyTo(logits);
            model.Output(maps + i).Floats(item).CopyTo(rows);
            logits = logits[count..];
            rows = rows[(count * RowLength)..];
        }

        Decode(_logits, _rows, image, leastScore, faces);
    }

    /// <summary>Adds the faces that logits and rows tell of, each in the order of the anchors.</summary>
    internal void Decode(
        ReadOnlySpan<float> logits, ReadOnlySpan<float> rows, in ImageInBatch image, float leastScore, List<Face> faces)
    {
        TakeCandidates(logits, leastScore);
        Span<float> mean = stackalloc float[RowLength];
        while (_candidates.Count > 0)
        {
            var score = _candidates[0].Score;
            BlendBest(rows, mean);
            var (halfWidth, halfHeight) = (mean[2] / 2, mean[3] / 2);
            var box =
                image.ToImage(mean[0] - halfWidth, mean[1] - halfHeight, mean[0] + halfWidth, mean[1] + halfHeight);
            if (!(box.Area > 0)) continue;
            var place = image.Placement;
            faces.Add(new Face(
                score, box, Point(mean, 4, place), Point(mean, 6, place), Point(mean, 8, place), Point(mean, 10, place),
                Point(mean, 12, place), Point(mean, 14, place)));
        }
    }

    // Best first, equal ones in the anchors' order. By insertion, since faces take a few anchors each.
    private void TakeCandidates(ReadOnlySpan<float> logits, float leastScore)
    {
        _candidates.Clear();
        for (var i = 0; i < logits.Length; i++)
        {
            var score = Sigmoid.Of(logits[i]);
            if (!(score >= leastScore)) continue;
            var place = _candidates.Count;
            while (place > 0 && _candidates[place - 1].Score < score) place--;
            _candidates.Insert(place, new Candidate(i, score));
        }
    }

    /// <summary>Takes the best candidate and all that overlap it; gives their mean, in input pixels.</summary>
    private void BlendBest(ReadOnlySpan<float> rows, Span<float> mean)
    {
        var best = BoxOf(_candidates[0].Anchor, rows);
        mean.Clear();
        var (weight, left) = (0f, 0);
        for (var i = 0; i < _candidates.Count; i++)
        {
            var candidate = _candidates[i];
            // The best one is taken even if it has no area and so overlaps nothing.
            if (i > 0 && !(BoxOf(candidate.Anchor, rows).IntersectionOverUnion(best) > _manifest.Thresholds.Overlap))
            {
                _candidates[left++] = candidate;
                continue;
            }

            weight += candidate.Score;
            var row = rows.Slice(candidate.Anchor * RowLength, RowLength);
            for (var k = 0; k < RowLength; k++)
                mean[k] += candidate.Score * (row[k] + OffsetOf(k, _anchors[candidate.Anchor]));
        }

        _candidates.RemoveRange(left, _candidates.Count - left);
        foreach (ref var value in mean) value /= weight;
    }

    // All but width and height are measured from the anchor.
    private static float OffsetOf(int element, Vector2 anchor) =>
        element is 2 or 3 ? 0 : element % 2 == 0 ? anchor.X : anchor.Y;

    private BoundingBox BoxOf(int anchor, ReadOnlySpan<float> rows)
    {
        var row = rows.Slice(anchor * RowLength, 4);
        var (width, height) = (MathF.Max(row[2], 0), MathF.Max(row[3], 0));
        return new BoundingBox(
            row[0] + _anchors[anchor].X - width / 2, row[1] + _anchors[anchor].Y - height / 2, width, height);
    }

    private static Vector2 Point(ReadOnlySpan<float> mean, int at, in ImagePlacement placement) =>
        new(placement.ToImageX(mean[at]), placement.ToImageY(mean[at + 1]));

    private readonly record struct Candidate(int Anchor, float Score);
}
