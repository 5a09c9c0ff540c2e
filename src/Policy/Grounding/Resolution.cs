using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Grounding;

/// <summary>What was decided about one description.</summary>
internal sealed record Resolution
{
    /// <summary>What became of it.</summary>
    public required GroundingOutcome Outcome { get; init; }

    /// <summary>The description.</summary>
    public required NounPhrase Phrase { get; init; }

    /// <summary>What it means, as probabilities.</summary>
    public required Referents Referents { get; init; }

    /// <summary>The chosen objects by index; one, unless several were asked for; empty when not to act.</summary>
    public int[] Chosen { get; init; } = [];

    /// <summary>Probability that what is chosen is meant, or that nothing in sight is; null if that is asked.</summary>
    public double? Confidence { get; init; }

    /// <summary>What was not understood of the description; null if all was.</summary>
    public Modifier? Unknown { get; init; }

    /// <summary>What to ask.</summary>
    public Question? Question { get; init; }

    /// <summary>Why not to act.</summary>
    public string? Reason { get; init; }
}
