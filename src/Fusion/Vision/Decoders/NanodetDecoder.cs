using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Vision.Decoders;

/// <summary>
/// Reads NanoDet (Lyu 2020), whose cells say a probability for each class and, for each side of the box, a distribution
/// over distances (Li et al. 2020, "Generalized Focal Loss"): a softmax over bins, whose expectation times the stride
/// is how far the side is from the cell's point. Two layouts, told apart by the number of outputs. Pairs, one for each
/// feature map: probabilities [n, cells, labels] and bins [n, cells, 4 · bins], left, top, right, bottom; the point is
/// the cell's centre. One output [n, cells, labels + 4 · bins] over all maps, the finest first, as NanoDet-Plus is
/// exported; the point is the cell's corner. Strides follow from the number of cells.
/// </summary>
internal sealed class NanodetDecoder : IDetectionDecoder
{
    private const int Sides = 4;
    private static readonly int[] Strides = [4, 8, 16, 32, 64, 128];
    private readonly ModelManifest _manifest;
    private readonly Candidates _candidates;
    private readonly Level[] _levels;
    private readonly float[] _shares;
    private readonly float _point;

    /// <summary>Checks that the outputs have one of the layouts.</summary>
    public NanodetDecoder(ModelManifest manifest)
    {
        _manifest = manifest;
        DecoderRules.ImageOnly(manifest);
        var isJoined = manifest.Outputs.Count == 1;
        (_levels, var bins) = isJoined ? Joined() : Paired();
        _point = isJoined ? 0 : 0.5f;
        _shares = new float[bins];
        _candidates = new Candidates(_levels.Sum(level => level.Cells), manifest.Thresholds.LowScore);
    }

    public void Decode(OnnxModel model, int item, in ImageInBatch image, List<Detection> detections)
    {
        _candidates.Clear();
        foreach (var level in _levels) Offer(level, model.Output(level.Scores).Floats(item));
        var count = _candidates.Rank();
        DecoderRules.Probabilities(_manifest, _levels[0].Scores, _candidates.Lowest, _candidates.Highest);
        for (var rank = 0; rank < count; rank++)
        {
            var (row, score) = _candidates[rank];
            var level = LevelOf(row);
            var cell = row - level.First;
            var classes = ClassesOf(level, model.Output(level.Scores).Floats(item), cell);
            var bins = model.Output(level.Distances).Floats(item)
                .Slice((level.Skip + cell) * level.DistanceStride + level.DistanceOffset, Sides * _shares.Length);
            var x = (cell % level.Columns + _point) * level.Stride;
            var y = (cell / level.Columns + _point) * level.Stride;
            var box = image.ToImage(
                x - Reach(bins, 0) * level.Stride, y - Reach(bins, 1) * level.Stride,
                x + Reach(bins, 2) * level.Stride, y + Reach(bins, 3) * level.Stride);
            if (box.Area <= 0) continue;
            var best = Maximum.IndexIn(classes);
            detections.Add(new Detection(_manifest.Labels[best], MathF.Min(score, 1), box)
            {
                Near = ClassRow.Near(classes, best, _manifest.Labels, _manifest.Thresholds.LowScore),
            });
        }

        NonMaximumSuppression.Apply(detections, _manifest.Thresholds);
    }

    private void Offer(in Level level, ReadOnlySpan<float> scores)
    {
        for (var cell = 0; cell < level.Cells; cell++)
            _candidates.Offer(level.First + cell, Maximum.Of(ClassesOf(level, scores, cell)));
    }

    private ReadOnlySpan<float> ClassesOf(in Level level, ReadOnlySpan<float> scores, int cell) =>
        scores.Slice((level.Skip + cell) * level.ScoreStride, _manifest.Labels.Count);

    private Level LevelOf(int row)
    {
        var index = 0;
        while (index + 1 < _levels.Length && row >= _levels[index + 1].First) index++;
        return _levels[index];
    }

