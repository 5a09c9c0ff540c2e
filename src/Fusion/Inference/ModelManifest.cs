using System.ComponentModel.DataAnnotations;

namespace EdgePerception.Fusion.Inference;

/// <summary>What can run a model.</summary>
public enum ExecutionProvider
{
    /// <summary>NVIDIA TensorRT: an engine built for the very GPU.</summary>
    Tensorrt,

    /// <summary>NVIDIA CUDA kernels.</summary>
    Cuda,

    /// <summary>The processor; always there.</summary>
    Cpu,
}

/// <summary>What a model's scores are.</summary>
public enum ScoreKind
{
    /// <summary>Shares of one: the model ends with a softmax.</summary>
    Probabilities,

    /// <summary>Before the softmax, which is taken of them here.</summary>
    Logits,
}

/// <summary>
/// Everything that is known of one model: where it comes from, what its tensors are, what its outputs mean. Read from
/// <c>configs/models/NAME.yaml</c>. Loading the model compares this with the session's own metadata.
/// </summary>
public sealed record ModelManifest : IValidatableObject
{
    /// <summary>The model's name.</summary>
    [RegularExpression(
        "[a-z0-9][a-z0-9._-]{0,63}", ErrorMessage = "is not a name of lower-case letters, digits, '.', '_', '-'")]
    public required string Name { get; init; }

    /// <summary>The ONNX file, relative to the models folder and inside it.</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 of the file, 64 hexadecimal digits.</summary>
    [RegularExpression("[0-9a-f]{64}", ErrorMessage = "is not a SHA-256 of 64 lower-case hexadecimal digits")]
    public required string Sha256 { get; init; }

    /// <summary>Where the model was had from.</summary>
    public required string Source { get; init; }

    /// <summary>
    /// Where <c>models fetch</c> gets the file, by http or https; none for a file that set-up makes or that is the
    /// user's own.
    /// </summary>
    [RegularExpression(@"https?://[^\s/]\S*", ErrorMessage = "is not an address that begins with https:// or http://")]
    public string? Url { get; init; }

    /// <summary>Its licence, as an SPDX expression.</summary>
    public required string Licence { get; init; }

    /// <summary>What its outputs mean.</summary>
    public required DecoderFamily Decoder { get; init; }

    /// <summary>The inputs, all of them; an image comes first.</summary>
    [MinLength(1)]
    public required IReadOnlyList<TensorManifest> Inputs { get; init; }

    /// <summary>The outputs that are read, in the order in which the decoder family names them.</summary>
    [MinLength(1)]
    public required IReadOnlyList<TensorManifest> Outputs { get; init; }

    /// <summary>How the image is prepared for the first input.</summary>
    public ImageManifest Picture { get; init; } = new();

    /// <summary>How boxes are given where the family leaves that open.</summary>
    public BoxManifest Boxes { get; init; } = new();

    /// <summary>
    /// Labels by class number; prompts where words say what to look for; families that tell no classes have none.
    /// </summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>What the numbers of a classifier or of text recognition are.</summary>
    public ScoreKind Scores { get; init; } = ScoreKind.Probabilities;

    /// <summary>
    /// The characters that text recognition tells, in UTF-8, one a line, in the order of the classes. Class 0 is the
    /// blank and has no line; where the model has one class more than that, the last is the space.
    /// </summary>
    public ModelFile? Characters { get; init; }

    /// <summary>
    /// The concepts of words, for grounding: in UTF-8, a word, a tab and its ids, parted by spaces, one word a line;
    /// lines that begin with # are comments.
    /// </summary>
    public ModelFile? Vocabulary { get; init; }

    /// <summary>BERT's word pieces, for a sentence encoder: in UTF-8, one a line, in the order of their ids.</summary>
    public ModelFile? WordPieces { get; init; }

    /// <summary>How a text tower's words become token ids.</summary>
    public TokenizerManifest? Tokenizer { get; init; }

    /// <summary>Below which a detection is not one.</summary>
    public ThresholdManifest Thresholds { get; init; } = new();

    /// <summary>What a detector's scores are worth.</summary>
    public CalibrationManifest Calibration { get; init; } = new();

    /// <summary>What may run it, best first; the first that this machine has is taken.</summary>
    [MinLength(1)]
    public IReadOnlyList<ExecutionProvider> Providers { get; init; } =
        [ExecutionProvider.Tensorrt, ExecutionProvider.Cuda, ExecutionProvider.Cpu];

    /// <summary>How TensorRT builds its engine.</summary>
    public TensorRtManifest Tensorrt { get; init; } = new();

    /// <summary>The files beside the graph that are named here.</summary>
    internal IEnumerable<ModelFile> Files =>
        ((ModelFile?[])[Vocabulary, Characters, WordPieces, Tokenizer?.Merges]).OfType<ModelFile>();

    /// <summary>What the family's models have, and what must be said of them.</summary>
    internal ModelFamily Family => ModelFamily.Of(Decoder);

    /// <summary>Width of the image that the first input holds, pixels; −1 where it is free.</summary>
    internal int InputWidth => Inputs[0].Shape[Picture.Layout == TensorLayout.Nhwc ? 2 : 3];

    /// <summary>Height of the image that the first input holds, pixels; −1 where it is free.</summary>
    internal int InputHeight => Inputs[0].Shape[Picture.Layout == TensorLayout.Nhwc ? 1 : 2];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!ModelFile.IsInside(File))
            yield return new ValidationResult($"'{File}' must be a path inside the models folder", [nameof(File)]);
        if (Picture.Std.Contains(0))
            yield return new ValidationResult("std must not be zero", [nameof(Picture)]);
        if (Family.TellsClasses && Labels.Count == 0)
            yield return new ValidationResult("must name the classes, at least one", [nameof(Labels)]);
        foreach (var key in Family.Keys.Where(key => key.Missing is not null && key.Value(this) is null))
            yield return new ValidationResult(key.Missing, [key.Name]);
        foreach (var input in Inputs.Where(input => input.Shape.Contains(-1) && input.Profile is null))
            yield return new ValidationResult(
                $"'{input.Name}' leaves axis {input.Shape.ToList().IndexOf(-1)} free and has no profile that bounds it",
                [nameof(Inputs)]);
        if (Family.TakesImage && !IsImage(Inputs[0]))
            yield return new ValidationResult(
                $"shape [{string.Join(", ", Inputs[0].Shape)}] is not one picture of three channels in "
                + $"{Picture.Layout.ToString().ToLowerInvariant()} order"
                + (Family.TakesAnySize ? "" : "; only its first axis may be free"),
                [nameof(Inputs)]);
    }

    private bool IsImage(TensorManifest input) => input.Shape.Count == 4
        && input.Shape[0] is 1 or -1
        && input.Shape[Picture.Layout == TensorLayout.Nhwc ? 3 : 1] == 3
        && (Family.TakesAnySize || (InputWidth > 0 && InputHeight > 0));
}
