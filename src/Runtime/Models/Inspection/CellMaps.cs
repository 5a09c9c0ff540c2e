using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Inference.Onnx;

namespace EdgePerception.Runtime.Models.Inspection;

/// <summary>
/// The outputs of a NanoDet, told by their number of cells: as many as the feature maps of a picture of this size have.
/// </summary>
internal static class CellMaps
{
    private const int CocoClasses = 80;
    private static readonly int[] Strides = [8, 16, 32, 64];

    /// <summary>The family; null if the outputs are not of it.</summary>
    /// <param name="outputs">The outputs that can be read.</param>
    /// <param name="height">The image's height; −1 where it is free.</param>
    /// <param name="width">The image's width; −1 where it is free.</param>
    /// <param name="labels">How many classes the file names; 0 where it names none.</param>
    public static FamilyGuess? Find(IReadOnlyList<OnnxTensor> outputs, int height, int width, int labels)
    {
        if (height < 1 || width < 1) return null;
        var rows = outputs.Where(output => output.Rank == 3 && output.Axis(2) > 0).ToList();
        return Paired(rows, height, width, labels) ?? Joined(rows, height, width, labels);
    }

    private static FamilyGuess? Paired(List<OnnxTensor> rows, int height, int width, int labels)
    {
        var maps = rows.GroupBy(row => row.Axis(1)).OrderByDescending(map => map.Key).ToList();
        if (maps.Count < 2 || maps.Exists(map => map.Count() != 2 || !IsMap(map.Key, height, width))) return null;
        var (first, second) = (maps[0].First(), maps[0].Last());
        var classes = labels > 0 ? labels
            : new[] { first, second }.Select(row => row.Axis(2)).FirstOrDefault(length => length % 4 != 0, CocoClasses);
        List<OnnxTensor> scores = [.. maps.Select(map => map.FirstOrDefault(row => row.Axis(2) == classes)!)];
        if (scores.Contains(null!)) return null;
        List<OnnxTensor> distances = [.. maps.Zip(scores, (map, score) => map.First(row => row != score))];
        return distances.TrueForAll(row => IsBins(row.Axis(2)))
            ? new(DecoderFamily.Nanodet, [.. scores, .. distances],
                $"it has probabilities and distances for each cell of {maps.Count} feature maps", classes)
            : null;
    }

    private static FamilyGuess? Joined(List<OnnxTensor> rows, int height, int width, int labels)
    {
        foreach (var row in rows)
        {
            var classes = labels > 0 ? labels : CocoClasses;
            if (!IsBins(row.Axis(2) - classes)) continue;
            for (var (maps, cells) = (0, 0); maps < Strides.Length; maps++)
            {
                cells += Cells(Strides[maps], height, width);
                if (maps == 0 || cells != row.Axis(1)) continue;
                return new(DecoderFamily.Nanodet, [row],
                    $"its output is probabilities and distances for each cell of {maps + 1} feature maps", classes);
            }
        }

        return null;
    }

    private static bool IsMap(int cells, int height, int width) =>
        Strides.Any(stride => Cells(stride, height, width) == cells);

    private static int Cells(int stride, int height, int width) =>
        (height + stride - 1) / stride * ((width + stride - 1) / stride);

    private static bool IsBins(int length) => length >= 8 && length % 4 == 0;
}
