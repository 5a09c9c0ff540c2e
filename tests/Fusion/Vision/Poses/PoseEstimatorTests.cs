using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Tests.Inference;
using EdgePerception.Fusion.Tests.Vision.References;
using EdgePerception.Fusion.Vision.Poses;
using EdgePerception.Fusion.Vision.Preprocessing;
using EdgePerception.Tests.Support;
using Microsoft.ML.OnnxRuntime;

namespace EdgePerception.Fusion.Tests.Vision.Poses;

public class PoseEstimatorTests
{
    [Fact]
    public void The_head_that_the_real_model_gets_decodes_as_numpy_does_cell_by_cell()
    {
        var reference = Reference.Read("movenet_head");
        var (grid, batch) = (reference.Int("grid"), reference.Int("batch"));
        using var session = new InferenceSession(Path.Combine(Reference.Folder, "movenet_head.onnx"));
        using var options = new RunOptions();
        string[] names = ["points", "centre", "regression", "offsets"];
        var maps = names.Select(name => OrtValue.CreateTensorValueFromMemory(
            reference.Floats(name), [batch, reference.Floats(name).Length / batch / grid / grid, grid, grid])).ToList();
        using var answers = session.Run(options, names, maps, ["poses"]);
        Reference.Near(reference.Floats("poses"), answers[0].GetTensorDataAsSpan<float>().ToArray(), 1e-5f);
        foreach (var map in maps) map.Dispose();
    }

    [Fact]
    public void Points_of_each_region_come_back_in_pixels_of_the_picture()
    {
        var reference = Reference.Read("movenet");
        using var model = Reference.Load(SmallManifest());
        var points = new KeyPoint[34];
        new PoseEstimator(model).Estimate(
            reference.Picture(), [new BoundingBox(0, 0, 8, 8), new BoundingBox(8, 0, 8, 8)], points);
        Reference.Near(reference.Floats("points"), [.. points.SelectMany(p => new[] { p.X, p.Y, p.Score })], 1e-4f);
        Assert.Equal(PoseEstimator.Names.Concat(PoseEstimator.Names), points.Select(p => p.Name));
    }

    [Fact]
    public void A_model_that_takes_int32_gets_the_pixels_as_they_are()
    {
        var reference = Reference.Read("movenet");
        using var model = Reference.Load(SmallManifest() with
        {
            File = "movenet_int32.onnx",
            Sha256 = Reference.Sha256("movenet_int32.onnx"),
            Inputs = [TestModels.Tensor("images", 1, 8, 8, 3) with { Type = TensorType.Int32 }],
            Outputs = [TestModels.Tensor("scores", 1, 1, 17, 3)],
            Picture = new ImageManifest { Layout = TensorLayout.Nhwc },
        });
        var (estimator, image, points) = (new PoseEstimator(model), reference.Bytes("pixels"), new KeyPoint[34]);
        void Work() =>
            estimator.Estimate(
                Reference.View(image, 16), [new BoundingBox(0, 0, 8, 8), new BoundingBox(8, 0, 8, 8)], points);
        Work();
        Reference.Near(reference.Floats("points"), [.. points.SelectMany(p => new[] { p.X, p.Y, p.Score })], 1e-4f);
        Work();
        Assert.Equal(0, Allocations.Least(Work));
    }

    [Fact]
    public void A_letterboxed_picture_has_its_points_taken_back()
    {
        using var model =
            Reference.Load(SmallManifest() with
            {
                Picture = new ImageManifest { Layout = TensorLayout.Nhwc, Std = [255, 255, 255], Border = 51 },
            });
        // 32×16 in 8×8: a quarter, two rows of border above. The first six points lie in the border: 0.2 of the input's
        // height and width.
        var points = new PoseEstimator(model).Estimate(Reference.View(new byte[32 * 16 * 3], 32));
        Reference.Near([0.2f * 8 * 4, (0.2f * 8 - 2) * 4, 0.2f], [points[0].X, points[0].Y, points[0].Score], 1e-4f);
    }

    [Fact]
    public void The_astronauts_pose_is_found()
    {
        using var model = FetchedModels.Load("movenet-lightning");
        using var images = new PackagedImages();
        using var frame = images.Load("python3-skimage/astronaut.png");
        var points = new PoseEstimator(model).Estimate(ImageView.Of(frame)).ToDictionary(p => p.Name);
        // Read off the image by eye: 512×512, she looks at the camera, her right at the image's left.
        Near(points["nose"], 225, 122, 12);
        Near(points["right eye"], 202, 100, 12);
        Near(points["left eye"], 247, 103, 12);
        Near(points["right shoulder"], 110, 250, 40);
        Near(points["left shoulder"], 310, 265, 40);
        Assert.All(["nose", "left eye", "right eye", "left shoulder", "right shoulder"],
            name => Assert.True(points[name].Score > 0.4f, $"{points[name]}"));
    }

    [Fact]
    public void People_of_one_picture_join_a_run_and_get_the_same_points_as_alone()
    {
        using var model = FetchedModels.Load("movenet-lightning");
        using var images = new PackagedImages();
        using var frame = images.Load("opencv-doc/basketball1.png");
        var estimator = new PoseEstimator(model);
        BoundingBox[] people = [new(0, 50, 300, 430), new(300, 50, 340, 430)];
        var together = new KeyPoint[34];
        estimator.Estimate(ImageView.Of(frame), people, together);
        var alone = new KeyPoint[17];
        for (var i = 0; i < people.Length; i++)
        {
            estimator.Estimate(ImageView.Of(frame), people.AsSpan(i, 1), alone);
            for (var p = 0; p < 17; p++) Near(together[i * 17 + p], alone[p].X, alone[p].Y, 0.5f);
        }
    }

    [Fact]
    public void Estimating_allocates_nothing()
    {
        using var model = FetchedModels.Load("movenet-lightning");
        using var images = new PackagedImages();
        using var frame = images.Load("python3-skimage/astronaut.png");
        var estimator = new PoseEstimator(model);
        for (var i = 0; i < 3; i++) estimator.Estimate(ImageView.Of(frame));
        Assert.Equal(0, Allocations.Least(() => estimator.Estimate(ImageView.Of(frame))));
    }

    [Fact]
    public void An_output_that_is_not_MoveNets_is_refused()
    {
        using var model = Reference.Load(
            Reference.Manifest("classifier", DecoderFamily.Movenet, Reference.SmallImages("images"),
                TestModels.Tensor("scores", -1, 10)));
        Assert.Equal(
            "model 'test' (classifier.onnx): output 'scores' has shape [-1, 10]; the decoder movenet reads [n, 1, 17, "
            + "3], only n may be free",
            Assert.Throws<ModelException>(() => new PoseEstimator(model)).Message);
    }

    private static void Near(KeyPoint point, float x, float y, float distance) =>
        Assert.True(MathF.Sqrt((point.X - x) * (point.X - x) + (point.Y - y) * (point.Y - y)) <= distance,
            $"{point} is not near {x}, {y}");

    private static ModelManifest SmallManifest() =>
        Reference.Manifest("movenet", DecoderFamily.Movenet, Reference.SmallImages("images", planar: false),
            TestModels.Tensor("scores", -1, 1, 17, 3)) with
        {
            Picture = new ImageManifest { Layout = TensorLayout.Nhwc, Std = [255, 255, 255] },
        };
}
