using System.Globalization;
using EdgePerception.Fusion.Scenes;
using EdgePerception.Fusion.Tracking;
using EdgePerception.Fusion.Vision;
using EdgePerception.Sensors.Frames;

namespace EdgePerception.Runtime.CommandLine;

/// <summary>One picture with what the detector sees in it, for the verbs that work on a picture instead of a camera.</summary>
/// <param name="frame">The picture; disposed with this.</param>
/// <param name="detections">The objects in it from the manifest's score on, best first.</param>
internal sealed class PictureScene(Frame frame, Detection[] detections) : IDisposable
{
    private static readonly TrackerSettings Tracking = new();

    /// <summary>The picture.</summary>
    public Frame Frame => frame;

    /// <summary>The objects in it from the manifest's score on, best first.</summary>
    public Detection[] Detections => detections;

    /// <summary>The scene for grounding: the objects by number, with colours; a still picture shows no velocity.</summary>
    public Scene ToScene(float? horizontalFieldOfViewDegrees)
    {
        var quality = PictureQualityMeter.Measure(frame).Value;
        var scene = new Scene { Time = frame.Time, Sequence = 1, Quality = ModalityQuality.Full with { Vision = quality } };
        scene.Cameras.Add(new CameraView(frame.Camera, frame.Width, frame.Height, horizontalFieldOfViewDegrees) { Quality = quality });
        var colors = new ColorMeter();
        for (var i = 0; i < detections.Length; i++)
        {
            var (label, score, box) = detections[i];
            if (IsSecondName(scene, box)) continue;
            var id = (i + 1).ToString(CultureInfo.InvariantCulture);
            scene.Objects.Add(new SceneObject(id, frame.Camera, label, score, box, colors.Measure(frame, box, ColorMeter.FocusOf(label)), null));
        }

        return scene;
    }

    // A detector that wavers gives one object two labels; the better one names it, as in the tracker.
    private static bool IsSecondName(Scene scene, BoundingBox box) =>
        scene.Objects.Exists(seen => seen.Box.IntersectionOverUnion(box) >= Tracking.DuplicateOverlap);

    /// <inheritdoc/>
    public void Dispose() => frame.Dispose();
}
