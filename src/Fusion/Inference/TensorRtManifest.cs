using System.ComponentModel.DataAnnotations;

namespace EdgePerception.Fusion.Inference;

/// <summary>In which precision TensorRT computes a model.</summary>
public enum TensorRtPrecision
{
    /// <summary>Single precision throughout.</summary>
    Fp32,

    /// <summary>Half precision where TensorRT finds it faster.</summary>
    Fp16,

    /// <summary>8-bit integers by a calibration table, half precision where they do not pay.</summary>
    Int8,

    /// <summary>
    /// 8-bit integers as the graph itself says by its QuantizeLinear and DequantizeLinear nodes; no table.
    /// </summary>
    Qdq,
}

/// <summary>How TensorRT builds a model's engine.</summary>
public sealed record TensorRtManifest : IValidatableObject
{
    /// <summary>The precision; the largest that the model needs is the safe one.</summary>
    public TensorRtPrecision Precision { get; init; } = TensorRtPrecision.Fp32;

    /// <summary>
    /// The ranges of the model's tensors for <see cref="TensorRtPrecision.Int8"/>; relative to the models folder and
    /// inside it.
    /// </summary>
    public string CalibrationTable { get; init; } = "";

    /// <summary>
    /// Whether the table is TensorRT's own calibration cache; otherwise it is one that ONNX Runtime's tools wrote.
    /// </summary>
    public bool NativeCalibrationTable { get; init; }

    /// <summary>Memory that a build may take for trying kernels, MiB; 0 leaves it to TensorRT.</summary>
    [Range(0, 65_536)]
    public int WorkspaceMb { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Precision == TensorRtPrecision.Int8 && CalibrationTable.Length == 0)
        {
            yield return new ValidationResult(
                "is needed for precision int8; a graph that holds its own quantization has precision qdq",
                [nameof(CalibrationTable)]);
        }

        if (Precision != TensorRtPrecision.Int8 && CalibrationTable.Length > 0)
            yield return new ValidationResult("has no use but with precision int8", [nameof(CalibrationTable)]);
        if (!ModelFile.IsInside(CalibrationTable))
            yield return new ValidationResult(
                $"'{CalibrationTable}' must be a path inside the models folder", [nameof(CalibrationTable)]);
    }
}
