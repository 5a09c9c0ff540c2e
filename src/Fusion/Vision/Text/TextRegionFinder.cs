using System.Runtime.InteropServices;
using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Vision.Text;

/// <summary>
/// Finds the regions of text in a map of probabilities, after Liao et al. 2020, "Real-time Scene Text Detection with
/// Differentiable Binarization": pixels from the low score on that touch, diagonally too, are one region; its score is
/// the mean of its pixels (PP-OCR's "slow" score); its box is expanded by area · 1.5 / perimeter on each side, since
/// the model is trained on shrunken regions. Boxes are axis-aligned where PP-OCR's are rotated, so that slanted text
/// gets more room than it needs. The memory grows to the largest map seen; nothing is allocated then. Not thread-safe.
/// </summary>
internal sealed class TextRegionFinder(ThresholdManifest thresholds)
{
    private const int MaxRegions = 1000;
    private const float UnclipRatio = 1.5f;

    /// <summary>
    /// Pixels of the map that a region is at least wide and high before the expansion; less is noise.
    /// </summary>
    private const int MinSide = 3;

    private bool[] _seen = [];
    private int[] _pending = [];

    /// <summary>
    /// Replaces the list's contents by the regions in map pixels, row by row as their first pixels come.
    /// </summary>
    /// <param name="map">Probabilities, row by row.</param>
    /// <param name="width">The map's width.</param>
    /// <param name="regions">Receives at most 1,000 regions.</param>
    public void Find(ReadOnlySpan<float> map, int width, List<TextRegion> regions)
    {
        regions.Clear();
        if (_seen.Length < map.Length) (_seen, _pending) = (new bool[map.Length], new int[map.Length]);
        _seen.AsSpan(0, map.Length).Clear();
        for (var start = 0; start < map.Length && regions.Count < MaxRegions; start++)
        {
            if (_seen[start] || !(map[start] > thresholds.LowScore)) continue;
            var blob = Flood(map, width, start);
            var score = blob.Sum / blob.Count;
            if (Math.Min(blob.Width, blob.Height) < MinSide || score < thresholds.Score) continue;
            regions.Add(new TextRegion(Expand(blob), MathF.Min(score, 1)));
        }
    }

    /// <summary>
    /// Puts regions into reading order: from the top, and from the left where the middles of neighbours differ by less
    /// than half the height of the lower one.
    /// </summary>
    public static void Order(List<TextRegion> regions)
    {
        var items = CollectionsMarshal.AsSpan(regions);
        for (var i = 1; i < items.Length; i++)
        {
            for (var j = i; j > 0 && items[j].Box.Y < items[j - 1].Box.Y; j--)
                (items[j], items[j - 1]) = (items[j - 1], items[j]);
        }

        for (var i = 1; i < items.Length; i++)
        {
            for (var j = i; j > 0 && IsLeftOf(items[j].Box, items[j - 1].Box); j--)
                (items[j], items[j - 1]) = (items[j - 1], items[j]);
        }
    }

    private static bool IsLeftOf(in BoundingBox box, in BoundingBox other) =>
        box.X < other.X && MathF.Abs(box.CenterY - other.CenterY) < MathF.Min(box.Height, other.Height) / 2;

    // Depth first; each pixel is put on the stack once, so that it never holds more than the map.
    private Blob Flood(ReadOnlySpan<float> map, int width, int start)
    {
        var height = map.Length / width;
        var blob = new Blob(width, height, -1, -1, 0, 0);
        var depth = 0;
        _pending[depth++] = start;
        _seen[start] = true;
        while (depth > 0)
        {
            var pixel = _pending[--depth];
            var (y, x) = Math.DivRem(pixel, width);
            blob = blob.With(x, y, map[pixel]);
            for (var row = Math.Max(y - 1, 0); row <= Math.Min(y + 1, height - 1); row++)
            {
                for (var column = Math.Max(x - 1, 0); column <= Math.Min(x + 1, width - 1); column++)
                {
                    var neighbour = row * width + column;
                    if (_seen[neighbour] || !(map[neighbour] > thresholds.LowScore)) continue;
                    _seen[neighbour] = true;
                    _pending[depth++] = neighbour;
                }
            }
        }

        return blob;
    }

    private static BoundingBox Expand(in Blob blob)
    {
        var distance = blob.Width * blob.Height * UnclipRatio / (2f * (blob.Width + blob.Height));
        return new BoundingBox(
            blob.Left - distance, blob.Top - distance, blob.Width + 2 * distance, blob.Height + 2 * distance);
    }

    private readonly record struct Blob(int Left, int Top, int Right, int Bottom, int Count, float Sum)
    {
        public int Width => Right - Left + 1;

        public int Height => Bottom - Top + 1;

        public Blob With(int x, int y, float probability) => new(
            Math.Min(Left, x), Math.Min(Top, y), Math.Max(Right, x), Math.Max(Bottom, y), Count + 1, Sum + probability);
    }
}
