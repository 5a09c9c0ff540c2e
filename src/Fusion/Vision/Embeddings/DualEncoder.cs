using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision.Preprocessing;

namespace EdgePerception.Fusion.Vision.Embeddings;

/// <summary>
/// A dual encoder such as CLIP (Radford et al. 2021): tells which of some labels, named by words, an image or a region
/// shows. Probabilities are a softmax over the labels of scale · cosine, so they say which label fits best among those
/// that were given, not whether any fits. Not thread-safe. Allocates nothing after the labels are set, while the images
/// keep their sizes.
/// </summary>
public sealed class DualEncoder
{
    /// <summary>The template that CLIP's paper begins with.</summary>
    public static readonly IReadOnlyList<string> DefaultTemplates = ["a photo of a {label}."];

    private readonly float _scale;
    private readonly float[] _embedding;
    private IReadOnlyList<string> _labels = [];
    private float[] _labelEmbeddings = [];
    private float[] _regionEmbeddings = [];
    private float[] _scores = [];
    private readonly List<Classification> _best = [];

    /// <summary>Joins two loaded models, which stay the caller's.</summary>
    /// <param name="image">The image tower.</param>
    /// <param name="text">The text tower.</param>
    /// <param name="scale">
    /// What the cosine is multiplied with: the exponential of the training's logit scale, 100 for CLIP.
    /// </param>
    /// <exception cref="ModelException">A model is of another family, or their embeddings differ in length.</exception>
    public DualEncoder(OnnxModel image, OnnxModel text, float scale = 100)
    {
        (Images, Texts, _scale) = (new ImageEncoder(image), new TextEncoder(text), scale);
        if (Images.Dimensions != Texts.Dimensions)
        {
            throw new ModelException(
                $"model '{image.Manifest.Name}' gives embeddings of {Images.Dimensions} numbers, "
                + $"'{text.Manifest.Name}' of "
                                     + $"{Texts.Dimensions}: they are not the two towers of one model");
        }

        _embedding = new float[Images.Dimensions];
    }

    /// <summary>The image tower.</summary>
    public ImageEncoder Images { get; }

    /// <summary>The text tower.</summary>
    public TextEncoder Texts { get; }

    /// <summary>Sets the labels to tell apart; runs the text tower for each label and template.</summary>
    /// <param name="labels">Words, such as <c>red mug</c>.</param>
    /// <param name="templates">
    /// The prompt ensemble, see <see cref="TextEncoder.EmbedLabel"/>; none means <see cref="DefaultTemplates"/>.
    /// </param>
    /// <exception cref="ModelException">
    /// A run failed, was terminated, or answered with something not a number.
    /// </exception>
    public void SetLabels(IReadOnlyList<string> labels, IReadOnlyList<string>? templates = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(labels.Count);
        var embeddings = new float[labels.Count * Texts.Dimensions];
        for (var i = 0; i < labels.Count; i++)
            Texts.EmbedLabel(
                labels[i], templates ?? DefaultTemplates, embeddings.AsSpan(i * Texts.Dimensions, Texts.Dimensions));
        (_labels, _labelEmbeddings, _scores) = ([.. labels], embeddings, new float[labels.Count]);
    }

    /// <summary>The likeliest labels of an image, best first. The list is reused by the next call.</summary>
    /// <param name="picture">The image.</param>
    /// <param name="count">How many labels at most.</param>
    /// <exception cref="InvalidOperationException">No labels were set.</exception>
    /// <exception cref="ModelException">
    /// The run failed, was terminated, or answered with something not a number.
    /// </exception>
    public IReadOnlyList<Classification> Classify(in ImageView picture, int count = 5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        RequireLabels();
        Images.Embed(picture, _embedding);
        ScoreLabels(_embedding, _scores);
        Classification.Best(_scores, _labels, count, _best);
        return _best;
    }

    /// <summary>
    /// The probability of each label for each region; as many regions as the model's batch allows join a run.
    /// </summary>
    /// <param name="picture">The image.</param>
    /// <param name="regions">Any number of regions, in pixels of the image.</param>
    /// <param name="probabilities">Receives, for each region, one number for each label, in the labels' order.</param>
    /// <exception cref="InvalidOperationException">No labels were set.</exception>
    /// <exception cref="ModelException">
    /// A run failed, was terminated, or answered with something not a number.
    /// </exception>
    public void Score(in ImageView picture, ReadOnlySpan<BoundingBox> regions, Span<float> probabilities)
    {
        RequireLabels();
        var length = Images.Dimensions;
        if (_regionEmbeddings.Length < regions.Length * length) _regionEmbeddings = new float[regions.Length * length];
        Images.Embed(picture, regions, _regionEmbeddings);
        for (var i = 0; i < regions.Length; i++)
            ScoreLabels(
                _regionEmbeddings.AsSpan(i * length, length), probabilities.Slice(i * _labels.Count, _labels.Count));
    }

    private void ScoreLabels(ReadOnlySpan<float> embedding, Span<float> probabilities)
    {
        for (var i = 0; i < _labels.Count; i++)
            probabilities[i] = Vectors.Dot(embedding, _labelEmbeddings.AsSpan(i * embedding.Length, embedding.Length));
        Softmax.Apply(probabilities, probabilities, _scale);
    }

    private void RequireLabels()
    {
        if (_labels.Count == 0) throw new InvalidOperationException("no labels were set: call SetLabels first");
    }
}
