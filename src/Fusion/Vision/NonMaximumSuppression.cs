using System.Buffers;
using System.Runtime.InteropServices;
using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Vision;

/// <summary>
/// Greedy suppression of doubles, within a class and, by a threshold of its own, across classes: the better of two
/// boxes that overlap stays, and knows what else the other one took it for.
/// </summary>
public static class NonMaximumSuppression
{
    private const int MaxOnStack = 1024;

    /// <summary>
    /// Sorts the detections by falling score and removes each that overlaps a better one of its label by more than
    /// <paramref name="overlap"/>, or one of another label by more than <paramref name="overlapAcross"/> (intersection
    /// over union). Equal scores keep their order.
    /// </summary>
    public static void Apply(List<Detection> detections, float overlap, float overlapAcross = 1)
    {
        SortByScore(detections);
        var kept = 0;
        for (var i = 0; i < detections.Count; i++)
        {
            var candidate = detections[i];
            if (!IsDouble(detections, kept, candidate, overlap, overlapAcross)) detections[kept++] = candidate;
        }

        detections.RemoveRange(kept, detections.Count - kept);
    }

    /// <summary>The same by a model's thresholds.</summary>
    public static void Apply(List<Detection> detections, ThresholdManifest thresholds) =>
        Apply(detections, thresholds.Overlap, thresholds.OverlapAcross);

    private static bool IsDouble(
        List<Detection> kept, int count, in Detection candidate, float overlap, float overlapAcross)
    {
        for (var i = 0; i < count; i++)
        {
            var better = kept[i];
            var isSame = better.Label == candidate.Label;
            if (!isSame && overlapAcross >= 1) continue;
            if (better.Box.IntersectionOverUnion(candidate.Box) <= (isSame ? overlap : overlapAcross)) continue;
            if (!isSame)
                kept[i] = better with { Near = better.Near.With(new LabelScore(candidate.Label, candidate.Score)) };
            return true;
        }

        return false;
    }

    // List.Sort is neither stable nor free. Keys of score and place are sorted instead, then the list is put in their
    // order along its cycles, in place.

    /// <summary>Sorts by falling score; equal scores keep their order.</summary>
    internal static void SortByScore(List<Detection> detections)
    {
        var items = CollectionsMarshal.AsSpan(detections);
        if (IsSorted(items)) return;
        if (items.Length <= MaxOnStack)
        {
            Sort(items, stackalloc ulong[items.Length]);
            return;
        }

        var keys = ArrayPool<ulong>.Shared.Rent(items.Length);
        Sort(items, keys.AsSpan(0, items.Length));
        ArrayPool<ulong>.Shared.Return(keys);
    }

    private static bool IsSorted(ReadOnlySpan<Detection> items)
    {
        for (var i = 1; i < items.Length; i++)
        {
            if (items[i - 1].Score < items[i].Score) return false;
        }

        return true;
    }

    private static void Sort(Span<Detection> items, Span<ulong> keys)
    {
        for (var i = 0; i < items.Length; i++) keys[i] = (ulong)~Rising(items[i].Score) << 32 | (uint)i;
        keys.Sort();
        for (var start = 0; start < items.Length; start++)
        {
            var first = items[start];
            var to = start;
            while ((int)(uint)keys[to] is var from && from != to)
            {
                // A place whose key names itself is done.
                keys[to] = (uint)to;
                if (from == start)
                {
                    items[to] = first;
                    break;
                }

                items[to] = items[from];
                to = from;
            }
        }
    }

    // A number's bits in such an order that they rise with it, negative numbers included; both zeros are one.
    private static uint Rising(float score)
    {
        var bits = BitConverter.SingleToUInt32Bits(score == 0 ? 0 : score);
        return (bits & 0x8000_0000) == 0 ? bits | 0x8000_0000 : ~bits;
    }
}
