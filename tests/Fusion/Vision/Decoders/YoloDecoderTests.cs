using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Tests.Inference;
using EdgePerception.Fusion.Vision;
using EdgePerception.Fusion.Vision.Decoders;
using EdgePerception.Fusion.Vision.Preprocessing;
using EdgePerception.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EdgePerception.Fusion.Tests.Vision.Decoders;

/// <summary>A 640×480 image in a 512×512 input: scale 0.8, 64 rows of border above. Three labels.</summary>
public class YoloDecoderTests
{
    private static readonly ImageInBatch Picture = new(
        ImagePlacement.Fit(ImageFit.Letterbox, 640, 480, 512, 512), 640, 480);

    // Scores on a coarse grid, so that ties come often.
    private static readonly Arbitrary<Row[]> Rows = (
        from x in Gen.Choose(-20, 532)
        from y in Gen.Choose(-20, 532)
        from width in Gen.Choose(0, 100)
        from height in Gen.Choose(0, 100)
        from scores in Gen.Choose(0, 20).ListOf(3)
        select new Row(x, y, width, height, [.. scores.Select(score => score / 20f)])).NonEmptyListOf()
        .Select(list => list.ToArray()).ToArbitrary();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_box_is_taken_from_its_centre_back_to_the_picture_under_its_best_class(bool objectness) =>
        Assert.Equal(
        [
            new Detection("bottle", 0.75f, new BoundingBox(100, 50, 200, 100))
            {
                Near = new(new("cup", 0.5f), new("person", 0.25f), default),
            },
        ],
        Decode(objectness, new Row(160, 144, 160, 80, [0.5f, 0.75f, 0.25f])));

    [Fact]
    public void A_row_a_box_without_an_objectness_is_read_like_a_column_a_box()
    {
        Row[] rows = [
            .. Enumerable.Range(0, 40)
                .Select(i => new Row(40 + 10 * i, 144, 8, 80, [i % 3 * 0.3f, 0.4f, i % 2 * 0.9f]))];
        List<Detection> detections = [];
        var manifest =
            TestModels.Manifest() with
            {
                Decoder = DecoderFamily.Yolo,
                Outputs = [TestModels.Tensor("output0", 1, rows.Length, 7)],
            };
        float[] data = [.. rows.SelectMany(row => (float[])[row.X, row.Y, row.Width, row.Height, .. row.Scores])];
        new YoloDecoder(manifest).Decode(data, Picture, detections);
        Assert.Equal(Decode(false, rows), detections);
        Assert.Equal(40, detections.Count);
    }

