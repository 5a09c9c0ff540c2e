using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision.Preprocessing;

namespace EdgePerception.Fusion.Vision;

/// <summary>
/// Tells what an image or a region of it shows, among the labels of the model's manifest. Not thread-safe. Allocates
/// nothing while the images keep their sizes.
/// </summary>
public sealed class Classifier
{
    private readonly OnnxModel _model;
    private readonly ImageInput _input;
    private readonly ImagePlacement[] _placements;
    private readonly float[] _probabilities;
    private readonly List<Classification> _best = [];

    /// <summary>Prepares a classifier over a loaded model, which stays the caller's.</summary>
    /// <exception cref="ModelException">The model is no classifier, or has not one class for each label.</exception>
    public Classifier(OnnxModel model)
    {
        _model = model;
        var manifest = model.Manifest;
        DecoderRules.Family(manifest, DecoderFamily.Classifier);
        var form = $"[n, {manifest.Labels.Count}], one class for each label";
        if (DecoderRules.Output(manifest, 0, form, axes: 2)[1] != manifest.Labels.Count)
            throw DecoderRules.Shape(manifest, 0, form);
        _input = new ImageInput(model);
        _placements = new ImagePlacement[model.MaxBatch];
        _probabilities = new float[manifest.Labels.Count];
    }

    /// <summary>The likeliest labels of an image, best first. The list is reused by the next call.</summary>
    /// <param name="image">The image.</param>
    /// <param name="count">How many labels at most.</param>
    /// <exception cref="ModelException">
    /// The run failed, was terminated, or answered with something not a number.
    /// </exception>
    public IReadOnlyList<Classification> Classify(in ImageView image, int count = 5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _input.Fill(image);
        _model.Run();
        Classification.Best(Probabilities(0), _model.Manifest.Labels, count, _best);
        return _best;
    }

    /// <summary>The likeliest labels of a region, as the other overload gives them.</summary>
    /// <param name="image">The image.</param>
    /// <param name="region">The region, in pixels of the image.</param>
    /// <param name="count">How many labels at most.</param>
    /// <exception cref="ModelException">
    /// The run failed, was terminated, or answered with something not a number.
    /// </exception>
    public IReadOnlyList<Classification> Classify(in ImageView image, in BoundingBox region, int count = 5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _input.Fill(image, new ReadOnlySpan<BoundingBox>(in region), _placements);
        _model.Run();
        Classification.Best(Probabilities(0), _model.Manifest.Labels, count, _best);
        return _best;
    }

    /// <summary>The likeliest label of each region; as many regions join a run as the model's batch allows.</summary>
    /// <param name="image">The image.</param>
    /// <param name="regions">Any number of regions, in pixels of the image.</param>
    /// <param name="best">Receives one label for each region.</param>
    /// <exception cref="ModelException">
    /// A run failed, was terminated, or answered with something not a number.
    /// </exception>
    public void Classify(in ImageView image, ReadOnlySpan<BoundingBox> regions, Span<Classification> best)
    {
        for (var done = 0; done < regions.Length; done += _placements.Length)
        {
            var count = Math.Min(regions.Length - done, _placements.Length);
            _input.Fill(image, regions.Slice(done, count), _placements);
            _model.Run();
            for (var i = 0; i < count; i++)
            {
                Classification.Best(Probabilities(i), _model.Manifest.Labels, 1, _best);
                best[done + i] = _best[0];
            }
        }
    }

    private ReadOnlySpan<float> Probabilities(int item)
    {
        var scores = _model.Output(0).Floats(item);
        if (_model.Manifest.Scores == ScoreKind.Probabilities)
            return DecoderRules.Probabilities(_model.Manifest, scores);
        Softmax.Apply(scores, _probabilities);
        return _probabilities;
    }
}
