using EdgePerception.Fusion.Inference.Onnx;

namespace EdgePerception.Fusion.Inference.Inspection;

/// <summary>Which decoder family reads a model, told by the names and shapes of its tensors.</summary>
/// <param name="Family">The family that fits best.</param>
/// <param name="Outputs">The outputs that the family reads, in its order.</param>
/// <param name="Why">By what it was told, for a person to judge.</param>
/// <param name="IsSure">Whether the family fits; otherwise it is only the nearest one.</param>
internal sealed record FamilyGuess(DecoderFamily Family, IReadOnlyList<OnnxTensor> Outputs, string Why, bool IsSure = true)
{
    // More boxes than a graph picks, and fewer than one has before it picks.
    private const int MostPicked = 1000;

    private static readonly string[] EmbeddingNames = ["embed", "feature", "pool"];

    /// <summary>Looks at a model that takes a picture, words, or both.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="outputs">The outputs that can be read, at least one.</param>
    /// <param name="picture">The input that holds the picture; none where there is none.</param>
    /// <param name="height">The picture's height; −1 where it is free.</param>
    /// <param name="width">The picture's width; −1 where it is free.</param>
    /// <param name="labels">How many classes the file names; 0 where it names none.</param>
    public static FamilyGuess Of(
        IReadOnlyList<OnnxTensor> inputs, IReadOnlyList<OnnxTensor> outputs, OnnxTensor? picture, int height, int width, int labels)
    {
        if (picture is null)
            return new(DecoderFamily.TextEmbedding, [Embedding(outputs)], "it takes token ids and no picture, so it is the text tower of a dual encoder");
        if (inputs.Any(input => input != picture && input.TypeName is "int64" or "int32" && input.Name.Contains("ids", StringComparison.Ordinal)))
            return OfPictureAndWords(outputs);
        return OfSeveral(outputs, labels) ?? OfOne(outputs, picture, height, width, labels) ?? Nearest(outputs);
    }

    private static FamilyGuess OfPictureAndWords(IReadOnlyList<OnnxTensor> outputs) =>
        Boxes(outputs) is { } boxes && outputs.FirstOrDefault(output => Rank(output) == 3 && output != boxes) is { } logits
            ? new(DecoderFamily.OwlVit, [logits, boxes], "it takes a picture and token ids, and answers with boxes and a score for each word")
            : new(DecoderFamily.ImageEmbedding, [Embedding(outputs)],
                "it holds both towers of a dual encoder; only one tower a file is read here: export image and text tower apart", IsSure: false);

    private static FamilyGuess? OfSeveral(IReadOnlyList<OnnxTensor> outputs, int labels)
    {
        if (outputs.Count is 2 or 4 && outputs.All(output => Rank(output) == 3 && Axis(output, 2) is 1 or 16))
        {
            return new(DecoderFamily.Blazeface, [.. outputs.OrderBy(output => Axis(output, 2)).ThenByDescending(output => Axis(output, 1))],
                "its outputs hold one score and 16 coordinates for each anchor");
        }

        if (outputs.FirstOrDefault(output => Rank(output) == 2 && IsEmbedding(output)) is { } embedding)
            return new(DecoderFamily.ImageEmbedding, [embedding], "one of its outputs is a vector that is named as an embedding");
        if (Boxes(outputs) is not { } boxes) return null;
        if (outputs.Count == 3 && Named(outputs, "labels") is { } classes && Named(outputs, "scores") is { } scores)
            return new(DecoderFamily.RtDetr, [classes, boxes, scores], "it has the outputs labels, boxes, scores of RT-DETR's own export");
        if (outputs.FirstOrDefault(output => output != boxes && Rank(output) == 3 && (Axis(output, 1) == Axis(boxes, 1) || Axis(output, 1) < 0)) is not { } logits)
            return null;
        // DETR has 100 queries and one class more, for nothing; RT-DETR 300 and none.
        var isDetr = labels > 0 ? Axis(logits, 2) == labels + 1 : Axis(logits, 2) is 92 or 251 || Axis(boxes, 1) is > 0 and <= 100;
        return isDetr
            ? new(DecoderFamily.Detr, [logits, boxes], "it has logits and boxes, with one class more than labels")
            : new(DecoderFamily.RtDetr, [logits, boxes], "it has logits and boxes; DETR, with one class more than labels, has the same form");
    }

