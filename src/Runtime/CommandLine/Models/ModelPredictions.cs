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

/// <summary>What models of each family see in one image.</summary>
/// <param name="manifest">The model that looks.</param>
/// <param name="partner">The model that it works with: a recogniser beside a text detector, a text tower beside an image tower.</param>
/// <param name="modelsFolder">What their files are relative to.</param>
/// <param name="prompts">Words that an open-vocabulary model is to look for.</param>
internal sealed class ModelPredictions(ModelManifest manifest, ModelManifest? partner, string modelsFolder, IReadOnlyList<string> prompts)
{
    /// <summary>Runs the model, or both, once.</summary>
    /// <exception cref="ModelException">A model cannot be used.</exception>
    /// <exception cref="UserException">The family needs a partner or prompts that are not given, or takes no image.</exception>
    public IReadOnlyList<Prediction> In(Frame frame)
    {
        var image = ImageView.Of(frame);
        using var model = Load(manifest);
        switch (manifest.Decoder)
        {
            case DecoderFamily.Classifier:
                return [.. new Classifier(model).Classify(image).Select(each => new Prediction(each.Label, each.Score))];
            case DecoderFamily.Movenet:
                return [.. new PoseEstimator(model).Estimate(image).Select(point => new Prediction(point.Name, point.Score, new BoundingBox(point.X, point.Y, 0, 0)))];
            case DecoderFamily.TextDetection when partner is null:
                return [.. new TextDetector(model).Detect(image).Select(region => new Prediction("text", region.Score, region.Box))];
            case DecoderFamily.TextDetection:
                using (var reader = Load(partner))
                    return [.. new TextLineReader(model, reader).Read(image).Select(line => new Prediction(line.Text, line.Score, line.Box))];
            case DecoderFamily.TextRecognition:
                var text = new TextRecognizer(model).Recognize(image, new BoundingBox(0, 0, frame.Width, frame.Height));
                return text.Text.Length > 0 ? [new Prediction(text.Text, text.Score)] : [];
            case DecoderFamily.ImageEmbedding:
                return Compare(model, image);
            case DecoderFamily.TextEmbedding:
                throw new UserException($"model '{manifest.Name}' takes words, not pictures; try its image tower, with this one as --with");
            case DecoderFamily.SentenceEmbedding:
                throw new UserException($"model '{manifest.Name}' takes sentences, not pictures; grounding loads it for words that it does not know");
            case DecoderFamily.Grounding:
                throw new UserException($"model '{manifest.Name}' takes commands, not pictures; try it by: edge-perception ground --network FILE");
            default:
                return Detect(model, frame);
        }
    }

    private List<Prediction> Compare(OnnxModel images, ImageView image)
    {
        if (partner is null || prompts.Count == 0)
            throw new UserException($"model '{manifest.Name}' compares pictures with words: name its text tower by --with, and the words by --prompt");
        using var words = Load(partner);
        var encoder = new DualEncoder(images, words);
        encoder.SetLabels(prompts);
        return [.. encoder.Classify(image, prompts.Count).Select(each => new Prediction(each.Label, each.Score))];
    }

    private List<Prediction> Detect(OnnxModel model, Frame frame)
    {
        var detector = new ObjectDetector(model);
        if (prompts.Count > 0)
        {
            var words = detector.Prompts ?? throw new UserException($"model '{manifest.Name}' has labels of its own and takes no --prompt");
            words.Set(prompts);
        }

        return [.. detector.Detect(frame).Where(each => each.Score >= manifest.Thresholds.Score).Select(each => new Prediction(each.Label, each.Score, each.Box))];
    }

    private OnnxModel Load(ModelManifest which) => OnnxModel.Load(which, modelsFolder, new InferenceSettings { MaxBatch = 1 });
}