    // The expected distance of a side, in strides.
    private float Reach(ReadOnlySpan<float> bins, int side)
    {
        Softmax.Apply(bins.Slice(side * _shares.Length, _shares.Length), _shares);
        var reach = 0f;
        for (var bin = 1; bin < _shares.Length; bin++) reach += bin * _shares[bin];
        return reach;
    }

    private (Level[] Levels, int Bins) Joined()
    {
        var labels = _manifest.Labels.Count;
        var form = $"[n, cells, {labels} labels + 4 · bins]";
        var shape = DecoderRules.Output(_manifest, 0, form, 3);
        var bins = BinsOf(shape[2] - labels);
        if (bins == 0) throw DecoderRules.Shape(_manifest, 0, form);
        // All strides from 8 on, as far as the cells go.
        List<Level> levels = [];
        var first = 0;
        foreach (var stride in Strides.Skip(1).TakeWhile(_ => first < shape[1]))
        {
            levels.Add(new Level(
                0, 0, shape[2], shape[2], labels, stride, ColumnsAt(stride), first, CellsAt(stride), Skip: first));
            first += CellsAt(stride);
        }

        return first == shape[1] ? ([.. levels], bins) : throw CellsRefusal(0, shape[1]);
    }

    private (Level[] Levels, int Bins) Paired()
    {
        var labels = _manifest.Labels.Count;
        DecoderRules.Outputs(_manifest, "probabilities and distances of each feature map, or both in one", 2, 4, 6, 8);
        var form = $"[n, cells, {labels}] of probabilities or [n, cells, 4 · bins] of distances";
        List<Part> parts = [
            .. Enumerable.Range(0, _manifest.Outputs.Count).Select(index =>
            {
                var shape = DecoderRules.Output(_manifest, index, form, 3);
                return new Part(index, shape[1], shape[2]);
            })];
        List<Level> levels = [];
        var (first, bins) = (0, 0);
        foreach (var pair in parts.GroupBy(part => part.Cells).OrderByDescending(pair => pair.Key))
        {
            // Where there are as many labels as numbers of bins, the scores come first.
            var scores = pair.FirstOrDefault(part => part.Length == labels);
            var distances = pair.FirstOrDefault(part => part != scores);
            var found = distances is null ? 0 : BinsOf(distances.Length);
            if (pair.Count() != 2 || scores is null || found == 0 || (bins != 0 && found != bins))
                throw DecoderRules.Shape(_manifest, pair.First().Output, form + ", a pair for each number of cells");
            bins = found;
            var stride = Strides.FirstOrDefault(stride => CellsAt(stride) == pair.Key);
            if (stride == 0) throw CellsRefusal(scores.Output, pair.Key);
            levels.Add(new Level(
                scores.Output, distances!.Output, labels, distances.Length, 0, stride, ColumnsAt(stride), first,
                pair.Key, Skip: 0));
            first += pair.Key;
        }

        return ([.. levels], bins);
    }

    private static int BinsOf(int length) => length >= 2 * Sides && length % Sides == 0 ? length / Sides : 0;

    private int ColumnsAt(int stride) => (_manifest.InputWidth + stride - 1) / stride;

    private int CellsAt(int stride) => ColumnsAt(stride) * ((_manifest.InputHeight + stride - 1) / stride);

    private ModelException CellsRefusal(int output, int cells) => DecoderRules.Refusal(
        _manifest,
        $"output '{_manifest.Outputs[output].Name}' has {cells} cells, which no stride of "
        + $"{string.Join(", ", Strides)} gives for an input of {_manifest.InputWidth}×{_manifest.InputHeight}");

    /// <summary>One of the outputs, and its shape.</summary>
    private sealed record Part(int Output, int Cells, int Length);

    /// <summary>
    /// One feature map: where its numbers are, behind how many rows of other maps, and how its cells lie in the input.
    /// </summary>
    private readonly record struct Level(
        int Scores, int Distances, int ScoreStride, int DistanceStride, int DistanceOffset, int Stride, int Columns,
        int First, int Cells, int Skip);
}
