using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using EdgePerception.Fusion.Tracking;
using EdgePerception.Fusion.Vision;
using EdgePerception.Fusion.Vision.Color;
using EdgePerception.Sensors.Diagnostics;
using EdgePerception.Sensors.Frames;

namespace EdgePerception.Fusion.Scenes;

/// <summary>
/// What is made of one camera's images: detections, then tracks with their colours. The tracker is this camera's own.
/// Owned by the pipeline's loop, not thread-safe.
/// </summary>
public sealed class CameraPerception(
    string name, float? horizontalFieldOfViewDegrees, ByteTracker tracker, ColorMeter colors, MotionGateSettings motion)
{
    private static readonly TotalCounter Skipped = new(
        "edge_perception.frames.rested", "{frame}", "Still pictures that were spared the model", "camera");

    private static readonly Gauge<double> Qualities = PerceptionMeter.Instance.CreateGauge<double>(
        "edge_perception.picture.quality", "1", "How well objects can be seen in a camera's newest picture, 0 to 1");

    private readonly Lock _qualityGate = new();
    private readonly MotionGate _gate = new(motion);
    private readonly List<Detection> _detections = new(128);
    private readonly List<ObjectColors> _colors = new(128);
    private ImageQuality _quality = ImageQuality.Full;
    private bool _rests;

    /// <summary>The camera's name.</summary>
    public string Name => name;

    /// <summary>The geometry of its newest image.</summary>
    public CameraView View { get; private set; } = new(name, 0, 0, horizontalFieldOfViewDegrees);

    /// <summary>How well objects can be seen in its newest image; safe from any thread.</summary>
    public ImageQuality Quality
    {
        get
        {
            lock (_qualityGate) return _quality;
        }
    }

    /// <summary>What the detector saw in the newest image, best first, low scores included.</summary>
    public IReadOnlyList<Detection> Detections => _detections;

    /// <summary>The objects that are followed; valid until the next <see cref="Track"/>.</summary>
    public ByteTracker Tracker => tracker;

    /// <summary>Where the detector puts what it sees in an image.</summary>
    internal List<Detection> Encoded => _detections;

    /// <summary>
    /// Whether the model may rest over this image, since it shows what the last one showed that was looked at: then
    /// what was seen there is taken as seen here, colours included. Asked once for each image.
    /// </summary>
    public bool CanSkip(Frame frame)
    {
        _rests = _gate.CanSkip(frame);
        if (_rests) Skipped.Add(1, name);
        return _rests;
    }

    /// <summary>
    /// Measures the image and the colours of what was encoded last in it, and follows the objects into it. Low scores
    /// are mostly background and many, so their colours are not looked at.
    /// </summary>
    public void Track(Frame frame)
    {
        View = View with { Width = frame.Width, Height = frame.Height, Quality = Measure(frame) };
        if (!_rests) MeasureColors(frame);
        tracker.Update(CollectionsMarshal.AsSpan(_detections), CollectionsMarshal.AsSpan(_colors), frame.Time);
    }

    private float Measure(Frame frame)
    {
        var quality = ImageQualityMeter.Measure(frame);
        lock (_qualityGate) _quality = quality;
        Qualities.Record(quality.Value, new KeyValuePair<string, object?>("camera", name));
        return quality.Value;
    }

    private void MeasureColors(Frame frame)
    {
        _colors.Clear();
        var gain = ColorMeter.GainOf(frame);
        foreach (ref readonly var detection in CollectionsMarshal.AsSpan(_detections))
        {
            _colors.Add(detection.Score >= tracker.Settings.HighScore
                ? colors.MeasureParts(frame, detection.Label, detection.Box, gain)
                : default);
        }
    }
}