    private static FamilyGuess? OfOne(IReadOnlyList<OnnxTensor> outputs, OnnxTensor picture, int height, int width, int labels)
    {
        var first = outputs[0];
        var masks = outputs.Count > 1 && Rank(outputs[1]) == 4 ? Math.Max(Axis(outputs[1], 1), 0) : 0;
        IReadOnlyList<OnnxTensor> read = masks > 0 ? [first, outputs[1]] : [first];
        switch (Rank(first))
        {
            case 2:
                return OfVector(first, picture);
            case 4 when Axis(first, 1) == 1 && Axis(first, 2) == 17 && Axis(first, 3) == 3:
                return new(DecoderFamily.Movenet, [first], "its output is 17 key points of y, x, score");
            case 4 when Axis(first, 1) == 1 && outputs.Count == 1 && SameSize(first, height, width):
                return new(DecoderFamily.TextDetection, [first], "its output is a map as large as the picture");
            case 3 when height is > 0 and <= 64 && (width < 0 || width > 2 * height):
                return new(DecoderFamily.TextRecognition, [first], "it reads a low, wide picture and answers with characters for each step");
            case 3 when Axis(first, 2) == 6 + masks && Axis(first, 1) <= MostPicked:
                return first.Name == "detections"
                    ? new(DecoderFamily.Centernet, read, "its output is rows of box, score, class, named as converted CenterNets name it")
                    : new(DecoderFamily.YoloNms, read, "its output is rows of box, score, class: boxes are picked in the graph");
            case 3 when Axis(first, 1) == 300 && Axis(first, 2) > 4:
                return new(DecoderFamily.RtDetr, read, "its output is 300 rows of box and class scores, as Ultralytics exports RT-DETR");
            case 3 when Axis(first, 1) > 4 + masks || Axis(first, 2) > 5 + masks:
                return OfYolo(first, read, masks, labels);
            default:
                return null;
        }
    }

    private static FamilyGuess OfYolo(OnnxTensor first, IReadOnlyList<OnnxTensor> read, int masks, int labels)
    {
        var (rows, columns) = (Axis(first, 1), Axis(first, 2));
        var mask = masks > 0 ? $" and {masks} mask coefficients" : "";
        if (labels > 0 && rows != 4 + labels + masks && columns != 5 + labels + masks)
            return new(DecoderFamily.Yolo, read, $"its output has neither 4 nor 5 more than its {labels} labels{mask} on an axis", IsSure: false);
        return new(DecoderFamily.Yolo, read, rows > 0 && (columns < 0 || rows < columns)
            ? $"its output has a column a box: 4 coordinates, classes{mask}, as YOLOv8 and later"
            : $"its output has a row a box: 4 coordinates, an objectness, classes{mask}, as YOLOv5");
    }

    private static FamilyGuess OfVector(OnnxTensor output, OnnxTensor picture)
    {
        var embeds = (picture.Name == "pixel_values" && Axis(output, 1) is 512 or 640 or 768 or 1024 or 1152
                                             && !output.Name.Contains("logit", StringComparison.OrdinalIgnoreCase));
        return embeds
            ? new(DecoderFamily.ImageEmbedding, [output], "its output is one vector, as long as embeddings are")
            : new(DecoderFamily.Classifier, [output], "its output is one number a class");
    }

    private static FamilyGuess Nearest(IReadOnlyList<OnnxTensor> outputs)
    {
        var family = Rank(outputs[0]) switch
        {
            2 => DecoderFamily.Classifier,
            3 => DecoderFamily.Yolo,
            4 => DecoderFamily.TextDetection,
            _ => DecoderFamily.ImageEmbedding,
        };
        return new(family, [outputs[0]], $"no family has the outputs {string.Join("; ", outputs.Take(8))}", IsSure: false);
    }

    private static OnnxTensor? Boxes(IReadOnlyList<OnnxTensor> outputs) => outputs.FirstOrDefault(
        output => Rank(output) == 3 && Axis(output, 2) == 4 && output.Name.Contains("box", StringComparison.OrdinalIgnoreCase))
        ?? outputs.FirstOrDefault(output => outputs.Count > 1 && Rank(output) == 3 && Axis(output, 2) == 4);

    private static OnnxTensor Embedding(IReadOnlyList<OnnxTensor> outputs) =>
        outputs.FirstOrDefault(output => IsEmbedding(output) && Rank(output) == 2)
        ?? outputs.FirstOrDefault(output => Rank(output) == 2) ?? outputs[0];

    private static bool IsEmbedding(OnnxTensor output) => EmbeddingNames.Any(part => output.Name.Contains(part, StringComparison.OrdinalIgnoreCase));

    private static OnnxTensor? Named(IReadOnlyList<OnnxTensor> outputs, string name) => outputs.FirstOrDefault(output => output.Name == name);

    private static bool SameSize(OnnxTensor map, int height, int width) =>
        (Axis(map, 2) == height || Axis(map, 2) < 0 || height < 0) && (Axis(map, 3) == width || Axis(map, 3) < 0 || width < 0);

    private static int Rank(OnnxTensor tensor) => tensor.Axes.Count;

    private static int Axis(OnnxTensor tensor, int axis) => axis < tensor.Axes.Count ? tensor.Axes[axis].Length : -1;
}
