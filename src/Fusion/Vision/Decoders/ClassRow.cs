namespace EdgePerception.Fusion.Vision.Decoders;

/// <summary>What the numbers of one box say of its classes.</summary>
internal static class ClassRow
{
    // What is less than this share of the best is noise of a softmax or of eighty sigmoids rather than a likeness.
    private const float LeastShare = 0.2f;

    /// <summary>The classes beside the best that are near it, down to a score.</summary>
    /// <param name="scores">The classes' probabilities.</param>
    /// <param name="best">The best one's place.</param>
    /// <param name="labels">Their names.</param>
    /// <param name="least">The smallest score that counts.</param>
    public static NearLabels Near(ReadOnlySpan<float> scores, int best, IReadOnlyList<string> labels, float least)
    {
        NearLabels near = default;
        least = MathF.Max(least, LeastShare * scores[best]);
        for (var label = 0; label < scores.Length; label++)
        {
            if (scores[label] >= least && label != best)
                near = near.With(new LabelScore(labels[label], MathF.Min(scores[label], 1)));
        }

        return near;
    }
}
