using System.ComponentModel.DataAnnotations;

namespace EdgePerception.Fusion.Inference;

/// <summary>The element types of tensors that can be bound, by ONNX's names.</summary>
public enum TensorType
{
    /// <summary>IEEE 754 single precision.</summary>
    Float32,

    /// <summary>IEEE 754 half precision.</summary>
    Float16,

    /// <summary>Unsigned bytes.</summary>
    Uint8,

    /// <summary>Signed 32-bit integers.</summary>
    Int32,

    /// <summary>Signed 64-bit integers.</summary>
    Int64,

    /// <summary>Truth values of one byte.</summary>
    Bool,
}

/// <summary>
/// The lengths between which a tensor's free axes may lie, as TensorRT's optimization profiles state them; the axes
/// that are not free have the same length in all three.
/// </summary>
public sealed record TensorProfile
{
    /// <summary>The smallest lengths.</summary>
    [MinLength(1)]
    public required IReadOnlyList<int> Min { get; init; }

    /// <summary>The lengths that engines are tuned for.</summary>
    [MinLength(1)]
    public required IReadOnlyList<int> Opt { get; init; }

    /// <summary>The largest lengths; memory is bound for them.</summary>
    [MinLength(1)]
    public required IReadOnlyList<int> Max { get; init; }
}

/// <summary>One input or output as the model must have it.</summary>
public sealed record TensorManifest : IValidatableObject
{
    private const double MaxElements = 1 << 28;

    /// <summary>The tensor's name in the graph.</summary>
    public required string Name { get; init; }

    /// <summary>The element type.</summary>
    public TensorType Type { get; init; } = TensorType.Float32;

    /// <summary>
    /// Length of each axis. A length that is given holds also where the model leaves the axis free. −1 leaves it free:
    /// an input then has a <see cref="Profile"/>; an output's first axis follows the inputs' first axis (the batch),
    /// its others are what the model makes of them, or with a <see cref="Profile"/> what its reader says before a run.
    /// </summary>
    [MinLength(1)]
    public required IReadOnlyList<int> Shape { get; init; }

    /// <summary>
    /// Between which lengths an input's free axes may lie; null if no axis is free. An output has one only where the
    /// shapes of the inputs alone tell its own; its memory is then bound once, for the largest.
    /// </summary>
    public TensorProfile? Profile { get; init; }

    /// <summary>Whether the output may hold NaN and infinity, which otherwise fail the run.</summary>
    public bool AllowNonFinite { get; init; }

    /// <summary>The largest lengths that the tensor can have; an output's free axes stay −1.</summary>
    internal IReadOnlyList<int> MaxShape => Profile?.Max ?? Shape;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Shape.Any(axis => axis is < 1 and not -1) || Elements(Shape) > MaxElements)
        {
            yield return new ValidationResult(
                $"[{string.Join(", ", Shape)}] must be lengths from 1 with at most {MaxElements} elements together; "
                + "-1 leaves an axis free",
                [nameof(Shape)]);
            yield break;
        }

        if (Profile is null) yield break;
        foreach (var (name, lengths) in new[] { ("min", Profile.Min), ("opt", Profile.Opt), ("max", Profile.Max) })
        {
            if (lengths.Count != Shape.Count
                || lengths.Zip(Shape).Any(axis => axis.First < 1 || (axis.Second > 0 && axis.First != axis.Second)))
            {
                yield return new ValidationResult(
                    $"{name} [{string.Join(", ", lengths)}] must give a length to each free axis of "
                    + $"[{string.Join(", ", Shape)}] and repeat the others",
                    [nameof(Profile)]);
                yield break;
            }
        }

        if (Profile.Min.Zip(Profile.Opt).Any(axis => axis.First > axis.Second)
            || Profile.Opt.Zip(Profile.Max).Any(axis => axis.First > axis.Second))
            yield return new ValidationResult("must rise from min over opt to max", [nameof(Profile)]);
        else if (Elements(Profile.Max) > MaxElements)
            yield return new ValidationResult($"max has more than {MaxElements} elements", [nameof(Profile)]);
    }

    private static double Elements(IReadOnlyList<int> shape) =>
        shape.Aggregate(1.0, (elements, axis) => elements * Math.Max(axis, 1));
}
