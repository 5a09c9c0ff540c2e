using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Inference.Onnx;

namespace EdgePerception.Runtime.Models.Inspection;

/// <summary>
/// Finds the output that holds a row or a column a box among all outputs, and which of the families with such an output
/// it is. They differ in a few lengths alone, which small models have alike; then the number of classes tells, and how
/// many boxes a YOLO has for the size of its image.
/// </summary>
internal static class BoxRows
{
    // More boxes than a graph picks, and fewer than one has before it picks.
    private const int MaxPicked = 1000;
    private const int RtDetrQueries = 300;
    private const int CocoClasses = 80;

    /// <summary>The family; null if no output has rows of boxes.</summary>
    /// <param name="outputs">The outputs that can be read.</param>
    /// <param name="height">The image's height; −1 where it is free.</param>
    /// <param name="width">The image's width; −1 where it is free.</param>
    /// <param name="labels">How many classes the file names; 0 where it names none.</param>
    public static FamilyGuess? Find(IReadOnlyList<OnnxTensor> outputs, int height, int width, int labels)
    {
        var rows = outputs.Where(output => output.Rank == 3).ToList();
        var anchors = Anchors(height, width);
        var pairs = rows
            .SelectMany(row =>
                Prototypes(outputs, height, width).Append(null).Select(masks => new Pair(row, masks, anchors, labels)))
            .ToList();
        var sure = pairs.Select(OfLabels).FirstOrDefault(guess => guess is not null)
                   ?? pairs.Select(OfPicked).FirstOrDefault(guess => guess is not null)
                   ?? pairs.Where(pair => labels == 0).Select(OfCounts).FirstOrDefault(guess => guess is not null);
        if (sure is not null) return sure;
        // Without names and with another output that tells classes, rows that fit nothing may be anything.
        if (pairs.Count == 0 || outputs.Any(output => output.Rank == 2)) return null;
        return labels > 0 ? Unsure(pairs[0]) : OfShape(pairs[0]);
    }

    // Lengths that fit the number of classes which the file names.
    private static FamilyGuess? OfLabels(Pair pair)
    {
        if (pair.Labels == 0) return null;
        var (boxes, fields, rest) = (pair.Rows.Axis(1), pair.Rows.Axis(2), pair.Labels + pair.Masks);
        // A row of six may also be a picked box with its score and its class.
        var mayBePicked = fields == 6 + pair.Masks && boxes <= MaxPicked;
        if (boxes == 4 + rest) return Columns(pair, pair.Labels);
        if (fields == 5 + rest && (!mayBePicked || IsRaw(pair))) return WithObjectness(pair, pair.Labels);
        if (fields != 4 + rest || (mayBePicked && boxes != pair.Anchors)) return null;
        return boxes == RtDetrQueries && pair.Masks == 0 && boxes != pair.Anchors
            ? RtDetr(pair, pair.Labels)
            : Transposed(pair, pair.Labels);
    }

    private static FamilyGuess? OfPicked(Pair pair)
    {
        if (pair.Rows.Axis(2) != 6 + pair.Masks || pair.Rows.Axis(1) > MaxPicked || IsRaw(pair)) return null;
        return pair.Rows.Name == "detections"
            ? new(DecoderFamily.Centernet, pair.Outputs,
                "its output is rows of box, score, class, named as converted CenterNets name it")
            : new(DecoderFamily.YoloNms, pair.Outputs,
                "its output is rows of box, score, class: boxes are picked in the graph");
    }

    // As many boxes as a YOLO has for this size, or as RT-DETR has queries.
    private static FamilyGuess? OfCounts(Pair pair)
    {
        var (boxes, fields) = (pair.Rows.Axis(1), pair.Rows.Axis(2));
        if (pair.Anchors > 0)
        {
            if (fields == pair.Anchors && boxes > 4 + pair.Masks) return Columns(pair, boxes - 4 - pair.Masks);
            if (boxes == pair.Anchors && fields > 4 + pair.Masks) return Transposed(pair, fields - 4 - pair.Masks);
            if (boxes == 3 * pair.Anchors && fields > 5 + pair.Masks)
                return WithObjectness(pair, fields - 5 - pair.Masks);
        }

        return boxes == RtDetrQueries && fields > 4 && pair.Masks == 0 ? RtDetr(pair, fields - 4) : null;
    }

    private static FamilyGuess? OfShape(Pair pair)
    {
        var (boxes, fields) = (pair.Rows.Axis(1), pair.Rows.Axis(2));
        if (boxes > 4 + pair.Masks && (fields < 0 || boxes < fields)) return Columns(pair, boxes - 4 - pair.Masks);
        if (fields == 4 + CocoClasses + pair.Masks) return Transposed(pair, CocoClasses);
        return fields > 5 + pair.Masks ? WithObjectness(pair, fields - 5 - pair.Masks) : null;
    }

    private static FamilyGuess Unsure(Pair pair)
    {
        var why = $"its output has neither 4 nor 5 more than its {pair.Labels} labels{pair.MaskNote} on an axis";
        return new(DecoderFamily.Yolo, pair.Outputs, why, IsSure: false);
    }

    private static FamilyGuess Columns(Pair pair, int classes) => Yolo(
        pair, classes, $"its output has a column a box: 4 coordinates, classes{pair.MaskNote}, as YOLOv8 and later");

    private static FamilyGuess Transposed(Pair pair, int classes) => Yolo(
        pair, classes, $"its output has a row a box: 4 coordinates, classes{pair.MaskNote}, YOLOv8's transposed");

    private static FamilyGuess WithObjectness(Pair pair, int classes) => Yolo(
        pair, classes, $"its output has a row a box: 4 coordinates, an objectness, classes{pair.MaskNote}, as YOLOv5");

    private static FamilyGuess Yolo(Pair pair, int classes, string why) =>
        new(DecoderFamily.Yolo, pair.Outputs, why, classes);

    private static FamilyGuess RtDetr(Pair pair, int classes) => new(
        DecoderFamily.RtDetr, [pair.Rows],
        "its output is 300 rows of box and class scores, as Ultralytics exports RT-DETR", classes);

    private static bool IsRaw(Pair pair) =>
        pair.Anchors > 0 && (pair.Rows.Axis(1) == pair.Anchors || pair.Rows.Axis(1) == 3 * pair.Anchors);

    // A YOLO has a box for each cell of 8, 16 and 32 pixels, or three.
    private static int Anchors(int height, int width) =>
        height is > 0 and <= ushort.MaxValue && width is > 0 and <= ushort.MaxValue
        ? height / 8 * (width / 8) + height / 16 * (width / 16) + height / 32 * (width / 32)
        : 0;

    // Masks come at a quarter of the image's size.
    private static IEnumerable<OnnxTensor?> Prototypes(IReadOnlyList<OnnxTensor> outputs, int height, int width) =>
        outputs.Where(
        output => output.Rank == 4 && output.Axis(1) > 0 && IsQuarter(output.Axis(2), height)
            && IsQuarter(output.Axis(3), width));

    private static bool IsQuarter(int length, int whole) => length < 0 || whole < 0 || length == whole / 4;

    private sealed record Pair(OnnxTensor Rows, OnnxTensor? Prototypes, int Anchors, int Labels)
    {
        public int Masks => Prototypes?.Axis(1) ?? 0;

        public string MaskNote => Masks > 0 ? $" and {Masks} mask coefficients" : "";

        public IReadOnlyList<OnnxTensor> Outputs => Prototypes is null ? [Rows] : [Rows, Prototypes];
    }
}
