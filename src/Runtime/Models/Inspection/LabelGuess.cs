namespace EdgePerception.Runtime.Models.Inspection;

/// <summary>
/// The labels of a model that is not known: those that its file names, COCO's where their number fits, or numbers.
/// </summary>
internal static class LabelGuess
{
    private const string Key = "names";
    private const int MaxLabels = 100_000;

    /// <summary>COCO's 80 classes in the order in which detectors count them.</summary>
    public static IReadOnlyList<string> Coco80 { get; } =
    [
        "person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat", "traffic light",
        "fire hydrant", "stop sign", "parking meter", "bench", "bird", "cat", "dog", "horse", "sheep", "cow",
        "elephant", "bear", "zebra", "giraffe", "backpack", "umbrella", "handbag", "tie", "suitcase", "frisbee", "skis",
        "snowboard", "sports ball", "kite", "baseball bat", "baseball glove", "skateboard", "surfboard",
        "tennis racket", "bottle", "wine glass", "cup", "fork", "knife", "spoon", "bowl", "banana", "apple", "sandwich",
        "orange", "broccoli", "carrot", "hot dog", "pizza", "donut", "cake", "chair", "couch", "potted plant", "bed",
        "dining table", "toilet", "tv", "laptop", "mouse", "remote", "keyboard", "cell phone", "microwave", "oven",
        "toaster", "sink", "refrigerator", "book", "clock", "vase", "scissors", "teddy bear", "hair drier",
        "toothbrush",
    ];

    /// <summary>
    /// COCO's 91 category numbers, as DETR counts them; those that were never used are <c>unused</c>.
    /// </summary>
    public static IReadOnlyList<string> Coco91 { get; } = MakeCoco91();

    /// <summary>
    /// The class names that Ultralytics notes in a file, such as <c>{0: 'person', 1: "driver's seat"}</c> or, before v5
    /// 7.0, <c>['person', 'car']</c>. Empty where there are none, they cannot be read or their numbers have gaps.
    /// </summary>
    public static IReadOnlyList<string> OfMetadata(IReadOnlyDictionary<string, string> metadata) =>
        metadata.TryGetValue(Key, out var text) ? PythonNames.Read(text) : [];

    /// <summary>So many labels, and whether they are only a guess, with the reason.</summary>
    public static (IReadOnlyList<string> Labels, string Why) OfCount(
        int count, IReadOnlyDictionary<string, string> metadata)
    {
        var names =
            metadata.ContainsKey(Key) ? "what the file notes as names cannot be read" : "the file names no classes";
        return count switch
        {
            80 => (Coco80, $"A GUESS: {names}; these are COCO's, whose number fits"),
            91 => (Coco91, $"A GUESS: {names}; these are COCO's category numbers, which fit"),
            <= 0 => (Coco80, $"A GUESS: {names}, nor is their number told; these are COCO's"),
            _ => ([.. Enumerable.Range(0, Math.Min(count, MaxLabels)).Select(number => $"class {number}")],
                $"EDIT: {names}; write the names of all {count} here, in the model's order"),
        };
    }

    private static List<string> MakeCoco91()
    {
        int[] unused = [0, 12, 26, 29, 30, 45, 66, 68, 69, 71, 83];
        var labels = new List<string>(Coco80);
        foreach (var number in unused) labels.Insert(number, "unused");
        return labels;
    }
}
