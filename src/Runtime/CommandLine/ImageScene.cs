using System.Globalization;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Tracking;
using EdgePerception.Fusion.Vision;
using EdgePerception.Fusion.Vision.Color;
using EdgePerception.Sensors.Frames;

namespace EdgePerception.Runtime.CommandLine;

/// <summary>
/// One image with what the detector sees in it, for the verbs that work on an image instead of a camera.
/// </summary>
/// <param name="frame">The image; disposed with this.</param>
/// <param name="detections">The objects in it from the manifest's score on, best first.</param>
internal sealed class ImageScene(Frame frame, Detection[] detections) : IDisposable
{
    private static readonly TrackerSettings Tracking = new();

    // Measured once, however many commands are grounded in the image.
    private List<SceneObject>? _objects;
    private float? _quality;

    /// <summary>The image.</summary>
    public Frame Frame => frame;

    /// <summary>The objects in it from the manifest's score on, best first.</summary>
    public Detection[] Detections => detections;

    /// <summary>
    /// The scene for grounding: the objects by number, with colours; a still image shows no velocity.
    /// </summary>
    public Scene ToScene(float? horizontalFieldOfViewDegrees)
    {
        var quality = _quality ??= ImageQualityMeter.Measure(frame).Value;
        var scene = new Scene
        {
            Time = frame.Time,
            Sequence = 1,
            Quality = ModalityQuality.Full with { Vision = quality },
        };
        scene.Cameras.Add(new CameraView(frame.Camera, frame.Width, frame.Height, horizontalFieldOfViewDegrees)
        {
            Quality = quality,
        });
        scene.Objects.AddRange(_objects ??= Objects());
        return scene;
    }

    private List<SceneObject> Objects()
    {
        var objects = new List<SceneObject>();
        var colors = new ColorMeter();
        for (var i = 0; i < detections.Length; i++)
        {
            var (label, score, box) = detections[i];
            // A detector that wavers gives one object two labels; the better one names it, as in the tracker.
            if (objects.Exists(seen => seen.Box.IntersectionOverUnion(box) >= Tracking.DuplicateOverlap)) continue;
            var id = (i + 1).ToString(CultureInfo.InvariantCulture);
            objects.Add(
                new SceneObject(
                    id, frame.Camera, label, score, box, colors.Measure(frame, box, ColorMeter.FocusOf(label)), null));
        }

        return objects;
    }

    /// <inheritdoc/>
    public void Dispose() => frame.Dispose();
}
