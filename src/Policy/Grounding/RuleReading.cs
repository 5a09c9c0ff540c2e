namespace EdgePerception.Policy.Grounding;

/// <summary>How much of a description the rules understand; what they do not is left to the network.</summary>
public enum RuleReading
{
    /// <summary>Every word.</summary>
    Whole,

    /// <summary>
    /// The nouns, but not all that narrows them down ("the paper cup", "the cup that flanks the vase").
    /// </summary>
    Partly,

    /// <summary>Not what its noun names, or a noun that it relates to: in sight or not, they cannot tell.</summary>
    Unknown,
}
