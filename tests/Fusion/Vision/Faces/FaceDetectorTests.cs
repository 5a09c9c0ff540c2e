using System.Numerics;
using System.Text.Json;
using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Tests.Inference;
using EdgePerception.Fusion.Tests.Vision.References;
using EdgePerception.Fusion.Vision;
using EdgePerception.Fusion.Vision.Decoders;
using EdgePerception.Fusion.Vision.Faces;
using EdgePerception.Fusion.Vision.Preprocessing;
using EdgePerception.Tests.Support;

namespace EdgePerception.Fusion.Tests.Vision.Faces;

public class FaceDetectorTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Anchors_are_those_of_MediaPipes_calculator(int model)
    {
        var reference = Reference.Read("blazeface").GetProperty("models")[model];
        var size = reference.Int("size");
        Reference.Near(reference.Floats("anchors"),
            [.. BlazeFaceAnchors.Lay(size, size).SelectMany(a => new[] { a.X, a.Y })], 1e-4f);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Faces_are_blended_as_MediaPipe_does(int model)
    {
        var reference = Reference.Read("blazeface").GetProperty("models")[model];
        var faces = Decode(reference);
        var expected = reference.GetProperty("faces").EnumerateArray().Select(face => face.Floats()).ToList();
        Assert.True(expected.Count >= 4);
        Assert.Equal(expected.Count, faces.Count);
        for (var i = 0; i < faces.Count; i++)
        {
            var face = faces[i];
            Reference.Near(expected[i],
                [face.Score,
                    .. Numbers(new(face.Box.X, face.Box.Y), new(face.Box.Right, face.Box.Bottom), face.RightEye,
                        face.LeftEye, face.NoseTip, face.Mouth, face.RightEar, face.LeftEar)],
                2e-3f);
        }
    }

    [Fact]
    public void Nothing_above_the_score_is_no_face() =>
        Assert.Empty(Decode(Reference.Read("blazeface").GetProperty("models")[0], score: 1));

    [Fact]
    public void Faces_without_area_neither_count_nor_stall()
    {
        var logits = new float[896];
        Array.Fill(logits, 5);
        var faces = new List<Face>();
        Decoder(128).Decode(logits, new float[896 * 16], Whole(128), 0.5f, faces);
        Assert.Empty(faces);
    }

    [Theory]
    [InlineData("blazeface-front")]
    [InlineData("blazeface-back")]
    public void The_astronauts_face_is_found_with_its_points(string name)
    {
        using var model = FetchedModels.Load(name);
        using var images = new PackagedImages();
        using var frame = images.Load("python3-skimage/astronaut.png");
        var face = Assert.Single(new FaceDetector(model).Detect(ImageView.Of(frame)));
        // Read off the image by eye: from the brows to the chin, and the eyes.
        Assert.True(face.Box.IntersectionOverUnion(new BoundingBox(180, 85, 90, 93)) > 0.6f, $"{face}");
        Assert.True(Vector2.Distance(face.RightEye, new Vector2(202, 100)) < 10, $"{face}");
        Assert.True(Vector2.Distance(face.LeftEye, new Vector2(247, 103)) < 10, $"{face}");
        Assert.True(Vector2.Distance(face.NoseTip, new Vector2(225, 122)) < 10, $"{face}");
        Assert.True(face.RightEar.X < face.LeftEar.X && face.Mouth.Y > face.NoseTip.Y, $"{face}");
        Assert.InRange(face.Score, 0.7f, 1);
    }

    [Fact]
    public void A_detector_of_objects_gives_the_same_boxes_under_the_label_face()
    {
        using var model = FetchedModels.Load("blazeface-front");
        using var images = new PackagedImages();
        using var frame = images.Load("python3-skimage/astronaut.png");
        var face = new FaceDetector(model).Detect(ImageView.Of(frame))[0];
        Assert.Equal(new Detection("face", face.Score, face.Box), new ObjectDetector(model).Detect(frame)[0]);
    }

    [Theory]
    [InlineData("blazeface-front")]
    [InlineData("blazeface-back")]
    public void A_cup_of_coffee_has_no_face(string name)
    {
        using var model = FetchedModels.Load(name);
        using var images = new PackagedImages();
        using var frame = images.Load("python3-skimage/coffee.png");
        Assert.Empty(new FaceDetector(model).Detect(ImageView.Of(frame)));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3000)]
    [InlineData(3000, 1)]
    [InlineData(7, 5)]
    public void Pictures_of_any_shape_are_looked_at(int width, int height)
    {
        using var model = FetchedModels.Load("blazeface-front");
        var pixels = new byte[width * height * 3];
        new Random(1).NextBytes(pixels);
        Assert.Empty(new FaceDetector(model).Detect(Reference.View(pixels, width)));
    }

    [Fact]
    public void Detecting_allocates_nothing()
    {
        using var model = FetchedModels.Load("blazeface-back");
        using var images = new PackagedImages();
        using var frame = images.Load("python3-skimage/astronaut.png");
        var detector = new FaceDetector(model);
        for (var i = 0; i < 3; i++) detector.Detect(ImageView.Of(frame));
        Assert.Equal(0, Allocations.Least(() => detector.Detect(ImageView.Of(frame))));
    }

    [Fact]
    public void Outputs_in_another_order_are_refused()
    {
        var manifest = FetchedModels.Manifest("blazeface-front");
        Assert.Equal(
            "model 'blazeface-front' (fetched/blazeface-front.onnx): output 'Identity_3:0' has shape [1, 384, 16]; "
            + "the decoder blazeface reads [n, 512, 1], only n may be free",
            Assert.Throws<ModelException>(() =>
                new BlazeFaceDecoder(manifest with { Outputs = [.. manifest.Outputs.Reverse()] })).Message);
        Assert.Contains("the manifest names 3",
            Assert.Throws<ModelException>(() =>
                new BlazeFaceDecoder(manifest with { Outputs = [.. manifest.Outputs.Take(3)] })).Message);
    }

    private static List<Face> Decode(JsonElement reference, float? score = null)
    {
        var (logits, rows) = (new float[896], new float[896 * 16]);
        Array.Fill(logits, -20);
        foreach (var row in reference.GetProperty("rows").EnumerateArray())
        {
            logits[row.Int("anchor")] = row.Float("logit");
            row.Floats("row").CopyTo(rows, row.Int("anchor") * 16);
        }

        var faces = new List<Face>();
        Decoder(reference.Int("size"))
            .Decode(logits, rows, Whole(reference.Int("size")), score ?? reference.Float("score"), faces);
        return faces;
    }

    private static BlazeFaceDecoder Decoder(int size)
    {
        var manifest = FetchedModels.Manifest("blazeface-front");
        return new BlazeFaceDecoder(manifest with
        {
            Inputs = [TestModels.Tensor("input:0", 1, size, size, 3)],
            Outputs = [TestModels.Tensor("scores", 1, 896, 1), TestModels.Tensor("boxes", 1, 896, 16)],
        });
    }

    // The input lies at (1000, 1000) in a larger image, so that nothing is clipped.
    private static ImageInBatch Whole(int size) =>
        new(new ImagePlacement(1, 1, -1000, -1000, 0, 0, size, size), 3000, 3000);

    private static IEnumerable<float> Numbers(params Vector2[] points) =>
        points.SelectMany(p => new[] { p.X - 1000, p.Y - 1000 });
}
