using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Inference.Onnx;

namespace EdgePerception.Runtime.Models.Inspection;

/// <summary>
/// The outputs of a detector that gives boxes, labels and scores in tensors of their own, told by names where they say
/// something, else by shapes and types; what neither says is told by one run, or stays a guess.
/// </summary>
internal sealed record PickedBoxes(OnnxTensor Boxes, OnnxTensor Labels, OnnxTensor Scores, OnnxTensor? Number)
{
    // Below this an answer to a grey image is noise, but still of the model's kind.
    private const float MinScore = 0.01f;
    private const float LargestShare = 1.5f;

    /// <summary>Finds them among all outputs.</summary>
    public static PickedBoxes? Find(IReadOnlyList<OnnxTensor> outputs)
    {
        var boxes = outputs.Where(IsBoxes).OrderByDescending(output => Says(output, "box") && !Says(output, "raw"))
            .FirstOrDefault();
        if (boxes is null) return null;
        var count = boxes.Axis(boxes.Rank - 2);
        var vectors =
            outputs.Where(output =>
                output != boxes && IsVector(output, boxes.Rank - 1, count) && !Says(output, "anchor")).ToList();
        var whole = vectors.Where(output => output.TypeName is "int64" or "int32").ToList();
        var real = vectors.Where(output => output.TypeName is "float32" or "float16").ToList();
        var labels = whole.Find(SaysClasses) ?? whole.FirstOrDefault() ?? real.Find(SaysClasses);
        var scores = real.Find(output => output != labels && Says(output, "score", "conf", "prob"));
        // TensorFlow's classes are numbers with a point, too; they come after the boxes and before the scores.
        var order = outputs.ToList();
        var rest = real.Where(output => output != labels && output != scores)
            .OrderBy(output => order.IndexOf(output) < order.IndexOf(boxes)).ToList();
        labels ??= rest.FirstOrDefault();
        scores ??= rest.Find(output => output != labels);
        if (labels is null || scores is null) return null;
        var left = outputs.Where(output => output != labels && output != scores).ToList();
        var number =
            left.Find(output => output.Rank is 1 or 2 && output.Axes.All(axis => axis.Length is 1 or -1)
                && Says(output, "num", "count"))
                     ?? left.Find(output => output.Rank == 1 && output.Axis(0) == 1);
        return new PickedBoxes(boxes, labels, scores, number);
    }

    /// <summary>The guess that stands on names, shapes and types.</summary>
    public FamilyGuess ToFamily() => new(
        DecoderFamily.BoxesLabelsScores, Number is null ? [Boxes, Labels, Scores] : [Boxes, Labels, Scores, Number],
        $"it has boxes, labels and scores in tensors of their own ({Boxes.Name}, {Labels.Name}, {Scores.Name})");

    /// <summary>
    /// An output's shape as manifests have it: the number of boxes stays free, an axis before it has the length 1.
    /// </summary>
    public static int[] ShapeOf(FamilyGuess guess, OnnxTensor output)
    {
        var isNumber = guess.Outputs.Count == 4 && output == guess.Outputs[3];
        var counted = output == guess.Outputs[0] ? output.Rank - 2 : isNumber ? -1 : output.Rank - 1;
        return [.. output.Axes.Select((axis, index) => axis.Length > 0 ? axis.Length : index == counted ? -1 : 1)];
    }

    /// <summary>The labels and how boxes are given, as models of this kind usually have them.</summary>
    public static ModelManifest AddTo(
        ModelManifest manifest, IReadOnlyList<string> names, Dictionary<string, string> notes)
    {
        var isLite = IsAnyNamed(manifest, "PostProcess", "PartitionedCall");
        var isTensorFlow = isLite || IsAnyNamed(manifest, "detection_", "Identity")
                                  || manifest.Outputs[1].Type is TensorType.Float32 or TensorType.Float16;
        notes["boxes"] = $"CHECK: as {(isTensorFlow ? "TensorFlow's" : "PyTorch's")} detectors give them";
        manifest = manifest with
        {
            Boxes = isTensorFlow ? new BoxManifest { Corners = BoxCorners.Yxyx, Unit = BoxUnit.Shares }
                : new BoxManifest(),
        };
        return isLite
            ? Count(manifest, names, 0, "as TensorFlow Lite's", notes)
            : Count(manifest, names, 1,
                $"as {(isTensorFlow ? "TensorFlow's" : "Torchvision's")}, whose class 0 is the background", notes);
    }

