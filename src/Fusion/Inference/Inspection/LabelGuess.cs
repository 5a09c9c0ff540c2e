using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgePerception.Fusion.Inference.Inspection;

/// <summary>The labels of a model that is not known: those that its file names, COCO's where their number fits, or numbers.</summary>
internal static partial class LabelGuess
{
    private const int MostLabels = 100_000;

    /// <summary>COCO's 80 classes in the order in which detectors count them.</summary>
    public static IReadOnlyList<string> Coco80 { get; } =
    [
        "person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat", "traffic light", "fire hydrant",
        "stop sign", "parking meter", "bench", "bird", "cat", "dog", "horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe",
        "backpack", "umbrella", "handbag", "tie", "suitcase", "frisbee", "skis", "snowboard", "sports ball", "kite", "baseball bat",
        "baseball glove", "skateboard", "surfboard", "tennis racket", "bottle", "wine glass", "cup", "fork", "knife", "spoon", "bowl",
        "banana", "apple", "sandwich", "orange", "broccoli", "carrot", "hot dog", "pizza", "donut", "cake", "chair", "couch",
        "potted plant", "bed", "dining table", "toilet", "tv", "laptop", "mouse", "remote", "keyboard", "cell phone", "microwave",
        "oven", "toaster", "sink", "refrigerator", "book", "clock", "vase", "scissors", "teddy bear", "hair drier", "toothbrush",
    ];

    /// <summary>COCO's 91 category numbers, as DETR counts them; those that were never used are <c>unused</c>.</summary>
    public static IReadOnlyList<string> Coco91 { get; } = MakeCoco91();

    /// <summary>
    /// The class names that Ultralytics notes in a file: a Python dictionary such as <c>{0: 'person', 1: "driver's seat"}</c>.
    /// Empty where there are none or their numbers have gaps.
    /// </summary>
    public static IReadOnlyList<string> OfMetadata(IReadOnlyDictionary<string, string> metadata)
    {
        if (!metadata.TryGetValue("names", out var text)) return [];
        var names = new SortedDictionary<int, string>();
        foreach (Match entry in Entry().Matches(text))
        {
            if (!int.TryParse(entry.Groups["number"].ValueSpan, CultureInfo.InvariantCulture, out var number) || number >= MostLabels) return [];
            names[number] = Escape().Replace(entry.Groups["name"].Value, "$1");
        }

        return names.Count > 0 && names.Keys.Last() == names.Count - 1 ? [.. names.Values] : [];
    }

    /// <summary>So many labels, and whether they are only a guess, with the reason.</summary>
    public static (IReadOnlyList<string> Labels, string Why) OfCount(int count) => count switch
    {
        80 => (Coco80, "A GUESS: the file names no classes; these are COCO's, whose number fits"),
        91 => (Coco91, "A GUESS: the file names no classes; these are COCO's category numbers, which fit"),
        <= 0 => (Coco80, "A GUESS: the file says neither names nor number of its classes; these are COCO's"),
        _ => ([.. Enumerable.Range(0, Math.Min(count, MostLabels)).Select(number => $"class {number}")],
            $"EDIT: the file names no classes; write the names of all {count} here, in the model's order"),
    };

    private static List<string> MakeCoco91()
    {
        int[] unused = [0, 12, 26, 29, 30, 45, 66, 68, 69, 71, 83];
        var labels = new List<string>(Coco80);
        foreach (var number in unused) labels.Insert(number, "unused");
        return labels;
    }

    // 0: 'name' or "0": "name", with quotes in the name escaped or of the other kind.
    [GeneratedRegex("""['"]?(?<number>\d{1,9})['"]?\s*:\s*(?:'(?<name>(?:[^'\\]|\\.)*)'|"(?<name>(?:[^"\\]|\\.)*)")""", RegexOptions.NonBacktracking)]
    private static partial Regex Entry();

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex Escape();
}
