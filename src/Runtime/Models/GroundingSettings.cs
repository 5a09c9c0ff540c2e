using System.ComponentModel.DataAnnotations;
using EdgePerception.Policy.Grounding;

namespace EdgePerception.Runtime.Models;

/// <summary>How commands are grounded.</summary>
public sealed record GroundingSettings
{
    /// <summary>The least risk that the calibration was fitted for.</summary>
    public const double MinRisk = 0.005;

    /// <summary>The largest.</summary>
    public const double MaxRisk = 0.3;

    /// <summary>Who answers; the network is loaded only where it has a say.</summary>
    public GroundingMethod Method { get; init; } = GroundingMethod.Combined;

    /// <summary>Manifest of the attention model; relative to the configuration file.</summary>
    public string Network { get; init; } = "models/grounding.yaml";

    /// <summary>How its opinion counts; relative to the configuration file.</summary>
    public string Calibration { get; init; } = "../models/grounding/calibration.yaml";

    /// <summary>
    /// Manifest of the sentence encoder that hears what unknown words may mean; relative to the configuration file.
    /// </summary>
    public string Encoder { get; init; } = "models/minilm.yaml";

    /// <summary>What was fitted to the encoder; relative to the configuration file.</summary>
    public string Ear { get; init; } = "../models/grounding/ear.json";

    /// <summary>
    /// In what share of the answers the truth may be left out of what counts as possible: the less, the more is asked.
    /// </summary>
    [Range(MinRisk, MaxRisk)]
    public double Risk { get; init; } = 0.05;

    /// <summary>How long "it" and "the other one" may refer to what was said before, seconds.</summary>
    [Range(1, 3600)]
    public int ConversationSeconds { get; init; } = 60;
}
