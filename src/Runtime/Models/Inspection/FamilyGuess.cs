using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Inference.Onnx;

namespace EdgePerception.Runtime.Models.Inspection;

/// <summary>Which decoder family reads a model, told by the names and shapes of its tensors.</summary>
/// <param name="Family">The family that fits best.</param>
/// <param name="Outputs">The outputs that the family reads, in its order; others are passed over.</param>
/// <param name="Why">By what it was told, for a person to judge.</param>
/// <param name="Classes">How many classes the outputs tell apart; 0 where their shapes do not say.</param>
/// <param name="IsSure">Whether the family fits; otherwise it is only the nearest one.</param>
internal sealed record FamilyGuess(
    DecoderFamily Family, IReadOnlyList<OnnxTensor> Outputs, string Why, int Classes = 0, bool IsSure = true)
{
    private static readonly string[] EmbeddingNames = ["embed", "feature", "pool"];
    private static readonly string[] ClassNames = ["logit", "prob", "softmax", "class", "score"];

    /// <summary>How images are prepared where one kind of the family differs from the others.</summary>
    public ImageGuess? Picture { get; init; }

    /// <summary>Looks at a model that takes an image, words, or both.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="outputs">The outputs that can be read, at least one.</param>
    /// <param name="image">The input that holds the image; null if there is none.</param>
    /// <param name="height">The image's height; −1 where it is free.</param>
    /// <param name="width">The image's width; −1 where it is free.</param>
    /// <param name="labels">How many classes the file names; 0 where it names none.</param>
    public static FamilyGuess Of(
        IReadOnlyList<OnnxTensor> inputs, IReadOnlyList<OnnxTensor> outputs, OnnxTensor? image, int height, int width,
        int labels)
    {
        if (image is null)
        {
            return new(DecoderFamily.TextEmbedding, [Embedding(outputs)],
                "it takes token ids and no picture, so it is the text tower of a dual encoder");
        }

        if (inputs.Any(input => input != image && input.TypeName is "int64" or "int32"
            && input.Name.Contains("ids", StringComparison.Ordinal)))
            return OfImageAndWords(outputs);
        return OfAnchors(outputs) ?? CellMaps.Find(outputs, height, width, labels) ?? OfDeployed(inputs, outputs)
               ?? PickedBoxes.Find(outputs)?.ToFamily() ?? OfQueries(outputs, labels)
               ?? OfRows(outputs, height, width, labels) ?? OfMap(outputs, height, width)
               ?? OfVector(outputs, image, labels) ?? Nearest(outputs);
    }

    private static FamilyGuess OfImageAndWords(IReadOnlyList<OnnxTensor> outputs) =>
        Boxes(outputs) is { } boxes
            && outputs.FirstOrDefault(output => output.Rank == 3 && output != boxes) is { } logits
            ? new(DecoderFamily.OwlVit, [logits, boxes],
                "it takes a picture and token ids, and answers with boxes and a score for each word")
            : new(DecoderFamily.ImageEmbedding, [Embedding(outputs)],
                "it holds both towers of a dual encoder; only one tower a file is read here: export image and text "
                + "tower apart", IsSure: false);

    private static FamilyGuess? OfAnchors(IReadOnlyList<OnnxTensor> outputs)
    {
        var read = outputs.Where(output => output.Rank == 3 && output.Axis(2) is 1 or 16).ToList();
        return read.Count is 2 or 4 && read.Count(output => output.Axis(2) == 1) == read.Count / 2
            ? new(DecoderFamily.Blazeface,
                [.. read.OrderBy(output => output.Axis(2)).ThenByDescending(output => output.Axis(1))],
                "its outputs hold one score and 16 coordinates for each anchor")
            : null;
    }

    // RT-DETR's own export picks its boxes, too, and is told by the size that it wants to know.
    private static FamilyGuess? OfDeployed(IReadOnlyList<OnnxTensor> inputs, IReadOnlyList<OnnxTensor> outputs) =>
        inputs.Any(input => input is { Rank: 2, TypeName: "int64" } && input.Axis(1) == 2)
        && Named(outputs, "labels") is { } labels && Named(outputs, "boxes") is { } boxes
        && Named(outputs, "scores") is { } scores
            ? new(DecoderFamily.RtDetr, [labels, boxes, scores],
                "it has the outputs labels, boxes, scores of RT-DETR's own export")
            : null;

    private static FamilyGuess? OfQueries(IReadOnlyList<OnnxTensor> outputs, int labels)
    {
        if (Named(outputs, "dets") is { Rank: 3 } dets && Named(outputs, "labels") is { Rank: 3 } classes)
        {
            return new(DecoderFamily.RtDetr, [classes, dets], "it has the outputs dets and labels of RF-DETR",
                classes.Axis(2))
            {
                Picture = ImageGuess.RfDetr,
            };
        }

        if (Boxes(outputs) is not { } boxes) return null;
        var logits = outputs
            .Where(output => output != boxes && output.Rank == 3 && output.Axis(2) > 1)
            .Where(output => output.Axis(1) == boxes.Axis(1) || output.Axis(1) < 0)
            .MaxBy(output =>
                (labels > 0 && output.Axis(2) - labels is 0 or 1 ? 2 : 0) + (IsNamed(output, ClassNames) ? 1 : 0));
        if (logits is null) return null;
        // DETR has 100 queries and one class more, for nothing; RT-DETR 300 and none.
        var isDetr =
            labels > 0 ? logits.Axis(2) == labels + 1 : logits.Axis(2) is 92 or 251 || boxes.Axis(1) is > 0 and <= 100;
        return isDetr
            ? new(DecoderFamily.Detr, [logits, boxes], "it has logits and boxes, with one class more than labels",
                logits.Axis(2) - 1)
            : new(DecoderFamily.RtDetr, [logits, boxes],
                "it has logits and boxes; DETR, with one class more than labels, has the same form", logits.Axis(2));
    }

    private static FamilyGuess? OfRows(IReadOnlyList<OnnxTensor> outputs, int height, int width, int labels)
    {
        var isLine = height is > 0 and <= 64 && (width < 0 || width > 2 * height);
        if (isLine && outputs.FirstOrDefault(output => output.Rank == 3) is { } steps)
            return new(DecoderFamily.TextRecognition, [steps],
                "it reads a low, wide picture and answers with characters for each step");
        return BoxRows.Find(outputs, height, width, labels);
    }

    private static FamilyGuess? OfMap(IReadOnlyList<OnnxTensor> outputs, int height, int width)
    {
        var maps = outputs.Where(output => output.Rank == 4 && output.Axis(1) == 1).ToList();
        if (maps.Find(map => map.Axis(2) == 17 && map.Axis(3) == 3) is { } pose)
            return new(DecoderFamily.Movenet, [pose], "its output is 17 key points of y, x, score");
        return outputs.All(output => output.Rank == 4) && maps.Find(map => SameSize(map, height, width)) is { } text
            ? new(DecoderFamily.TextDetection, [text], "its output is a map as large as the picture")
            : null;
    }

    private static FamilyGuess? OfVector(IReadOnlyList<OnnxTensor> outputs, OnnxTensor image, int labels)
    {
        var vectors = outputs.Where(output => output.Rank == 2).ToList();
        var classes = vectors.Find(vector => labels > 0 && vector.Axis(1) == labels)
                      ?? vectors.Find(vector => IsNamed(vector, ClassNames));
        if (classes is null && vectors.Find(vector => IsNamed(vector, EmbeddingNames)) is { } embedding
            && outputs.Count > 1)
            return new(DecoderFamily.ImageEmbedding, [embedding],
                "one of its outputs is a vector that is named as an embedding");
        if ((classes ?? vectors.FirstOrDefault()) is not { } output) return null;
        return classes is null && image.Name == "pixel_values" && output.Axis(1) is 512 or 640 or 768 or 1024 or 1152
            ? new(DecoderFamily.ImageEmbedding, [output], "its output is one vector, as long as embeddings are")
            : new(DecoderFamily.Classifier, [output], "its output is one number a class", Math.Max(output.Axis(1), 0));
    }

    private static FamilyGuess Nearest(IReadOnlyList<OnnxTensor> outputs)
    {
        var family = outputs[0].Rank switch
        {
            2 => DecoderFamily.Classifier,
            3 => DecoderFamily.Yolo,
            4 => DecoderFamily.TextDetection,
            _ => DecoderFamily.ImageEmbedding,
        };
        return new(
            family, [outputs[0]], $"no family has the outputs {string.Join("; ", outputs.Take(8))}", IsSure: false);
    }

    private static OnnxTensor? Boxes(IReadOnlyList<OnnxTensor> outputs)
    {
        var boxes = outputs.Where(output => outputs.Count > 1 && output.Rank == 3 && output.Axis(2) == 4).ToList();
        return boxes.Find(output => IsNamed(output, "box")) ?? boxes.FirstOrDefault();
    }

    private static OnnxTensor Embedding(IReadOnlyList<OnnxTensor> outputs) =>
        outputs.FirstOrDefault(output => output.Rank == 2 && IsNamed(output, EmbeddingNames))
        ?? outputs.FirstOrDefault(output => output.Rank == 2) ?? outputs[0];

    private static OnnxTensor? Named(IReadOnlyList<OnnxTensor> outputs, string name) =>
        outputs.FirstOrDefault(output => output.Name == name);

    private static bool IsNamed(OnnxTensor output, params ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
        {
            if (output.Name.Contains(part, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    private static bool SameSize(OnnxTensor map, int height, int width) =>
        (map.Axis(2) == height || map.Axis(2) < 0 || height < 0)
            && (map.Axis(3) == width || map.Axis(3) < 0 || width < 0);
}
