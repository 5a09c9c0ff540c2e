using System.ComponentModel.DataAnnotations;
using EdgePerception.Fusion.Yaml;

namespace EdgePerception.Fusion.Inference;

/// <summary>How a model's outputs are turned into objects.</summary>
public enum DecoderFamily
{
    /// <summary>
    /// CenterNet with its peak picking in the graph (Zhou et al. 2019, "Objects as Points"): one output of rows
    /// x1, y1, x2, y2 in input pixels, score, class.
    /// </summary>
    Centernet,
}

/// <summary>The order of a picture tensor's axes.</summary>
public enum TensorLayout
{
    /// <summary>Batch, height, width, channel: channels interleaved.</summary>
    Nhwc,

    /// <summary>Batch, channel, height, width: one plane a channel.</summary>
    Nchw,
}

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

/// <summary>One input or output as the model must have it.</summary>
public sealed record TensorManifest : IValidatableObject
{
    private const long MaxElements = 1 << 28;

    /// <summary>The tensor's name in the graph.</summary>
    public required string Name { get; init; }

    /// <summary>Element type in ONNX's words; float32 is the one that is bound today.</summary>
    [AllowedValues("float32", ErrorMessage = "is not an element type that can be bound; float32 is")]
    public string Type { get; init; } = "float32";

    /// <summary>Length of each axis, also of one that the model leaves free: the memory is bound once.</summary>
    [MinLength(1)]
    public required IReadOnlyList<int> Shape { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Shape.Any(axis => axis < 1) || Shape.Aggregate(1.0, (elements, axis) => elements * axis) > MaxElements)
            yield return new ValidationResult(
                $"[{string.Join(", ", Shape)}] must be lengths from 1 with at most {MaxElements} elements together", [nameof(Shape)]);
    }
}

/// <summary>What the pixels go through before the model sees them: value = (pixel − mean) / std, per channel.</summary>
public sealed record PictureManifest
{
    /// <summary>The order of the axes.</summary>
    public TensorLayout Layout { get; init; } = TensorLayout.Nchw;

    /// <summary>Subtracted from each channel, in pixel values 0 to 255.</summary>
    [Length(3, 3)]
    public IReadOnlyList<float> Mean { get; init; } = [0, 0, 0];

    /// <summary>Divides each channel, in pixel values.</summary>
    [Length(3, 3)]
    public IReadOnlyList<float> Std { get; init; } = [1, 1, 1];

    /// <summary>The grey value of the borders that the letterbox leaves, 0 to 255.</summary>
    [Range(0, 255)]
    public int Border { get; init; }
}

/// <summary>Below which a detection is not one.</summary>
public sealed record ThresholdManifest : IValidatableObject
{
    /// <summary>Smallest score of a detection that is reported by itself.</summary>
    [Range(0.0, 1.0)]
    public float Score { get; init; } = 0.3f;

    /// <summary>Smallest score that may still extend a track which is already there.</summary>
    [Range(0.0, 1.0)]
    public float LowScore { get; init; } = 0.1f;

    /// <summary>Intersection over union from which the lesser of two detections of a class is dropped.</summary>
    [Range(0.0, 1.0)]
    public float Overlap { get; init; } = 0.4f;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (LowScore > Score)
            yield return new ValidationResult($"{LowScore} must not be more than score, {Score}", [nameof(LowScore)]);
    }
}

/// <summary>
/// Everything that is known of one model: where it comes from, what its tensors are, what its outputs mean. Read from
/// <c>configs/models/NAME.yaml</c>. Loading the model compares this with the session's own metadata.
/// </summary>
public sealed record ModelManifest : IValidatableObject
{
    /// <summary>The model's name.</summary>
    [RegularExpression("[a-z0-9][a-z0-9._-]{0,63}", ErrorMessage = "is not a name of lower-case letters, digits, '.', '_', '-'")]
    public required string Name { get; init; }

    /// <summary>The ONNX file, relative to the models folder and inside it.</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 of the file, 64 hexadecimal digits.</summary>
    [RegularExpression("[0-9a-f]{64}", ErrorMessage = "is not a SHA-256 of 64 lower-case hexadecimal digits")]
    public required string Sha256 { get; init; }

    /// <summary>Where the model was had from.</summary>
    public required string Source { get; init; }

    /// <summary>Its licence, as an SPDX expression.</summary>
    public required string Licence { get; init; }

    /// <summary>What its outputs mean.</summary>
    public required DecoderFamily Decoder { get; init; }

    /// <summary>The inputs, all of them.</summary>
    [MinLength(1)]
    public required IReadOnlyList<TensorManifest> Inputs { get; init; }

    /// <summary>The outputs that are read.</summary>
    [MinLength(1)]
    public required IReadOnlyList<TensorManifest> Outputs { get; init; }

    /// <summary>How the picture is prepared for the first input.</summary>
    public PictureManifest Picture { get; init; } = new();

    /// <summary>Labels by class number.</summary>
    [MinLength(1)]
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Below which a detection is not one.</summary>
    public ThresholdManifest Thresholds { get; init; } = new();

    /// <summary>What may run it, best first; the first that this machine has is taken.</summary>
    [MinLength(1)]
    public IReadOnlyList<ExecutionProvider> Providers { get; init; } =
        [ExecutionProvider.Tensorrt, ExecutionProvider.Cuda, ExecutionProvider.Cpu];

    /// <summary>Reads and validates a manifest.</summary>
    /// <exception cref="YamlException">It cannot be read, or something in it is wrong: all of it at once.</exception>
    public static ModelManifest Read(string file) => YamlBinder.Read<ModelManifest>(file);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Path.IsPathRooted(File) || File.Split('/', '\\').Contains("..") || File.Contains('\0', StringComparison.Ordinal))
            yield return new ValidationResult($"'{File}' must be a path inside the models folder", [nameof(File)]);
        if (Picture.Std.Any(s => s == 0))
            yield return new ValidationResult("std must not be zero", [nameof(Picture)]);
        var shape = Inputs[0].Shape;
        var channels = shape.Count == 4 ? shape[Picture.Layout == TensorLayout.Nhwc ? 3 : 1] : 0;
        if (channels != 3 || shape[0] != 1)
            yield return new ValidationResult(
                $"shape [{string.Join(", ", shape)}] is not one picture of three channels in {Picture.Layout.ToString().ToLowerInvariant()} order",
                [nameof(Inputs)]);
    }
}
