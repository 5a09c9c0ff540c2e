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
/// <param name="classes">What the detector can tell.</param>
internal sealed class ImageScene(Frame frame, Detection[] detections, IReadOnlyList<string> classes) : IDisposable
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
            Classes = classes,
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
        var meter = new ColorMeter();
        var gain = ColorMeter.GainOf(frame);
        for (var i = 0; i < detections.Length; i++)
        {
            var (label, score, box) = detections[i];
            // A detector that wavers gives one object two labels; the better one names it, as in the tracker.
            var same = objects.FindIndex(
                seen => seen.Box.IntersectionOverUnion(box) >= Tracking.DuplicateOverlap);
            if (same >= 0)
            {
                var better = objects[same];
                objects[same] = better with { Near = better.Near.With(new LabelScore(label, score / better.Score)) };
                continue;
            }

            var id = (i + 1).ToString(CultureInfo.InvariantCulture);
            var seen = meter.MeasureParts(frame, label, box, gain);
            objects.Add(new SceneObject(id, frame.Camera, label, score, box, Known(seen.Own), null)
            {
                Near = detections[i].Near.BesideOf(score),
                LowerColors = Known(seen.Lower),
                HeadColors = Known(seen.Head),
            });
        }

        return objects;
    }

    private static ColorShares? Known(in ColorShares shares) => shares[shares.Dominant] > 0 ? shares : null;

    /// <inheritdoc/>
    public void Dispose() => frame.Dispose();
}