    /// <summary>What one run's answer says of the same, where it answers with anything.</summary>
    public static ModelManifest Learn(
        ModelManifest manifest, OnnxModel model, IReadOnlyList<string> names, Dictionary<string, string> notes)
    {
        var (labels, scores) = (Numbers(model.Output(1)), Numbers(model.Output(2)));
        if (labels.Exists(label => label != Math.Round(label))
            && scores.TrueForAll(score => score == Math.Round(score)))
        {
            // Both were numbers with a point, and no name told which is which.
            var outputs = manifest.Outputs;
            manifest = manifest with { Outputs = [outputs[0], outputs[2], outputs[1], .. outputs.Skip(3)] };
            (labels, scores) = (scores, labels);
        }

        var seen =
            Enumerable.Range(0, Math.Min(labels.Count, scores.Count)).Where(row => scores[row] >= MinScore).ToList();
        if (seen.Count == 0) return manifest;
        var boxes = Numbers(model.Output(0));
        var unit =
            seen.SelectMany(row => boxes.Skip(row * 4).Take(4)).Max() <= LargestShare ? BoxUnit.Shares : BoxUnit.Pixels;
        notes["boxes"] += $"; one run answered in {(unit == BoxUnit.Shares ? "shares of the input" : "pixels")}";
        manifest = manifest with { Boxes = manifest.Boxes with { Unit = unit } };
        if (seen.Exists(row => labels[row] == 0))
            return Count(manifest, names, 0, "since one run answered with class 0", notes);
        return names.Count > 0 && seen.Exists(row => labels[row] >= names.Count)
            ? Count(manifest, names, 1, $"since one run answered with class {names.Count}", notes)
            : manifest;
    }

    private static ModelManifest Count(
        ModelManifest manifest, IReadOnlyList<string> names, int first, string why, Dictionary<string, string> notes)
    {
        var hasGaps = first == 1 || manifest.Outputs[1].Type is TensorType.Float32;
        var known = names.Count > 0 ? names : hasGaps ? LabelGuess.Coco91.Skip(1) : LabelGuess.Coco80;
        notes["labels"] = $"A GUESS: the model counts its classes from {first}, {why}"
                          + (names.Count > 0 ? "" : "; the names are COCO's, since the file notes none");
        var hasBackground = names.Count > 0 && names[0].Contains("background", StringComparison.OrdinalIgnoreCase);
        return manifest with { Labels = first == 1 && !hasBackground ? ["background", .. known] : [.. known] };
    }

    private static List<double> Numbers(BoundTensor tensor) => tensor.Type switch
    {
        TensorType.Int64 => [.. tensor.Elements<long>().ToArray().Select(number => (double)number)],
        TensorType.Int32 => [.. tensor.Elements<int>().ToArray().Select(number => (double)number)],
        TensorType.Float32 or TensorType.Float16 => [.. tensor.Floats().ToArray().Select(number => (double)number)],
        _ => [],
    };

    private static bool IsBoxes(OnnxTensor output) => output.TypeName is "float32" or "float16"
        && output.Rank is 2 or 3 && output.Axis(output.Rank - 1) == 4 && (output.Rank == 2 || output.Axis(0) <= 1);

    // As many numbers as there are boxes; where one of the two is free, more than one.
    private static bool IsVector(OnnxTensor output, int mostAxes, int count)
    {
        if (output.Rank < 1 || output.Rank > mostAxes || (output.Rank == 2 && output.Axis(0) > 1)) return false;
        var length = output.Axis(output.Rank - 1);
        return length == count || (length < 1 && count < 1) || (length < 1 ? count : count < 1 ? length : 0) > 1;
    }

    private static bool SaysClasses(OnnxTensor output) => Says(output, "label", "class", "cls");

    private static bool IsAnyNamed(ModelManifest manifest, params string[] parts) =>
        manifest.Outputs.Any(output =>
            parts.Any(part => output.Name.Contains(part, StringComparison.OrdinalIgnoreCase)));

    private static bool Says(OnnxTensor output, params ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
        {
            if (output.Name.Contains(part, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
