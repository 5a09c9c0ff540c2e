using EdgePerception.Fusion.Attention;
using EdgePerception.Fusion.Inference;
using EdgePerception.Policy.Grounding;
using EdgePerception.Runtime.Yaml;

namespace EdgePerception.Runtime.Models;

/// <summary>
/// Loads what grounds commands: the network with its calibration and the ear, or the rules alone. <see cref="Check"/>
/// reads and checks every file of the network, which is quick, so that what is wrong with them shows at once;
/// <see cref="Load"/> takes long. Without its ear the network is not asked either: it reads names by the ear's encoder.
/// </summary>
/// <param name="settings">How commands are grounded; its paths are absolute.</param>
/// <param name="modelsFolder">The folder that manifests' files are relative to.</param>
/// <param name="inference">How models are run.</param>
public sealed class GrounderLoader(GroundingSettings settings, string modelsFolder, InferenceSettings inference)
{
    // The model is small, and more threads would take time from the detector.
    private readonly InferenceSettings _inference = inference with { Threads = 1, MaxBatch = 1 };
    private GroundingCalibration? _calibration;
    private ModelManifest? _network;

    /// <summary>Checks the files.</summary>
    /// <exception cref="ModelException">
    /// A file of the network is missing, or is not the one that its manifest names.
    /// </exception>
    /// <exception cref="YamlException">The manifest or the calibration has faults.</exception>
    public void Check()
    {
        if (settings.Method == GroundingMethod.Rules) return;
        _calibration = YamlBinder.Read<GroundingCalibration>(settings.Calibration);
        _network = YamlBinder.Read<ModelManifest>(settings.Network);
        AttentionModel.Check(_network, modelsFolder);
    }

    /// <summary>Loads it, after its check where that has not been made.</summary>
    /// <exception cref="ModelException">The network cannot be used.</exception>
    /// <exception cref="YamlException">As <see cref="Check"/>.</exception>
    public Grounder Load()
    {
        if (_network is null) Check();
        if (_network is null) return new Grounder();
        var network = OnnxModel.Load(_network, modelsFolder, _inference);
        try
        {
            AttentionModel.Check(network);
            if (LoadEar(_network, out var trouble) is { } ear)
                return new Grounder(new AttentionModel(network, ear.Encoder), _calibration!,
                    new GrounderSettings(settings.Method, settings.Risk), ear);
            network.Dispose();
            return new Grounder { Trouble = trouble };
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private Ear? LoadEar(ModelManifest network, out string? trouble)
    {
        trouble = null;
        var vocabulary = Vocabulary.Read(network, modelsFolder);
        try
        {
            return new EarLoader(settings.Encoder, settings.Ear, modelsFolder).Load(vocabulary);
        }
        catch (Exception e) when (e is ModelException or EdgePerception.Runtime.Yaml.YamlException)
        {
            trouble = $"rules alone, and unknown words are asked about: {OneLine(e)}";
            return null;
        }
    }

    private static string OneLine(Exception e) =>
        e is EdgePerception.Runtime.Yaml.YamlException manifest ? string.Join("; ", manifest.Faults) : e.Message;
}
