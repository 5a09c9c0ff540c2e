using System.ComponentModel.DataAnnotations;

namespace EdgePerception.Fusion.Inference;

/// <summary>A file that a model needs beside its graph, such as the characters that it reads.</summary>
public sealed record ModelFile : IValidatableObject
{
    /// <summary>The file, relative to the models folder and inside it.</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 of the file, 64 hexadecimal digits.</summary>
    [RegularExpression("[0-9a-f]{64}", ErrorMessage = "is not a SHA-256 of 64 lower-case hexadecimal digits")]
    public required string Sha256 { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsInside(File))
            yield return new ValidationResult($"'{File}' must be a path inside the models folder", [nameof(File)]);
    }

    /// <summary>Whether a path that a manifest names stays inside the models folder.</summary>
    internal static bool IsInside(string path) => !Path.IsPathRooted(path)
        && !path.Split('/', '\\').Contains("..")
        && !path.Contains('\0', StringComparison.Ordinal);
}
