namespace EdgePerception.Policy.Grounding;

/// <summary>Who answers a command.</summary>
public enum GroundingMethod
{
    /// <summary>Rules and network together, each where it is good.</summary>
    Combined,

    /// <summary>The network alone, without evidence for its clauses.</summary>
    Network,

    /// <summary>The rules alone.</summary>
    Rules,
}
