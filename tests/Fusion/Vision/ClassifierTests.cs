using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Tests.Inference;
using EdgePerception.Fusion.Tests.Vision.References;
using EdgePerception.Fusion.Vision;
using EdgePerception.Tests.Support;

namespace EdgePerception.Fusion.Tests.Vision;

/// <summary>A graph whose ten logits are the first ten red values of an 8×8 image.</summary>
public sealed class ClassifierTests : IDisposable
{
    private static readonly string[] Labels = [.. Enumerable.Range(0, 10).Select(i => $"label {i}")];
    private readonly OnnxModel _model = Reference.Load(Manifest());

    public void Dispose() => _model.Dispose();

    [Fact]
    public void A_regions_best_labels_are_those_that_numpy_gives()
    {
        var reference = Reference.Read("classifier");
        var classifier = new Classifier(_model);
        var x = 0;
        foreach (var region in reference.GetProperty("regions").EnumerateArray())
        {
            var best = classifier.Classify(reference.Picture(), new BoundingBox(x, 0, 8, 8), count: 4);
            Assert.Equal(region.GetProperty("best").EnumerateArray().Select(i => Labels[i.GetInt32()]),
                best.Select(c => c.Label));
            Reference.Near([.. region.GetProperty("probabilities").EnumerateArray().Select(p => p.GetSingle())],
                [.. best.Select(c => c.Score)], 1e-5f);
            x += 8;
        }

        Assert.Equal(24, x);
    }

    [Fact]
    public void Regions_join_runs_of_the_models_batch_and_keep_their_order()
    {
        var reference = Reference.Read("classifier");
        var classifier = new Classifier(_model);
        BoundingBox[] regions = [new(16, 0, 8, 8), new(0, 0, 8, 8), new(8, 0, 8, 8), new(0, 0, 8, 8), new(16, 0, 8, 8)];
        var best = new Classification[5];
        classifier.Classify(reference.Picture(), regions, best);
        for (var i = 0; i < regions.Length; i++)
            Assert.Equal(classifier.Classify(reference.Picture(), regions[i], 1)[0], best[i]);
        Assert.NotEqual(best[0], best[1]);
    }

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(-50, -50, 10, 10)]
    [InlineData(1000, 1000, 1, 1)]
    [InlineData(3, 2, 1e-6f, 1e6f)]
    public void A_region_that_is_empty_or_beside_the_picture_gives_an_answer_all_the_same(
        float x, float y, float width, float height)
    {
        var best = new Classifier(_model).Classify(
            Reference.Read("classifier").Picture(), new BoundingBox(x, y, width, height), 10);
        Assert.Equal(1, best.Sum(c => c.Score), 1e-4f);
    }

    [Fact]
    public void No_regions_ask_nothing_of_the_model() =>
        new Classifier(_model).Classify(Reference.Read("classifier").Picture(), [], []);

    [Fact]
    public void Probabilities_are_taken_as_they_are()
    {
        var manifest =
            Manifest() with { Scores = ScoreKind.Probabilities, Picture = new ImageManifest { Std = [255, 255, 255] } };
        using var model = Reference.Load(manifest);
        var pixels = new byte[192];
        pixels[3 * 7] = 51;
        var best = new Classifier(model).Classify(Reference.View(pixels, 8), 2);
        Assert.Equal(["label 7", "label 0"], best.Select(c => c.Label));
        Reference.Near([0.2f, 0], [.. best.Select(c => c.Score)], 1e-5f);
    }

    [Fact]
    public void Numbers_that_are_no_probabilities_are_told_with_what_to_write_into_the_manifest()
    {
        using var model = Reference.Load(Manifest() with { Scores = ScoreKind.Probabilities });
        var pixels = new byte[192];
        pixels[3 * 7] = 51;
        Assert.Matches(
            @"\(classifier.onnx\): output 'scores' gives -?[0-9.]+, which is no probability \(0 to 1\); "
            + "where these are logits, write scores: logits into the manifest$",
            Assert.Throws<ModelException>(() => new Classifier(model).Classify(Reference.View(pixels, 8), 2)).Message);
    }

    [Fact]
    public void More_labels_than_there_are_give_them_all_and_equal_ones_in_order()
    {
        var best = new Classifier(_model).Classify(Reference.View(new byte[192], 8), 99);
        Assert.Equal(Labels, best.Select(c => c.Label));
        Assert.All(best, c => Assert.Equal(0.1f, c.Score, 1e-6f));
    }

    [Fact]
    public void Logits_however_large_give_finite_probabilities()
    {
        float[] logits = [3e38f, -3e38f, 0, 3e38f];
        Softmax.Apply(logits, logits, 1);
        Assert.Equal([0.5f, 0, 0, 0.5f], logits);
    }

    [Fact]
    public void An_output_without_a_class_for_each_label_is_refused()
    {
        using var model = Reference.Load(Manifest() with { Labels = ["one", "two"] });
        Assert.Equal(
            "model 'test' (classifier.onnx): output 'scores' has shape [-1, 10]; the decoder classifier reads [n, 2], "
            + "one class for each label, only n may be free",
            Assert.Throws<ModelException>(() => new Classifier(model)).Message);
    }

    [Fact]
    public void A_model_of_another_family_is_refused_by_name()
    {
        using var model = TestModels.Load(TestModels.Manifest());
        Assert.Equal("model 'test' (detector.onnx): its decoder is centernet; classifier is needed here",
            Assert.Throws<ModelException>(() => new Classifier(model)).Message);
    }

    [Fact]
    public void Classifying_allocates_nothing()
    {
        var pixels = Reference.Read("classifier").Bytes("pixels");
        var classifier = new Classifier(_model);
        BoundingBox[] regions = [new(16, 0, 8, 8), new(0, 0, 8, 8), new(3, 1, 8, 7)];
        var best = new Classification[3];
        void Work()
        {
            classifier.Classify(Reference.View(pixels, 24));
            classifier.Classify(Reference.View(pixels, 24), regions, best);
        }

        for (var i = 0; i < 3; i++) Work();
        Assert.Equal(0, Allocations.Least(Work));
    }

    private static ModelManifest Manifest() =>
        Reference.Manifest("classifier", DecoderFamily.Classifier, Reference.SmallImages("images"),
            TestModels.Tensor("scores", -1, 10)) with
        {
            Labels = Labels,
            Scores = ScoreKind.Logits,
            Picture = new ImageManifest { Mean = [100, 100, 100], Std = [20, 20, 20] },
        };
}
