namespace EdgePerception.Policy.Grounding;

/// <summary>How commands are grounded.</summary>
/// <param name="Method">Who answers.</param>
/// <param name="Risk">The share of answers of which the truth may be left out of the conformal set, 0 to 1.</param>
public sealed record GrounderSettings(GroundingMethod Method = GroundingMethod.Combined, double Risk = 0.05);
