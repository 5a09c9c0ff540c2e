using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Inference.Onnx;

namespace EdgePerception.Runtime.Models.Inspection;

/// <summary>
/// What models of a family usually have where the file does not tell, one row for each family that
/// <see cref="FamilyGuess"/> can come to.
/// </summary>
internal sealed record FamilyHabits
{
    private static readonly Dictionary<DecoderFamily, FamilyHabits> Rows = new()
    {
        { DecoderFamily.Centernet, new() },
        { DecoderFamily.Yolo, new() { Picture = (_, _) => ImageGuess.Yolo } },
        { DecoderFamily.YoloNms, new() { Picture = (_, _) => ImageGuess.Yolo } },
        {
            DecoderFamily.Nanodet,
            new() { Picture = (_, _) => ImageGuess.Nanodet, Side = 416, AddTo = SuppressAcross }
        },
        { DecoderFamily.Detr, new() { Picture = (_, _) => ImageGuess.Detr, Side = 800 } },
        { DecoderFamily.RtDetr, new() { Picture = (_, _) => ImageGuess.RtDetr } },
        {
            DecoderFamily.BoxesLabelsScores,
            new()
            {
                Picture = (layout, _) => layout == TensorLayout.Nhwc ? ImageGuess.SsdLite : ImageGuess.Torchvision,
                JoinsRuns = false,
                Shown = ["picture", "boxes", "thresholds"],
                ShapeOf = PickedBoxes.ShapeOf,
                AddTo = PickedBoxes.AddTo,
                Learn = PickedBoxes.Learn,
            }
        },
        {
            DecoderFamily.OwlVit,
            new() { Picture = (_, _) => ImageGuess.OwlVit, Side = 768, JoinsRuns = false, Lengthen = LengthenPrompts }
        },
        {
            DecoderFamily.Classifier,
            new()
            {
                Picture = (_, isOfYolo) => isOfYolo ? ImageGuess.YoloClassifier : ImageGuess.Classifier,
                Side = 224,
                Shown = ["picture"],
                AddTo = SideFiles.AddScores,
            }
        },
        { DecoderFamily.Movenet, new() { Side = 192, Shown = ["picture"] } },
        { DecoderFamily.Blazeface, new() { Picture = (_, _) => ImageGuess.BlazeFace, Side = 128 } },
        {
            DecoderFamily.TextDetection,
            new() { Picture = (_, _) => ImageGuess.TextDetection, AnySize = new(32, 640, 960), JoinsRuns = false }
        },
        {
            DecoderFamily.TextRecognition,
            new()
            {
                Picture = (_, _) => ImageGuess.TextRecognition,
                AnySize = new(16, 320, 1280, Height: 48),
                AddTo = SideFiles.AddCharacters,
            }
        },
        {
            DecoderFamily.ImageEmbedding,
            new() { Picture = (_, _) => ImageGuess.Clip, Side = 224, Shown = ["picture"] }
        },
        {
            DecoderFamily.TextEmbedding,
            new() { Shown = [], Lengthen = LengthenTokens, AddTo = SideFiles.AddTokenizer }
        },
    };

    /// <summary>The families that have a row.</summary>
    public static IReadOnlyCollection<DecoderFamily> Families => Rows.Keys;

    /// <summary>How images are prepared, by their layout and by whether Ultralytics exported the file.</summary>
    public Func<TensorLayout, bool, ImageGuess> Picture { get; init; } = (_, _) => ImageGuess.AsItIs;

    /// <summary>The usual width and height, pixels.</summary>
    public int Side { get; init; } = 640;

    /// <summary>Lengths of the image's sides where the family takes any; null if it takes one size.</summary>
    public FreeSides? AnySize { get; init; }

    /// <summary>Whether several images may join one run where the batch is free.</summary>
    public bool JoinsRuns { get; init; } = true;

    /// <summary>Sections of the manifest that are worth a look although they stand at their defaults.</summary>
    public HashSet<string> Shown { get; init; } = ["picture", "thresholds"];

    /// <summary>Gives lengths to the free axes of an input of words, and says why; none where it gives none.</summary>
    public Func<OnnxTensor, int[], string?> Lengthen { get; init; } = (_, _) => null;

    /// <summary>The shape of one of the family's outputs; null if it is as the file says.</summary>
    public Func<FamilyGuess, OnnxTensor, int[]>? ShapeOf { get; init; }

    /// <summary>Adds the family's own keys to a manifest, by the names of its classes, with notes to check.</summary>
    public Func<ModelManifest, IReadOnlyList<string>, Dictionary<string, string>, ModelManifest> AddTo { get; init; } =
        (manifest, _, _) => manifest;

    /// <summary>What one run tells of the family's own keys; null if there is nothing to learn.</summary>
    public Func<ModelManifest, OnnxModel, IReadOnlyList<string>, Dictionary<string, string>, ModelManifest>? Learn
    {
        get;
        init;
    }

    /// <summary>The row of a family.</summary>
    public static FamilyHabits Of(DecoderFamily family) => Rows[family];

    // It often gives one box to two classes.
    private static ModelManifest SuppressAcross(
        ModelManifest manifest, IReadOnlyList<string> names, Dictionary<string, string> notes) =>
        manifest with { Thresholds = manifest.Thresholds with { OverlapAcross = 0.7f } };

    private static string? LengthenPrompts(OnnxTensor input, int[] shape)
    {
        if (shape.Length != 2) return null;
        (shape[0], shape[1]) = (input.Axes[0].Length > 0 ? shape[0] : 8, shape[1] > 0 ? shape[1] : 16);
        return "CHECK: [words that one run looks for, tokens a word]";
    }

    private static string? LengthenTokens(OnnxTensor input, int[] shape)
    {
        if (shape is not [_, -1]) return null;
        shape[1] = 77;
        return "CHECK: 77 tokens as CLIP has them; SigLIP has 64";
    }
}

/// <summary>Lengths for the free sides of an image, pixels.</summary>
/// <param name="Least">The shortest.</param>
/// <param name="Usual">The usual one.</param>
/// <param name="Most">The longest.</param>
/// <param name="Height">The one height that the family reads well; null if any goes.</param>
internal sealed record FreeSides(int Least, int Usual, int Most, int? Height = null);
