using System.ComponentModel.DataAnnotations;

namespace EdgePerception.Fusion.Inference;

/// <summary>How words become the token ids of a text tower: byte pairs, as CLIP has them.</summary>
public sealed record TokenizerManifest : IValidatableObject
{
    /// <summary>
    /// The merges: after a first line, which is skipped, two symbols a line, best first. Both OpenAI's
    /// <c>bpe_simple_vocab_16e6.txt</c> and the <c>merges.txt</c> of Hugging Face's exports are read.
    /// </summary>
    public required ModelFile Merges { get; init; }

    /// <summary>How many ids there are: 512 for bytes, one for each merge, two for start and end.</summary>
    [Range(515, 1 << 20)]
    public int VocabularySize { get; init; } = 49408;

    /// <summary>How many ids the text tower takes, start and end included.</summary>
    [Range(2, 4096)]
    public int ContextLength { get; init; } = 77;

    /// <summary>The id that fills the rest of the context: 0 in OpenAI's code, the end's in some exports.</summary>
    [Range(0, int.MaxValue)]
    public int Padding { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Padding >= VocabularySize)
            yield return new ValidationResult(
                $"{Padding} must be less than vocabularySize, {VocabularySize}", [nameof(Padding)]);
    }
}
