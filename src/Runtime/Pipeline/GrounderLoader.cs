using EdgePerception.Fusion.Attention;
using EdgePerception.Fusion.Inference;
using EdgePerception.Policy.Grounding;
using EdgePerception.Runtime.Configuration;

namespace EdgePerception.Runtime.Pipeline;

/// <summary>Loads what grounds commands: the network with its calibration, or the rules alone.</summary>
public static class GrounderLoader
{
    /// <summary>Loads it.</summary>
    /// <param name="configuration">How commands are grounded; its paths are absolute.</param>
    /// <param name="modelsFolder">The folder that manifests' files are relative to.</param>
    /// <param name="inference">How models are run.</param>
    /// <exception cref="ModelException">The network cannot be used.</exception>
    /// <exception cref="Fusion.Yaml.YamlException">The manifest or the calibration has faults.</exception>
    public static Grounder Load(GroundingConfiguration configuration, string modelsFolder, InferenceSettings inference)
    {
        if (configuration.Method == GroundingMethod.Rules) return new Grounder();
        var calibration = GroundingCalibration.Read(configuration.Calibration);
        // The model is small, and more threads would take time from the detector.
        var settings = inference with { Threads = 1, MaxBatch = 1 };
        return new Grounder(AttentionModel.Load(configuration.Network, modelsFolder, settings), calibration, new GrounderSettings(configuration.Method, configuration.Risk));
    }
}