    [Theory]
    [InlineData(90)]
    [InlineData(-4.5f)]
    public void Scores_that_are_no_probabilities_are_told(float score)
    {
        var e = Assert.Throws<ModelException>(() => Decode(false, new Row(160, 144, 160, 80, [score, score, score])));
        Assert.Contains("output 'output0' gives the score ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_objectness_weighs_the_best_class() =>
        Assert.Equal(0.4f, Assert.Single(Decode(true, new Row(160, 144, 160, 80, [0.5f, 0.1f, 0.2f], 0.8f))).Score);

    [Theory]
    [InlineData(0.1f, 1)]
    [InlineData(0.0999f, 0)]
    [InlineData(0, 0)]
    [InlineData(float.NaN, 0)]
    public void Boxes_are_read_down_to_the_low_score(float score, int count)
    {
        Assert.Equal(count, Decode(false, new Row(160, 144, 160, 80, [score, 0, 0])).Count);
        Assert.Equal(count, Decode(true, new Row(160, 144, 160, 80, [1, 0, 0], score)).Count);
    }

    [Fact]
    public void Without_a_threshold_a_score_of_zero_is_still_nothing()
    {
        var manifest = Manifest(false, 2) with { Thresholds = new ThresholdManifest { Score = 0, LowScore = 0 } };
        Assert.Single(
            Decode(
                manifest, false, new Row(160, 144, 160, 80, [1e-20f, 0, 0]), new Row(160, 144, 160, 80, [0, -0f, 0])));
    }

    [Theory]
    [InlineData(256, 32, 100, 60)]
    [InlineData(256, 480, 100, 60)]
    [InlineData(-100, 256, 100, 100)]
    [InlineData(256, 256, 0, 100)]
    [InlineData(256, 256, 100, 0)]
    [InlineData(256, 256, -100, -100)]
    [InlineData(float.NaN, 256, 100, 100)]
    public void What_lies_outside_or_has_no_area_is_left_out(float x, float y, float width, float height) =>
        Assert.Empty(Decode(false, new Row(x, y, width, height, [0.9f, 0, 0])));

    [Fact]
    public void A_box_is_clipped_to_the_picture() => Assert.Equal(
        new BoundingBox(0, 0, 640, 480), Assert.Single(Decode(false, new Row(256, 256, 1e6f, 1e6f, [0.9f, 0, 0]))).Box);

    [Fact]
    public void Of_equal_scores_the_first_row_and_the_first_class_come_first()
    {
        var found =
            Decode(false, new Row(100, 200, 10, 10, [0.2f, 0.5f, 0.5f]), new Row(300, 200, 10, 10, [0.5f, 0.5f, 0]),
            new Row(200, 200, 10, 10, [0, 0, 0.9f]));
        Assert.Equal(["person", "bottle", "cup"], found.Select(d => d.Label));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_more_than_a_thousand_boxes_the_best_thousand_are_looked_at(bool objectness)
    {
        // Rising scores, so that the best come last.
        Row[] rows = [
            .. Enumerable.Range(0, 2500)
                .Select(i => new Row(i % 50 * 10 + 5, i / 50 * 7 + 70, 4, 4, [0.2f + i * 1e-4f, 0, 0]))];
        var found = Decode(objectness, rows);
        Assert.Equal(Candidates.Most, found.Count);
        Assert.Equal(found.OrderByDescending(d => d.Score), found);
        Assert.Equal(0.2f + 2499 * 1e-4f, found[0].Score);
        Assert.Equal(0.2f + 1500 * 1e-4f, found[^1].Score);
    }

    [Property(MaxTest = 500, Replay = "17,31")]
    public Property Both_layouts_find_what_a_plain_search_finds() => Prop.ForAll(Rows, rows =>
    {
        var expected = rows.Select(row => (row, score: row.Scores.Max()))
            .Where(r => r.score >= 0.1f)
            .OrderByDescending(r => r.score)
            .Select(r => new Detection(
                ReferenceLabels[Array.IndexOf(r.row.Scores, r.score)], r.score,
                Picture.ToImage(r.row.X - r.row.Width / 2, r.row.Y - r.row.Height / 2, r.row.X + r.row.Width / 2,
                    r.row.Y + r.row.Height / 2)))
            .Where(d => d.Box.Area > 0).ToList();
        Assert.Equal(expected, Decode(false, rows).Select(found => found with { Near = default }));
        // Seven rows of eight channels are eight rows of seven, too.
        if (rows.Length != 7)
            Assert.Equal(expected, Decode(true, rows).Select(found => found with { Near = default }));
    });

    [Fact]
    public void Decoding_many_boxes_allocates_nothing()
    {
        const int Count = 3000;
        var random = new Random(1);
        var data = new float[Count * 7];
        for (var i = 0; i < data.Length; i++) data[i] = i < Count * 4 ? random.NextSingle() * 500 : random.NextSingle();
        var decoder = new YoloDecoder(Manifest(false, Count));
        List<Detection> detections = new(Candidates.Most);
        Assert.Equal(0, Allocations.Least(() =>
        {
            detections.Clear();
            decoder.Decode(data, Picture, detections);
            NonMaximumSuppression.Apply(detections, 0.4f);
        }));
    }

    [Theory]
    [InlineData(
        new[] { 1, 84, 8400 },
        "[1, 84, 8400]; the decoder yolo reads [n, 7, rows] or [n, rows, 7] (4 + 3 labels) or, with an objectness, "
        + "[n, rows, 8] (5 + 3 labels)")]
    [InlineData(new[] { 1, 8, 8400 }, "[1, 8, 8400]; the decoder yolo reads [n, 7, rows]")]
    [InlineData(new[] { 1, 25200, 85 }, "[1, 25200, 85]; the decoder yolo reads [n, 7, rows]")]
    [InlineData(new[] { 7, 8400 }, "[7, 8400]; the decoder yolo reads [n, 7, rows]")]
    [InlineData(new[] { 2, 7, 8400 }, "[2, 7, 8400]; the decoder yolo reads [n, 7, rows]")]
    [InlineData(new[] { -1, 7, -1 }, "[-1, 7, -1]; the decoder yolo reads [n, 7, rows]")]
    public void An_output_that_does_not_fit_the_labels_is_refused(int[] shape, string rule) => Assert.StartsWith(
        $"model 'test' (detector.onnx): output 'output0' has shape {rule}",
        Assert.Throws<ModelException>(() =>
            new YoloDecoder(Manifest(false, 1) with { Outputs = [TestModels.Tensor("output0", shape)] })).Message);

    private static IReadOnlyList<string> ReferenceLabels => TestModels.Manifest().Labels;

    private static ModelManifest Manifest(bool objectness, int rows) => TestModels.Manifest() with
    {
        Decoder = DecoderFamily.Yolo,
        Outputs = [TestModels.Tensor("output0", objectness ? [1, rows, 8] : [1, 7, rows])],
    };

    private static List<Detection> Decode(bool objectness, params Row[] rows) =>
        Decode(Manifest(objectness, rows.Length), objectness, rows);

    private static List<Detection> Decode(ModelManifest manifest, bool objectness, params Row[] rows)
    {
        IEnumerable<float[]> table = rows.Select(row => objectness
            ? (float[])[row.X, row.Y, row.Width, row.Height, row.Objectness, .. row.Scores]
            : [row.X, row.Y, row.Width, row.Height, .. row.Scores]);
        float[] data = [
            .. objectness ? table.SelectMany(row => row)
                : Enumerable.Range(0, 7).SelectMany(c => table.Select(row => row[c]))];
        List<Detection> detections = [];
        new YoloDecoder(manifest).Decode(data, Picture, detections);
        return detections;
    }

    private sealed record Row(float X, float Y, float Width, float Height, float[] Scores, float Objectness = 1);
}
