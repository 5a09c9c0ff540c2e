using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Tests.Inference;
using EdgePerception.Fusion.Vision;
using EdgePerception.Sensors.Frames;
using EdgePerception.Tests.Support;

namespace EdgePerception.Fusion.Tests.Vision;

public sealed class ObjectDetectorTests : IDisposable
{
    private readonly FramePool _pool = new(2);

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void The_cup_is_found_on_the_picture_of_a_coffee()
    {
        using var model = TestModels.LoadCenterNet();
        using var images = new PackagedImages();
        using var frame = images.Load("python3-skimage/coffee.png");
        var best = new ObjectDetector(model).Detect(frame)[0];
        Assert.Equal("cup", best.Label);
        Assert.InRange(best.Score, 0.5f, 0.75f);
        // The cup on its saucer, as a person would frame it: it fills the middle of the 600×400 image.
        Assert.True(best.Box.IntersectionOverUnion(new BoundingBox(150, 60, 290, 290)) > 0.5f, $"{best.Box}");
    }

    [Fact]
    public void Two_men_are_found_on_the_picture_of_a_basketball_game_and_nobody_twice()
    {
        using var model = TestModels.LoadCenterNet();
        using var images = new PackagedImages();
        using var frame = images.Load("opencv-doc/basketball1.png");
        var found = new ObjectDetector(model).Detect(frame);
        var persons = found.Where(d => d.Label == "person" && d.Score >= model.Manifest.Thresholds.Score).ToList();
        Assert.Equal(2, persons.Count);
        Assert.InRange(persons[0].Score, 0.75f, 0.9f);
        Assert.True(persons[0].Box.IntersectionOverUnion(persons[1].Box) <= model.Manifest.Thresholds.Overlap);
        Assert.All(found, d => Assert.True(
            d.Box is { X: >= 0, Y: >= 0 } && d.Box.Right <= frame.Width + 0.01f
                && d.Box.Bottom <= frame.Height + 0.01f));
        Assert.Equal(found.OrderByDescending(d => d.Score), found);
    }

    [Fact]
    public void Pictures_of_different_sizes_in_turn_are_each_found_in()
    {
        using var model = TestModels.LoadCenterNet();
        var detector = new ObjectDetector(model);
        using var first = new PackagedImages();
        using var second = new PackagedImages();
        using var coffee = first.Load("python3-skimage/coffee.png");
        using var cat = second.Load("python3-skimage/chelsea.png");
        var alone = detector.Detect(coffee).ToList();
        Assert.Equal("cat", detector.Detect(cat)[0].Label);
        Assert.Equal(alone, detector.Detect(coffee));
    }

    [Fact]
    public void Detecting_allocates_nothing_while_the_pictures_keep_their_size()
    {
        using var model = TestModels.LoadCenterNet();
        var detector = new ObjectDetector(model);
        using var images = new PackagedImages();
        using var frame = images.Load("opencv-doc/basketball1.png");
        for (var i = 0; i < 2; i++) detector.Detect(frame);
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 5; i++) detector.Detect(frame);
        }));
    }

    [Fact]
    public void What_the_model_answers_is_taken_back_to_the_picture()
    {
        using var model = TestModels.Load(TestModels.Manifest());
        // 16×8 in 8×8: scale a half, two rows of border above; the border holds no pixels, so the first row's values
        // are 0.
        using var frame = Rent(16, 8, 200);
        Assert.Empty(new ObjectDetector(model).Detect(frame));
        // Rows of x1 1, y1 2, x2 5, y2 6, score 1, class 2 and of nothing, written as pixels that go through unchanged.
        using var square = Rent(8, 8, 0);
        ((ReadOnlySpan<byte>)[1, 2, 5, 6, 1, 2]).CopyTo(square.Pixels);
        Assert.Equal(
            [new Detection("person", 1, new BoundingBox(1, 2, 4, 4))], new ObjectDetector(model).Detect(square));
    }

    [Fact]
    public void A_model_that_answers_with_no_number_is_told()
    {
        using var model = TestModels.Load(TestModels.Manifest("nan.onnx"));
        using var frame = Rent(8, 8, 0);
        Assert.Contains("output 'detections' holds NaN or infinity",
            Assert.Throws<ModelException>(() => new ObjectDetector(model).Detect(frame)).Message);
    }

    [Fact]
    public void A_dark_picture_does_not_hang_the_model_that_hangs()
    {
        using var model = TestModels.Load(TestModels.Hang());
        using var frame = Rent(640, 480, 10);
        Assert.Empty(new ObjectDetector(model).Detect(frame));
    }

    [Fact]
    public async Task A_detection_that_hangs_is_ended_by_terminating_its_model_and_the_next_picture_is_seen()
    {
        using var model = TestModels.Load(TestModels.Hang());
        var detector = new ObjectDetector(model);
        using var bright = Rent(640, 480, 250);
        var detection = Task.Run(() => detector.Detect(bright));
        while (!detection.IsCompleted)
        {
            model.Terminate();
            await Task.WhenAny(detection, Task.Delay(5));
        }

        await Assert.ThrowsAsync<ModelException>(() => detection);
        using var dark = Rent(640, 480, 0);
        Assert.Empty(detector.Detect(dark));
    }

    private Frame Rent(int width, int height, byte grey)
    {
        Assert.True(_pool.TryRent(width, height, out var frame));
        frame.Pixels.Fill(grey);
        return frame;
    }
}
