namespace EdgePerception.Fusion.Vision;

/// <summary>Greedy suppression of doubles, class by class: the better of two boxes that overlap stays.</summary>
public static class NonMaximumSuppression
{
    /// <summary>
    /// Sorts the detections by falling score and removes each that overlaps a better one of its label by more than
    /// <paramref name="overlap"/> (intersection over union). Equal scores keep their order.
    /// </summary>
    public static void Apply(List<Detection> detections, float overlap)
    {
        SortByScore(detections);
        var kept = 0;
        for (var i = 0; i < detections.Count; i++)
        {
            var candidate = detections[i];
            if (IsDouble(detections, kept, candidate, overlap)) continue;
            detections[kept++] = candidate;
        }

        detections.RemoveRange(kept, detections.Count - kept);
    }

    private static bool IsDouble(List<Detection> kept, int count, in Detection candidate, float overlap)
    {
        for (var i = 0; i < count; i++)
        {
            var better = kept[i];
            if (better.Label == candidate.Label && better.Box.IntersectionOverUnion(candidate.Box) > overlap) return true;
        }

        return false;
    }

    // Insertion: the list is short and comes almost sorted from the model, and List.Sort is neither stable nor free.
    private static void SortByScore(List<Detection> detections)
    {
        for (var i = 1; i < detections.Count; i++)
        {
            var current = detections[i];
            var j = i;
            for (; j > 0 && detections[j - 1].Score < current.Score; j--) detections[j] = detections[j - 1];
            detections[j] = current;
        }
    }
}
