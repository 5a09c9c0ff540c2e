using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Tests.Inference;
using EdgePerception.Fusion.Vision;
using EdgePerception.Fusion.Vision.Decoders;
using EdgePerception.Sensors.Frames;
using EdgePerception.Tests.Support;

namespace EdgePerception.Fusion.Tests.Vision.Decoders;

/// <summary>Models that always answer the same, of a 64×64 image in a 32×32 input.</summary>
public sealed class BoxesLabelsScoresDecoderTests : IDisposable
{
    private const int Float = 1, Int32 = 6, Int64 = 7;
    private readonly TemporaryFolder _folder = new();
    private readonly FramePool _pool = new(1);

    [Theory]
    [InlineData(BoxCorners.Xyxy, BoxUnit.Pixels, 4, 8, 20, 16)]
    [InlineData(BoxCorners.Yxyx, BoxUnit.Pixels, 8, 4, 16, 20)]
    [InlineData(BoxCorners.Xyxy, BoxUnit.Shares, 0.125f, 0.25f, 0.625f, 0.5f)]
    [InlineData(BoxCorners.Yxyx, BoxUnit.Shares, 0.25f, 0.125f, 0.5f, 0.625f)]
    public void A_box_is_read_as_the_manifest_says_it_is_given(
        BoxCorners corners, BoxUnit unit, float a, float b, float c, float d)
    {
        var manifest =
            Manifest(Picked(["k", 4], ["k"], [a, b, c, d], [1], [0.75f])) with
            {
                Boxes = new BoxManifest { Corners = corners, Unit = unit },
            };
        Assert.Equal([new Detection("bottle", 0.75f, new BoundingBox(8, 16, 32, 16))], Detect(manifest));
    }

    [Fact]
    public void As_many_boxes_as_the_graph_picks_are_read_none_too()
    {
        Assert.Equal(
            ["person", "cup"],
            Detect(Manifest(Picked(["k", 4], ["k"], [0, 0, 9, 9, 9, 9, 20, 20], [0, 2], [0.5f, 0.6f])))
                .Select(seen => seen.Label));
        Assert.Empty(Detect(Manifest(Picked(["k", 4], ["k"], [], [], []))));
        Assert.Empty(Detect(Manifest(Picked(["k", 4], ["k"], [0, 0, 9, 9], [0], [0.05f]))));
        Assert.Empty(Detect(Manifest(Picked(["k", 4], ["k"], [9, 9, 9, 9], [0], [0.5f]))));
    }

