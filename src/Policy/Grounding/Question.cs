using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Grounding;

/// <summary>What the robot asks back.</summary>
/// <param name="Text">As the speaker reads or hears it.</param>
internal sealed record Question(string Text)
{
    /// <summary>The description that is unclear; null if the question is not about which object is meant.</summary>
    public NounPhrase? About { get; init; }

    /// <summary>The ids of the objects among which the speaker is to choose; one where it is to be confirmed.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];

    /// <summary>Whether it says all that would be done, so that a yes orders that, whatever else was said.</summary>
    public bool SaysAll { get; init; }
}
