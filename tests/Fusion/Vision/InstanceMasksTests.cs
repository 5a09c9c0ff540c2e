using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Tests.Vision.Decoders;
using EdgePerception.Fusion.Vision;
using EdgePerception.Sensors.Frames;

namespace EdgePerception.Fusion.Tests.Vision;

public sealed class InstanceMasksTests : IDisposable
{
    private readonly FramePool _pool = new(1);
    private readonly OnnxModel _model = ReferenceModels.Load("yolov8_seg");
    private readonly ObjectDetector _detector;
    private readonly List<Detection> _found;

    public InstanceMasksTests()
    {
        _detector = new ObjectDetector(_model);
        using var frame = ReferenceModels.Rent(_pool, ReferenceModels.Images("yolov8_seg")[0]);
        _found = _detector.Detect(frame);
    }

    public void Dispose()
    {
        _model.Dispose();
        _pool.Dispose();
    }

    [Theory]
    [InlineData(0, 0, 4, 3, 0, 0, 4, 3)]
    [InlineData(0.5f, 0.6f, 2, 2, 0, 1, 2, 2)]
    [InlineData(0.4f, 0.4f, 0.2f, 0.2f, 0, 0, 1, 1)]
    [InlineData(0.6f, 0.6f, 0.8f, 0.8f, 1, 1, 0, 0)]
    [InlineData(3, 3, 0, 0, 3, 3, 0, 0)]
    public void A_box_covers_the_pixels_whose_centres_it_holds(
        float x, float y, float width, float height, int left, int top, int columns, int rows) =>
        Assert.Equal(new PixelArea(left, top, columns, rows), PixelArea.Of(new BoundingBox(x, y, width, height)));

    [Fact]
    public void Every_detection_of_a_model_with_prototypes_knows_its_row()
    {
        Assert.NotEmpty(_found);
        Assert.All(_found, d => Assert.InRange(d.Row, 2, 39));
        Assert.Equal(_found.Count, _found.Select(d => d.Row).Distinct().Count());
    }

    [Fact]
    public void A_larger_memory_is_written_no_further_than_the_mask()
    {
        var area = PixelArea.Of(_found[0].Box);
        var memory = Enumerable.Repeat((byte)77, area.Width * area.Height + 10).ToArray();
        _detector.Masks!.Write(0, _found[0], memory);
        Assert.All(memory[^10..], b => Assert.Equal(77, b));
        // Some prototypes' sum is positive somewhere and negative elsewhere.
        Assert.Contains(memory[..^10], b => b > 200);
        Assert.Contains(memory[..^10], b => b < 50);
    }

    [Fact]
    public void Too_little_memory_is_refused()
    {
        var area = PixelArea.Of(_found[0].Box);
        Assert.StartsWith($"{area.Width}×{area.Height} pixels need as many bytes, there are 3",
            Assert.Throws<ArgumentException>(() => _detector.Masks!.Write(0, _found[0], new byte[3])).Message);
    }

    [Fact]
    public void A_detection_of_another_kind_of_model_has_no_mask() =>
        Assert.StartsWith("a detection without a row has no mask",
        Assert.Throws<ArgumentException>(() =>
            _detector.Masks!.Write(0, new Detection("cup", 1, new BoundingBox(0, 0, 2, 2)), new byte[4])).Message);

    [Fact]
    public void A_picture_that_was_not_in_the_run_has_no_masks() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _detector.Masks!.Write(1, _found[0], new byte[96 * 64]));

    [Fact]
    public void A_box_that_holds_no_pixel_centre_has_an_empty_mask() =>
        _detector.Masks!.Write(0, _found[0] with { Box = new BoundingBox(0.6f, 0, 0.3f, 10) }, []);
}
