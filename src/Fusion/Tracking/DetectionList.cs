using EdgePerception.Fusion.Vision;
using EdgePerception.Fusion.Vision.Color;

namespace EdgePerception.Fusion.Tracking;

/// <summary>
/// The usable detections of one image, best score first, in an order that does not depend on how they came. Reused
/// from image to image; nothing is allocated.
/// </summary>
internal sealed class DetectionList(int capacity)
{
    private static readonly Comparison<Entry> BestFirst = (a, b) => Compare(a.Detection, b.Detection);
    private readonly Entry[] _items = new Entry[capacity];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many were refused so far as unusable.</summary>
    public long Invalid { get; private set; }

    /// <summary>How many did not fit so far.</summary>
    public long Excess { get; private set; }

    /// <summary>One of them, 0 the best.</summary>
    public ref readonly Detection this[int index] => ref _items[index].Detection;

    /// <summary>The colours of one of them; all zero where they were not measured.</summary>
    public ref readonly ObjectColors Colors(int index) => ref _items[index].Colors;

    /// <summary>
    /// Takes over those that are usable and score at least so much; the best ones where there are too many.
    /// </summary>
    public void Fill(ReadOnlySpan<Detection> detections, ReadOnlySpan<ObjectColors> colors, float minScore)
    {
        Count = 0;
        for (var i = 0; i < detections.Length; i++)
        {
            ref readonly var detection = ref detections[i];
            if (!IsUsable(detection)) Invalid++;
            else if (detection.Score >= minScore) Add(new Entry(detection, colors.IsEmpty ? default : colors[i]));
        }

        _items.AsSpan(0, Count).Sort(BestFirst);
    }

    /// <summary>How many score at least so much; they come first.</summary>
    public int CountFrom(float score)
    {
        var count = 0;
        while (count < Count && _items[count].Detection.Score >= score) count++;
        return count;
    }

    private void Add(in Entry item)
    {
        if (Count < _items.Length)
        {
            _items[Count++] = item;
            return;
        }

        Excess++;
        var worst = 0;
        for (var i = 1; i < Count; i++)
        {
            if (BestFirst(_items[i], _items[worst]) > 0) worst = i;
        }

        if (BestFirst(item, _items[worst]) < 0) _items[worst] = item;
    }

    private static bool IsUsable(in Detection detection)
    {
        var (label, score, box) = detection;
        return !string.IsNullOrEmpty(label) && float.IsFinite(score)
            && float.IsFinite(box.X) && float.IsFinite(box.Y) && float.IsFinite(box.Area)
            && box.Width > 0 && box.Height > 0;
    }

    private static int Compare(Detection a, Detection b)
    {
        var order = b.Score.CompareTo(a.Score);
        if (order == 0) order = a.Box.X.CompareTo(b.Box.X);
        if (order == 0) order = a.Box.Y.CompareTo(b.Box.Y);
        if (order == 0) order = a.Box.Width.CompareTo(b.Box.Width);
        if (order == 0) order = a.Box.Height.CompareTo(b.Box.Height);
        return order == 0 ? string.CompareOrdinal(a.Label, b.Label) : order;
    }

    private readonly struct Entry(Detection detection, ObjectColors colors)
    {
        public readonly Detection Detection = detection;
        public readonly ObjectColors Colors = colors;
    }
}