    [Fact]
    public void An_axis_before_the_boxes_classes_with_a_point_and_the_number_that_counts_are_read()
    {
        var graph =
            Input().Answer("boxes", Float, [1, 3, 4], [1, 3, 4], Bytes([0, 0, 9, 9, 9, 9, 20, 20, 0, 0, 30, 30]))
            .Answer("labels", Float, [1, 3], [1, 3], Bytes([1, 2, 0]))
            .Answer("scores", Float, [1, 3], [1, 3], Bytes([0.9f, 0.8f, 0.7f]))
            .Answer("number", Float, [1], [1], Bytes([2]));
        var manifest = Manifest(graph, [[1, 3, 4], [1, 3], [1, 3], [1]], TensorType.Float32);
        Assert.Equal(["bottle", "person"], Detect(manifest).Select(seen => seen.Label));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    public void A_class_without_a_label_is_told_with_what_it_may_be(long label)
    {
        var e =
            Assert.Throws<ModelException>(() =>
                Detect(Manifest(Picked(["k", 4], ["k"], [0, 0, 9, 9], [label], [0.5f]))));
        Assert.EndsWith(
            $"output 'labels' holds a row that is no detection (score 0.5, class {label}; there are 3 labels); "
                        + "where the model counts its classes from 1, the first label is its background", e.Message,
                        StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(90)]
    [InlineData(-2.5f)]
    public void A_score_that_is_no_probability_is_told(float score)
    {
        var e =
            Assert.Throws<ModelException>(() => Detect(Manifest(Picked(["k", 4], ["k"], [0, 0, 9, 9], [1], [score]))));
        Assert.Contains("output 'scores' gives the score ", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { 3, 5 }, new[] { 3 }, new[] { 3 },
        "output 'boxes' has shape [3, 5]; the decoder boxes_labels_scores reads [k, 4] or [1, k, 4]")]
    [InlineData(new[] { 2, 3, 4 }, new[] { 3 }, new[] { 3 }, "output 'boxes' has shape [2, 3, 4]; ")]
    [InlineData(new[] { 3, 4 }, new[] { 2 }, new[] { 3 },
        "output 'labels' has shape [2]; the decoder boxes_labels_scores reads [3] or [1, 3] of labels")]
    [InlineData(new[] { 3, 4 }, new[] { 3 }, new[] { -1 }, "output 'scores' has shape [-1]; ")]
    [InlineData(new[] { -1, 4 }, new[] { -1 }, new[] { 1, 1, 3 }, "output 'scores' has shape [1, 1, 3]; ")]
    public void An_output_of_another_shape_is_refused(int[] boxes, int[] labels, int[] scores, string rule) =>
        Assert.StartsWith($"model 'test' (detector.onnx): {rule}", Refusal(Manifest([boxes, labels, scores])),
            StringComparison.Ordinal);

    [Fact]
    public void Outputs_of_another_number_or_type_and_a_free_batch_are_refused()
    {
        Assert.Contains(
            "reads the outputs boxes, labels, scores and, where it has one, their number; the manifest names 2",
            Refusal(Manifest([[3, 4], [3]])));
        Assert.EndsWith("output 'number' has shape [3]; the decoder boxes_labels_scores reads [1], only n may be free",
            Refusal(Manifest([[3, 4], [3], [3], [3]])));
        var manifest = Manifest([[3, 4], [3], [3]]);
        Assert.EndsWith("reads one picture a run; give the first axis of 'images' the length 1",
            Refusal(manifest with { Inputs = [TestModels.Tensor("images", -1, 3, 32, 32)] }));
        Assert.EndsWith("output 'scores' is int64; the decoder boxes_labels_scores reads float32 or float16 there",
            Refusal(manifest with
            {
                Outputs = [.. manifest.Outputs.Take(2), manifest.Outputs[2] with { Type = TensorType.Int64 }],
            }));
    }

    public void Dispose()
    {
        _pool.Dispose();
        _folder.Dispose();
    }

    private static string Refusal(ModelManifest manifest) =>
        Assert.Throws<ModelException>(() => DetectionDecoders.For(manifest)).Message;

    private static OnnxGraph Input() => new OnnxGraph().TypedInput(Int32, "images", 1, 3, 32, 32);

    private static OnnxGraph Picked(object[] boxes, object[] each, float[] corners, long[] labels, float[] scores) =>
        Input()
        .Answer("boxes", Float, boxes, [labels.Length, 4], Bytes(corners))
        .Answer("labels", Int64, each, [labels.Length], [.. labels.SelectMany(BitConverter.GetBytes)])
        .Answer("scores", Float, each, [labels.Length], Bytes(scores));

    private ModelManifest Manifest(OnnxGraph graph) => Manifest(graph, [[-1, 4], [-1], [-1]], TensorType.Int64);

    private ModelManifest Manifest(OnnxGraph graph, int[][] shapes, TensorType labels)
    {
        _folder.Write("detector.onnx", graph.ToBytes());
        var manifest = Manifest(shapes);
        return manifest with
        {
            Sha256 = TestModels.Manifest("detector.onnx", _folder.Path).Sha256,
            Outputs = [
                .. manifest.Outputs.Select((output, index) => index == 1 ? output with { Type = labels } : output)],
        };
    }

    private static ModelManifest Manifest(int[][] shapes)
    {
        string[] names = ["boxes", "labels", "scores", "number"];
        return TestModels.Manifest() with
        {
            Decoder = DecoderFamily.BoxesLabelsScores,
            // Whole numbers for pixels, as some exports take them.
            Inputs = [TestModels.Tensor("images", 1, 3, 32, 32) with { Type = TensorType.Int32 }],
            Outputs = [
                .. shapes.Select((shape, index) => TestModels.Tensor(names[index], shape) with
                {
                    Type = index == 1 ? TensorType.Int64 : TensorType.Float32,
                })],
            Picture = new ImageManifest(),
        };
    }

    private List<Detection> Detect(ModelManifest manifest)
    {
        using var detector = new ObjectDetector(OnnxModel.Load(manifest, _folder.Path, TestModels.OneThread));
        Assert.True(_pool.TryRent(64, 64, out var frame));
        using (frame) return [.. detector.Detect(frame)];
    }

    private static byte[] Bytes(float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];
}
