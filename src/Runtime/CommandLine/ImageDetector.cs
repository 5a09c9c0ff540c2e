using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision;
using EdgePerception.Runtime.CommandLine.Models;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Runtime.Drawing;
using EdgePerception.Runtime.Models;
using EdgePerception.Runtime.Yaml;
using EdgePerception.Sensors.Frames;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Runtime.CommandLine;

/// <summary>The detector for image files, loaded when the first image was read. Not thread-safe.</summary>
/// <param name="models">Which detector, or two, and the folder that their files are relative to.</param>
internal sealed class ImageDetector(ModelsSettings models) : IDisposable
{
    private readonly FramePool _pool = new(1);
    private ObjectDetector? _detector;

    /// <summary>Reads an image and looks at it; the caller disposes it before the next.</summary>
    /// <exception cref="UserException">The image cannot be read.</exception>
    /// <exception cref="ModelException">The model cannot be used.</exception>
    /// <exception cref="YamlException">The manifest has faults.</exception>
    public ImageScene See(string image)
    {
        var frame = ImageFile.Read(image, _pool, SensorClock.System);
        try
        {
            if (_detector is { } known) return See(known, frame);
            var manifest = YamlBinder.Read<ModelManifest>(models.Detector);
            return ModelLimits.Within(
                $"model '{manifest.Name}'", Path.Combine(models.Folder, manifest.File), ModelLimits.TimeLimit, () =>
            {
                _detector = new DetectorLoader(models, new InferenceSettings { MaxBatch = 1 }, cameras: 1).Load();
                return See(_detector, frame);
            });
        }
        catch
        {
            frame.Dispose();
            throw;
        }
    }

    private static ImageScene See(ObjectDetector detector, Frame frame)
    {
        var least = detector.Model.Manifest.Thresholds.Score;
        return new ImageScene(
            frame, [.. detector.Detect(frame).Where(seen => seen.Score >= least)], detector.Labels);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _detector?.Dispose();
        _pool.Dispose();
    }
}
