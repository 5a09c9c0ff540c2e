using System.Runtime.InteropServices;
using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Vision;

/// <summary>
/// Turns a model's scores into probabilities as its manifest says (<see cref="CalibrationManifest"/>). Allocates
/// nothing after it is made. Thread-safe.
/// </summary>
internal sealed class ScoreCalibration
{
    // Log odds of 0 and 1 have no end.
    private const float Edge = 1e-6f;
    private readonly float _slope;
    private readonly float _intercept;
    private readonly Dictionary<string, float> _ofLabels = new(StringComparer.Ordinal);
    private readonly float _lowScore;

    /// <summary>The calibration of a model.</summary>
    /// <exception cref="ModelException">It names a class that the model does not tell.</exception>
    public ScoreCalibration(ModelManifest manifest)
    {
        var calibration = manifest.Calibration;
        (_slope, _intercept, _lowScore) = (calibration.Slope, calibration.Intercept, manifest.Thresholds.LowScore);
        foreach (var some in calibration.Classes)
        {
            foreach (var label in some.Labels)
            {
                if (!manifest.Labels.Contains(label))
                    throw DecoderRules.Refusal(manifest, $"calibration: '{label}' is none of its labels");
                _ofLabels[label] = some.Intercept;
            }
        }

        IsNone = _slope == 1 && _intercept == 0 && _ofLabels.Values.All(intercept => intercept == 0);
    }

    /// <summary>Whether scores stay what they are.</summary>
    public bool IsNone { get; }

    /// <summary>The manifest by which the scores are read that come to its low score or more.</summary>
    public ModelManifest Uncalibrated(ModelManifest manifest)
    {
        if (IsNone) return manifest;
        var most = _ofLabels.Values.Append(0).Max();
        var least = Sigmoid.Of((LogOdds(_lowScore) - _intercept - most) / _slope);
        return manifest with { Thresholds = manifest.Thresholds with { LowScore = MathF.Min(least, _lowScore) } };
    }

    /// <summary>The probability that stands for a score.</summary>
    public float Of(string label, float score) =>
        Sigmoid.Of(_slope * LogOdds(score) + _intercept + _ofLabels.GetValueOrDefault(label));

    /// <summary>Calibrates all, leaves out those below the low score, and puts the best first.</summary>
    public void Apply(List<Detection> detections)
    {
        if (IsNone) return;
        var kept = 0;
        var items = CollectionsMarshal.AsSpan(detections);
        for (var i = 0; i < items.Length; i++)
        {
            var score = Of(items[i].Label, items[i].Score);
            if (score < _lowScore) continue;
            NearLabels near = default;
            for (var n = 0; n < items[i].Near.Count; n++)
            {
                var (label, other) = items[i].Near[n];
                near = near.With(new LabelScore(label, Of(label, other)));
            }

            items[kept++] = items[i] with { Score = score, Near = near };
        }

        detections.RemoveRange(kept, detections.Count - kept);
        NonMaximumSuppression.SortByScore(detections);
    }

    private static float LogOdds(float score)
    {
        var inside = Math.Clamp(score, Edge, 1 - Edge);
        return MathF.Log(inside / (1 - inside));
    }
}
