using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Tests.Inference;
using EdgePerception.Fusion.Vision;
using EdgePerception.Fusion.Vision.Decoders;
using EdgePerception.Fusion.Vision.Preprocessing;

namespace EdgePerception.Fusion.Tests.Vision.Decoders;

/// <summary>A 640×480 image in a 512×512 input: scale 0.8, 64 rows of border above.</summary>
public class BoxRowDecoderTests
{
    private static readonly ImagePlacement Box = ImagePlacement.Fit(ImageFit.Letterbox, 640, 480, 512, 512);

    [Fact]
    public void A_row_is_taken_back_to_the_picture() => Assert.Equal(
        new Detection("bottle", 0.75f, new BoundingBox(100, 50, 200, 100)),
        Assert.Single(Decode(80, 104, 240, 184, 0.75f, 1)));

    [Fact]
    public void Every_row_is_read_in_order() => Assert.Equal(["person", "cup"],
        Decode(0, 64, 80, 144, 0.5f, 2, 80, 64, 160, 144, 0.6f, 0).Select(d => d.Label));

    [Fact]
    public void A_box_is_clipped_to_the_picture() => Assert.Equal(
        new BoundingBox(0, 0, 640, 480), Assert.Single(Decode(-50, 0, 600, 512, 0.5f, 0)).Box);

    [Theory]
    [InlineData(100, 0, 200, 64)]
    [InlineData(100, 448, 200, 512)]
    [InlineData(-90, 100, 0, 200)]
    [InlineData(512, 100, 600, 200)]
    [InlineData(200, 100, 100, 200)]
    [InlineData(100, 100, 100, 200)]
    public void What_lies_on_the_border_alone_or_has_no_area_is_left_out(float x1, float y1, float x2, float y2) =>
        Assert.Empty(Decode(x1, y1, x2, y2, 0.9f, 0));

    [Theory]
    [InlineData(0.1f, 1)]
    [InlineData(0.0999f, 0)]
    [InlineData(0, 0)]
    [InlineData(-1, 0)]
    [InlineData(float.NegativeInfinity, 0)]
    public void Rows_are_read_down_to_the_low_score(float score, int count) =>
        Assert.Equal(count, Decode(80, 104, 240, 184, score, 0).Count);

    [Fact]
    public void A_score_above_one_by_a_rounding_is_one() =>
        Assert.Equal(1, Assert.Single(Decode(80, 104, 240, 184, 1.0001f, 0)).Score);

    [Theory]
    [InlineData(90)]
    [InlineData(1.5f)]
    [InlineData(-3.2f)]
    public void A_score_that_is_no_probability_is_told_and_not_clamped(float score)
    {
        var e = Assert.Throws<ModelException>(() => Decode(80, 104, 240, 184, score, 0));
        Assert.Equal(
            FormattableString.Invariant(
                $"model 'test' (detector.onnx): output 'detections' gives the score {score}, ")
            + "which is no probability (0 to 1) but percent or a logit; "
            + "export the model so that it ends with probabilities", e.Message);
    }

    [Theory]
    [InlineData(80, 104, 240, 184, 0.5f, float.NaN)]
    [InlineData(80, 104, 240, 184, 0.5f, float.PositiveInfinity)]
    [InlineData(80, 104, 240, 184, 0.5f, -0.5f)]
    [InlineData(80, 104, 240, 184, 0.5f, -1)]
    [InlineData(80, 104, 240, 184, 0.5f, 3)]
    [InlineData(80, 104, 240, 184, 0.5f, 1e20f)]
    public void A_row_that_is_no_detection_is_told_with_the_model_and_the_output(
        float x1, float y1, float x2, float y2, float score, float label)
    {
        var e = Assert.Throws<ModelException>(() => Decode(x1, y1, x2, y2, score, label));
        Assert.StartsWith(
            "model 'test' (detector.onnx): output 'detections' holds a row that is no detection (score ", e.Message);
        Assert.EndsWith("there are 3 labels)", e.Message);
    }

    [Fact]
    public void Numbers_that_are_none_below_the_low_score_do_no_harm() =>
        Assert.Empty(Decode(float.NaN, float.NaN, float.NaN, float.NaN, 0, float.NaN));

    [Theory]
    [InlineData(1, 100, 5)]
    [InlineData(1, 600)]
    [InlineData(2, 100, 6)]
    public void An_output_of_another_shape_is_refused(params int[] shape)
    {
        var manifest = TestModels.Manifest() with { Outputs = [TestModels.Tensor("detections", shape)] };
        Assert.Equal(
            $"model 'test' (detector.onnx): output 'detections' has shape [{string.Join(", ", shape)}]; the decoder "
            + "centernet reads "
                     + "[n, rows, 6], only n may be free",
            Assert.Throws<ModelException>(() => new BoxRowDecoder(manifest)).Message);
    }

    private static List<Detection> Decode(params float[] rows)
    {
        List<Detection> detections = [];
        new BoxRowDecoder(TestModels.Manifest()).Decode(rows, new ImageInBatch(Box, 640, 480), detections);
        return detections;
    }
}
