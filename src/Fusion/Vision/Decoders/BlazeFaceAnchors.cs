using System.Numerics;

namespace EdgePerception.Fusion.Vision.Decoders;

/// <summary>
/// The places from which BlazeFace measures its boxes, as MediaPipe's SsdAnchorsCalculator lays them for the front and
/// the back model: in each cell of the two feature maps, row by row, as many anchors as layers share the map, two a
/// layer, all in the cell's middle and as large as the input.
/// </summary>
internal static class BlazeFaceAnchors
{
    /// <summary>Side of the feature maps and anchors in each of their cells.</summary>
    private static readonly (int Side, int Anchors)[] Maps = [(16, 2), (8, 6)];

    /// <summary>How many anchors each feature map has, in order.</summary>
    public static IReadOnlyList<int> AnchorsOfMaps { get; } = [
        .. Maps.Select(map => map.Side * map.Side * map.Anchors)];

    /// <summary>The anchors in the order of the outputs' rows, in input pixels.</summary>
    public static Vector2[] Lay(int inputWidth, int inputHeight)
    {
        var anchors = new List<Vector2>(AnchorsOfMaps.Sum());
        foreach (var (side, each) in Maps)
        {
            for (var cell = 0; cell < side * side; cell++)
            {
                var middle = new Vector2(
                    (cell % side + 0.5f) * inputWidth / side, (cell / side + 0.5f) * inputHeight / side);
                anchors.AddRange(Enumerable.Repeat(middle, each));
            }
        }

        return [.. anchors];
    }
}
