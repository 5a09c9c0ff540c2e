using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Tests.Inference;
using EdgePerception.Fusion.Vision;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Fusion.Tests.Vision;

public sealed class ScoreCalibrationTests
{
    private static readonly ModelManifest Calibrated = TestModels.Manifest() with
    {
        Thresholds = new ThresholdManifest { Score = 0.5f, LowScore = 0.3f },
        Calibration = new CalibrationManifest
        {
            Slope = 2,
            Intercept = 1,
            Classes = [new ClassCalibration { Labels = ["cup", "bottle"], Intercept = -1.5f }],
        },
    };

    [Fact]
    public void Scores_become_what_platts_formula_says_of_their_class()
    {
        var calibration = new ScoreCalibration(Calibrated);
        Assert.Equal(1 / (1 + Math.Exp(-1)), calibration.Of("person", 0.5f), 1e-6);
        Assert.Equal(1 / (1 + Math.Exp(-(2 * Math.Log(4) - 0.5))), calibration.Of("cup", 0.8f), 1e-6);
    }

    [Fact]
    public void What_falls_below_the_low_score_is_left_out_and_the_best_comes_first()
    {
        List<Detection> detections = [At("cup", 0.6f), At("person", 0.55f), At("cup", 0.3f)];
        new ScoreCalibration(Calibrated).Apply(detections);
        Assert.Equal(["person", "cup"], detections.Select(one => one.Label));
    }

    [Property(Replay = "14,15")]
    public Property No_score_that_counts_is_cut_before_it_is_calibrated() => Prop.ForAll(
        Gen.Choose(1, 999).Select(score => score / 1000f).ToArbitrary(), score =>
        {
            var calibration = new ScoreCalibration(Calibrated);
            var least = calibration.Uncalibrated(Calibrated).Thresholds.LowScore;
            Assert.All(Calibrated.Labels, label =>
                Assert.True(score >= least || calibration.Of(label, score) < Calibrated.Thresholds.LowScore));
        });

    [Fact]
    public void Without_a_calibration_scores_and_manifest_stay_what_they_are()
    {
        var manifest = TestModels.Manifest();
        var calibration = new ScoreCalibration(manifest);
        List<Detection> detections = [At("cup", 0.01f)];
        calibration.Apply(detections);
        Assert.Equal([At("cup", 0.01f)], detections);
        Assert.Same(manifest, calibration.Uncalibrated(manifest));
    }

    [Fact]
    public void A_class_that_the_model_does_not_tell_is_refused()
    {
        var refused = Assert.Throws<ModelException>(
            () => new ScoreCalibration(Calibrated with { Labels = ["person"] }));
        Assert.EndsWith("calibration: 'cup' is none of its labels", refused.Message, StringComparison.Ordinal);
    }

    private static Detection At(string label, float score) => new(label, score, new BoundingBox(0, 0, 10, 10));
}
