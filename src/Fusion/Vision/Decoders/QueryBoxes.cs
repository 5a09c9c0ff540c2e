using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Vision.Decoders;

/// <summary>
/// The boxes that a transformer's queries answer with, centre x, centre y, width and height as shares of the input,
/// each under its best class: collects the queries that score enough and takes the best back to the image. Allocates
/// nothing while it does. Not thread-safe.
/// </summary>
/// <param name="manifest">The model.</param>
/// <param name="queries">How many queries answer.</param>
internal sealed class QueryBoxes(ModelManifest manifest, int queries)
{
    private readonly Candidates _candidates = new(queries, manifest.Thresholds.LowScore);
    private readonly int[] _classes = new int[queries];
    private readonly NearLabels[] _near = new NearLabels[queries];
    private float[] _scores = [];

    // The smallest logit whose sigmoid may count; a little less, since rounding must lose none.
    private readonly float _leastLogit =
        MathF.Log(manifest.Thresholds.LowScore / (1 - manifest.Thresholds.LowScore)) - 1e-3f;

    /// <summary>The smallest score that counts.</summary>
    public float Least => _candidates.Least;

    /// <summary>Forgets all queries.</summary>
    public void Clear() => _candidates.Clear();

    /// <summary>Takes a query if its score is enough. Each is offered once at most.</summary>
    public void Offer(int query, int label, float score, in NearLabels near = default)
    {
        (_classes[query], _near[query]) = (label, near);
        _candidates.Offer(query, score);
    }

    /// <summary>
    /// Offers each query under the class of its largest logit, whose sigmoid is the score (focal loss; Lin et al.
    /// 2017).
    /// </summary>
    /// <param name="logits">The logits, a row a query.</param>
    /// <param name="stride">How many there are in a row.</param>
    /// <param name="labels">The names of those that are asked for, from the first.</param>
    public void OfferSigmoids(ReadOnlySpan<float> logits, int stride, IReadOnlyList<string> labels)
    {
        if (_scores.Length != labels.Count) _scores = new float[labels.Count];
        for (var query = 0; query < queries; query++)
        {
            var row = logits.Slice(query * stride, labels.Count);
            if (!(Maximum.Of(row) >= _leastLogit)) continue;
            var label = Maximum.IndexIn(row);
            for (var i = 0; i < row.Length; i++) _scores[i] = Sigmoid.Of(row[i]);
            Offer(query, label, _scores[label], ClassRow.Near(_scores, label, labels, Least));
        }
    }

    /// <summary>
    /// Adds the best queries' boxes, best first, clipped to the image, without those that are empty then, and
    /// suppresses doubles.
    /// </summary>
    /// <param name="boxes">The boxes, a row a query.</param>
    /// <param name="stride">Length of a row; its first four numbers are the box.</param>
    /// <param name="labels">The classes' names.</param>
    /// <param name="image">How the image lies in the input.</param>
    /// <param name="detections">Receives the detections.</param>
    public void AddTo(
        List<Detection> detections, ReadOnlySpan<float> boxes, int stride, IReadOnlyList<string> labels,
        in ImageInBatch image)
    {
        var count = _candidates.Rank();
        DecoderRules.Probabilities(manifest, 0, _candidates.Lowest, _candidates.Highest);
        for (var rank = 0; rank < count; rank++)
        {
            var (query, score) = _candidates[rank];
            var row = boxes.Slice(query * stride, 4);
            var box = image.ToImage(
                (row[0] - row[2] / 2) * manifest.InputWidth, (row[1] - row[3] / 2) * manifest.InputHeight,
                (row[0] + row[2] / 2) * manifest.InputWidth, (row[1] + row[3] / 2) * manifest.InputHeight);
            if (box.Area <= 0) continue;
            detections.Add(new Detection(labels[_classes[query]], MathF.Min(score, 1), box) { Near = _near[query] });
        }

        NonMaximumSuppression.Apply(detections, manifest.Thresholds);
    }
}
