using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision;
using EdgePerception.Fusion.Vision.Embeddings;
using EdgePerception.Fusion.Vision.Poses;
using EdgePerception.Fusion.Vision.Preprocessing;
using EdgePerception.Fusion.Vision.Text;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Sensors.Frames;

namespace EdgePerception.Runtime.CommandLine.Models;

/// <summary>
/// What a model sees in one image, one method for each kind of answer; <see cref="FamilyUse"/> says which family has
/// which.
/// </summary>
/// <param name="manifest">The model that looks.</param>
/// <param name="partner">
/// The model that it works with: a recogniser beside a text detector, a text tower beside an image tower.
/// </param>
/// <param name="modelsFolder">What their files are relative to.</param>
/// <param name="prompts">Words that an open-vocabulary model is to look for.</param>
internal sealed class ModelPredictions(
    ModelManifest manifest, ModelManifest? partner, string modelsFolder, IReadOnlyList<string> prompts)
{
    /// <summary>Opens the model that looks.</summary>
    /// <exception cref="ModelException">It cannot be used.</exception>
    public OnnxModel Load() => Load(manifest);

    public IReadOnlyList<Prediction> Objects(OnnxModel model, Frame frame)
    {
        var detector = new ObjectDetector(model);
        if (prompts.Count > 0)
        {
            var words = detector.Prompts ?? throw new UserException(
                $"model '{manifest.Name}' has labels of its own and takes no --prompt");
            words.Set(prompts);
        }

        return
        [
            .. detector.Detect(frame).Where(each => each.Score >= manifest.Thresholds.Score)
                .Select(each => new Prediction(each.Label, each.Score, each.Box)),
        ];
    }

    public static IReadOnlyList<Prediction> Classes(OnnxModel model, Frame frame) =>
        [.. new Classifier(model).Classify(ImageView.Of(frame)).Select(each => new Prediction(each.Label, each.Score))];

    public static IReadOnlyList<Prediction> Points(OnnxModel model, Frame frame) =>
    [
        .. new PoseEstimator(model).Estimate(ImageView.Of(frame))
            .Select(point => new Prediction(point.Name, point.Score, new BoundingBox(point.X, point.Y, 0, 0))),
    ];

    /// <summary>Where text is, and what it says where there is a partner to read it.</summary>
    public IReadOnlyList<Prediction> Lines(OnnxModel model, Frame frame)
    {
        var image = ImageView.Of(frame);
        if (partner is null)
        {
            var regions = new TextDetector(model).Detect(image);
            return [.. regions.Select(region => new Prediction("text", region.Score, region.Box))];
        }

        using var reader = Load(partner);
        var lines = new TextLineReader(model, reader).Read(image);
        return [.. lines.Select(line => new Prediction(line.Text, line.Score, line.Box))];
    }

    /// <summary>What the image says, taken for one line of text.</summary>
    public static IReadOnlyList<Prediction> Line(OnnxModel model, Frame frame)
    {
        var whole = new BoundingBox(0, 0, frame.Width, frame.Height);
        var text = new TextRecognizer(model).Recognize(ImageView.Of(frame), whole);
        return text.Text.Length > 0 ? [new Prediction(text.Text, text.Score)] : [];
    }

    /// <summary>How well each prompt fits the image.</summary>
    /// <exception cref="UserException">There is no partner that reads the prompts, or none of them.</exception>
    public IReadOnlyList<Prediction> Likeness(OnnxModel images, Frame frame)
    {
        if (partner is null || prompts.Count == 0)
            throw new UserException(
                $"model '{manifest.Name}' compares pictures with words: name its text tower by --with, and the words "
                + "by --prompt");
        using var words = Load(partner);
        var encoder = new DualEncoder(images, words);
        encoder.SetLabels(prompts);
        var image = ImageView.Of(frame);
        return [.. encoder.Classify(image, prompts.Count).Select(each => new Prediction(each.Label, each.Score))];
    }

    /// <summary>The refusal of a model that takes no image.</summary>
    public UserException Takes(string what) => new($"model '{manifest.Name}' takes {what}");

    private OnnxModel Load(ModelManifest which) =>
        OnnxModel.Load(which, modelsFolder, new InferenceSettings { MaxBatch = 1 });
}
