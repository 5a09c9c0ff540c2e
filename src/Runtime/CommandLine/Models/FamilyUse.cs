using EdgePerception.Fusion.Attention;
using EdgePerception.Fusion.Embeddings;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision;
using EdgePerception.Fusion.Vision.Embeddings;
using EdgePerception.Fusion.Vision.Poses;
using EdgePerception.Fusion.Vision.Text;
using EdgePerception.Runtime.Diagnostics;
using EdgePerception.Sensors.Frames;

namespace EdgePerception.Runtime.CommandLine.Models;

/// <summary>What <c>models verify</c> and <c>models try</c> do with the models of a family.</summary>
/// <param name="Check">
/// Opens what reads the family's answers, which has rules of its own: shapes, number of labels, files beside the graph.
/// </param>
/// <param name="See">What the model sees in an image.</param>
internal sealed record FamilyUse(
    Action<OnnxModel> Check, Func<ModelPredictions, OnnxModel, Frame, IReadOnlyList<Prediction>> See)
{
    private static readonly FamilyUse Detector =
        new(model => _ = new ObjectDetector(model), (sights, model, frame) => sights.Objects(model, frame));

    // Object detectors, which are all used alike, and one row for each other family.
    private static readonly Dictionary<DecoderFamily, FamilyUse> Rows =
        new(ObjectDetector.Families.Select(family => KeyValuePair.Create(family, Detector)))
        {
            {
                DecoderFamily.Classifier,
                new(model => _ = new Classifier(model), (_, model, frame) => ModelPredictions.Classes(model, frame))
            },
            {
                DecoderFamily.Movenet,
                new(model => _ = new PoseEstimator(model), (_, model, frame) => ModelPredictions.Points(model, frame))
            },
            {
                DecoderFamily.TextDetection,
                new(model => _ = new TextDetector(model), (sights, model, frame) => sights.Lines(model, frame))
            },
            {
                DecoderFamily.TextRecognition,
                new(model => _ = new TextRecognizer(model), (_, model, frame) => ModelPredictions.Line(model, frame))
            },
            {
                DecoderFamily.ImageEmbedding,
                new(model => _ = new ImageEncoder(model), (sights, model, frame) => sights.Likeness(model, frame))
            },
            {
                DecoderFamily.TextEmbedding,
                new(model => _ = new TextEncoder(model),
                    (sights, _, _) => throw sights.Takes(
                        "words, not pictures; try its image tower, with this one as --with"))
            },
            {
                DecoderFamily.SentenceEmbedding,
                new(model => _ = new SentenceEncoder(model),
                    (sights, _, _) => throw sights.Takes(
                        "sentences, not pictures; grounding loads it for words that it does not know"))
            },
            {
                DecoderFamily.Grounding,
                new(AttentionModel.Check,
                    (sights, _, _) => throw sights.Takes(
                        "commands, not pictures; try it by: edge-perception ground --network FILE"))
            },
        };

    /// <summary>The families that have a row.</summary>
    public static IReadOnlyCollection<DecoderFamily> Families => Rows.Keys;

    /// <summary>The row of a family.</summary>
    public static FamilyUse Of(DecoderFamily family) => Rows[family];

    /// <summary>Runs the model, or both, once.</summary>
    /// <exception cref="ModelException">A model cannot be used.</exception>
    /// <exception cref="UserException">
    /// The family needs a partner or prompts that are not given, or takes no image.
    /// </exception>
    public IReadOnlyList<Prediction> In(Frame frame, ModelPredictions sights)
    {
        using var model = sights.Load();
        return See(sights, model, frame);
    }
}
