using System.Text.Json;

namespace EdgePerception.Fusion.Inference;

/// <summary>A key of the manifest that means something to some families only; the others pass over it.</summary>
/// <param name="Name">The manifest's property.</param>
/// <param name="Value">Reads it.</param>
/// <param name="Missing">What is said of a manifest without it; null if the family does without.</param>
public sealed record FamilyKey(string Name, Func<ModelManifest, object?> Value, string? Missing = null);

/// <summary>
/// What the models of one family have in common, and what their manifests must say. All families stand in
/// <see cref="All"/>, one a row; each has its member in <see cref="DecoderFamily"/>, by which manifests name it, too.
/// </summary>
/// <remarks>
/// What opens a family's models stands in tables of the same kind beside what they open, since nothing here may know
/// of it: in Vision/Decoders the decoders of object detectors (<c>DetectionDecoders</c>), in Runtime what
/// <c>models verify</c> and <c>models try</c> do with a family (<c>FamilyUse</c>) and what <c>models inspect</c> drafts
/// for it (<c>FamilyHabits</c>). Tests name the row that is missing.
/// </remarks>
public sealed record ModelFamily
{
    // Keys that several families have.
    private static readonly FamilyKey Boxes = new(nameof(ModelManifest.Boxes), manifest => manifest.Boxes);
    private static readonly FamilyKey Scores = new(nameof(ModelManifest.Scores), manifest => manifest.Scores);
    private static readonly FamilyKey Words = new(nameof(ModelManifest.Tokenizer), manifest => manifest.Tokenizer);

    /// <summary>Every family.</summary>
    public static IReadOnlyList<ModelFamily> All { get; } =
    [
        new() { Decoder = DecoderFamily.Centernet, TellsClasses = true },
        new() { Decoder = DecoderFamily.Yolo, TellsClasses = true },
        new() { Decoder = DecoderFamily.YoloNms, TellsClasses = true },
        new() { Decoder = DecoderFamily.Nanodet, TellsClasses = true },
        new() { Decoder = DecoderFamily.Detr, TellsClasses = true },
        new() { Decoder = DecoderFamily.RtDetr, TellsClasses = true },
        new() { Decoder = DecoderFamily.BoxesLabelsScores, TellsClasses = true, Keys = [Boxes] },
        new() { Decoder = DecoderFamily.OwlVit, Keys = [Words] },
        new() { Decoder = DecoderFamily.Classifier, TellsClasses = true, Keys = [Scores] },
        new() { Decoder = DecoderFamily.Movenet },
        new() { Decoder = DecoderFamily.Blazeface },
        new() { Decoder = DecoderFamily.TextDetection, TakesAnySize = true },
        new()
        {
            Decoder = DecoderFamily.TextRecognition,
            TakesAnySize = true,
            Keys =
            [
                new(nameof(ModelManifest.Characters), manifest => manifest.Characters,
                    Missing: "must name the file of the characters that the model tells"),
                Scores,
            ],
        },
        new() { Decoder = DecoderFamily.ImageEmbedding },
        new()
        {
            Decoder = DecoderFamily.TextEmbedding,
            TakesImage = false,
            Keys = [Words with { Missing = "must say how words become token ids" }],
        },
        new()
        {
            Decoder = DecoderFamily.SentenceEmbedding,
            TakesImage = false,
            Keys =
            [
                new(nameof(ModelManifest.WordPieces), manifest => manifest.WordPieces,
                    Missing: "must name the file of the word pieces"),
            ],
        },
        new()
        {
            Decoder = DecoderFamily.Grounding,
            TakesImage = false,
            TellsClasses = true,
            Keys =
            [
                new(nameof(ModelManifest.Vocabulary), manifest => manifest.Vocabulary,
                    Missing: "must name the file of the concepts of words"),
            ],
        },
    ];

    private static readonly Dictionary<DecoderFamily, ModelFamily> Rows = All.ToDictionary(family => family.Decoder);

    /// <summary>The family.</summary>
    public required DecoderFamily Decoder { get; init; }

    /// <summary>Whether the first input is an image.</summary>
    public bool TakesImage { get; init; } = true;

    /// <summary>Whether the image's width and height may be free, too.</summary>
    public bool TakesAnySize { get; init; }

    /// <summary>Whether answers name one of the manifest's labels, so that it must have some.</summary>
    public bool TellsClasses { get; init; }

    /// <summary>Keys of the manifest that are there for this family, and not for all.</summary>
    public IReadOnlyList<FamilyKey> Keys { get; init; } = [];

    /// <summary>What manifests call the family.</summary>
    public string Name => JsonNamingPolicy.SnakeCaseLower.ConvertName(Decoder.ToString());

    /// <summary>The row of a family.</summary>
    public static ModelFamily Of(DecoderFamily family) => Rows[family];
}
