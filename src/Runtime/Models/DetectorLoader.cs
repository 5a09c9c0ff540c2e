using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision;
using EdgePerception.Runtime.Yaml;

namespace EdgePerception.Runtime.Models;

/// <summary>
/// Loads the detector that the settings name, as its manifest and its file are at the moment. Thread-safe.
/// </summary>
/// <param name="models">Manifest and folder; absolute.</param>
/// <param name="inference">How models are run.</param>
/// <param name="cameras">How many cameras share it.</param>
public sealed class DetectorLoader(ModelsSettings models, InferenceSettings inference, int cameras)
{
    /// <summary>Checks what can be told without a session, which takes long to open.</summary>
    /// <exception cref="ModelException">ONNX Runtime cannot be used, or a file is not as the manifest says.</exception>
    /// <exception cref="YamlException">The manifest has faults.</exception>
    public void Check()
    {
        OnnxRuntimeLibrary.Prepare();
        foreach (var manifest in Manifests) OnnxModel.Check(YamlBinder.Read<ModelManifest>(manifest), models.Folder);
    }

    /// <summary>Loads it.</summary>
    /// <exception cref="ModelException">The model cannot be used.</exception>
    /// <exception cref="YamlException">The manifest has faults.</exception>
    public ObjectDetector Load()
    {
        // More images than cameras never come in one run, and memory is bound for the most that may.
        var shared = inference with { MaxBatch = Math.Min(inference.MaxBatch, cameras) };
        ObjectDetector? detector = null;
        // The first is loaded last, and so owns the second.
        foreach (var manifest in Manifests.Reverse()) detector = Load(manifest, shared, detector);
        return detector!;
    }

    private IEnumerable<string> Manifests =>
        ((string[])[models.Detector, models.SecondDetector]).Where(manifest => manifest.Length > 0);

    private ObjectDetector Load(string manifest, InferenceSettings shared, ObjectDetector? second)
    {
        OnnxModel? model = null;
        try
        {
            model = OnnxModel.Load(YamlBinder.Read<ModelManifest>(manifest), models.Folder, shared);
            var detector = new ObjectDetector(model, second);
            if (manifest == models.Detector && models.Prompts.Count > 0) Prompts(detector).Set(models.Prompts);
            return detector;
        }
        catch
        {
            model?.Dispose();
            second?.Dispose();
            throw;
        }
    }

    private static TextPrompts Prompts(ObjectDetector detector) => detector.Prompts ?? throw new ModelException(
        $"models.prompts: model '{detector.Model.Manifest.Name}' has labels of its own and takes no prompts; leave "
        + "the key out");
}
