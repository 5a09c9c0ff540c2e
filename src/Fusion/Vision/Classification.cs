namespace EdgePerception.Fusion.Vision;

/// <summary>What an image or a region may show.</summary>
/// <param name="Label">The label, exactly as in the manifest or as it was asked for.</param>
/// <param name="Score">Its probability, 0 to 1.</param>
public readonly record struct Classification(string Label, float Score)
{
    /// <summary>
    /// Replaces what a list holds by the best labels, best first; equal scores keep the labels' order. Allocates
    /// nothing once the list has held as many.
    /// </summary>
    internal static void Best(
        ReadOnlySpan<float> scores, IReadOnlyList<string> labels, int count, List<Classification> best)
    {
        best.Clear();
        for (var i = 0; i < scores.Length; i++)
        {
            if (best.Count == count)
            {
                if (!(scores[i] > best[^1].Score)) continue;
                best.RemoveAt(count - 1);
            }

            var place = best.Count;
            while (place > 0 && best[place - 1].Score < scores[i]) place--;
            best.Insert(place, new Classification(labels[i], scores[i]));
        }
    }
}
