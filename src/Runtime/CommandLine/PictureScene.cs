using System.Globalization;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Tracking;
using EdgePerception.Fusion.Vision;
using EdgePerception.Runtime.Pictures;
using EdgePerception.Sensors.Frames;
using EdgePerception.Sensors.Synchronization;

namespace EdgePerception.Runtime.CommandLine;

/// <summary>One picture with what the detector sees in it, for the verbs that work on a picture instead of a camera.</summary>
internal sealed class PictureScene : IDisposable
{
    private static readonly TrackerSettings Tracking = new();

    private readonly FramePool _pool = new(1);
    private readonly ObjectDetector _detector;

    /// <summary>Reads the picture and runs the detector over it.</summary>
    /// <exception cref="UserException">The picture cannot be read.</exception>
    /// <exception cref="ModelException">The model cannot be used.</exception>
    public PictureScene(string image, string manifestFile, string modelsFolder)
    {
        Frame = PictureFile.Read(image, _pool, SensorClock.System);
        var manifest = ModelManifest.Read(manifestFile);
        _detector = new ObjectDetector(OnnxModel.Load(manifest, modelsFolder, new InferenceSettings { MaxBatch = 1 }));
        Detections = [.. _detector.Detect(Frame).Where(d => d.Score >= manifest.Thresholds.Score)];
    }

    /// <summary>The picture.</summary>
    public Frame Frame { get; }

    /// <summary>The objects in it from the manifest's score on, best first.</summary>
    public Detection[] Detections { get; }

    /// <summary>The scene for grounding: the objects by number, with colours; a still picture shows no velocity.</summary>
    public Scene ToScene(float? horizontalFieldOfViewDegrees)
    {
        var scene = new Scene { Time = Frame.Time, Sequence = 1 };
        scene.Quality = ModalityQuality.Full with { Vision = PictureQualityMeter.Measure(Frame).Value };
        scene.Cameras.Add(new CameraView(Frame.Camera, Frame.Width, Frame.Height, horizontalFieldOfViewDegrees) { Quality = scene.Quality.Vision });
        var colors = new ColorMeter();
        for (var i = 0; i < Detections.Length; i++)
        {
            var (label, score, box) = Detections[i];
            if (IsSecondName(scene, box)) continue;
            var id = (i + 1).ToString(CultureInfo.InvariantCulture);
            scene.Objects.Add(new SceneObject(id, Frame.Camera, label, score, box, colors.Measure(Frame, box, ColorMeter.FocusOf(label)), null));
        }

        return scene;
    }

    // A detector that wavers gives one object two labels; the better one names it, as in the tracker.
    private static bool IsSecondName(Scene scene, BoundingBox box) =>
        scene.Objects.Exists(seen => seen.Box.IntersectionOverUnion(box) >= Tracking.DuplicateOverlap);

    /// <inheritdoc/>
    public void Dispose()
    {
        _detector.Dispose();
        Frame.Dispose();
        _pool.Dispose();
    }
}
