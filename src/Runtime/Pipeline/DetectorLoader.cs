using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision;
using EdgePerception.Runtime.Configuration;

namespace EdgePerception.Runtime.Pipeline;

/// <summary>Loads the detector that the configuration names, as its manifest and its file are at the moment. Thread-safe.</summary>
public sealed class DetectorLoader(ServiceConfiguration configuration)
{
    /// <summary>Checks what can be told without a session, which takes long to open.</summary>
    /// <exception cref="ModelException">ONNX Runtime cannot be used, or a file is not as the manifest says.</exception>
    /// <exception cref="Fusion.Yaml.YamlException">The manifest has faults.</exception>
    public void Check()
    {
        OnnxRuntimeLibrary.Prepare();
        OnnxModel.Check(ModelManifest.Read(configuration.Models.Detector), configuration.Models.Folder);
    }

    /// <summary>Loads it.</summary>
    /// <exception cref="ModelException">The model cannot be used.</exception>
    /// <exception cref="Fusion.Yaml.YamlException">The manifest has faults.</exception>
    public ObjectDetector Load()
    {
        var model = OnnxModel.Load(ModelManifest.Read(configuration.Models.Detector), configuration.Models.Folder, configuration.Inference with
        {
            // More pictures than cameras never come in one run, and memory is bound for the most that may.
            MaxBatch = Math.Min(configuration.Inference.MaxBatch, configuration.Cameras.Count),
        });
        try
        {
            var detector = new ObjectDetector(model);
            if (configuration.Models.Prompts.Count > 0) Prompts(detector).Set(configuration.Models.Prompts);
            return detector;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static TextPrompts Prompts(ObjectDetector detector) => detector.Prompts ?? throw new ModelException(
        $"models.prompts: model '{detector.Model.Manifest.Name}' has labels of its own and takes no prompts; leave the key out");
}
