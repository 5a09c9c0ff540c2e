using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision.Preprocessing;

namespace EdgePerception.Fusion.Vision.Embeddings;

/// <summary>
/// The image tower of a dual encoder such as CLIP: turns images and regions into embeddings of length one, which lie
/// near those of words that say what is seen. Not thread-safe. Allocates nothing while the images keep their sizes.
/// </summary>
public sealed class ImageEncoder
{
    private readonly OnnxModel _model;
    private readonly ImageInput _input;
    private readonly ImagePlacement[] _placements;

    /// <summary>Prepares an encoder over a loaded model, which stays the caller's.</summary>
    /// <exception cref="ModelException">The model is of another family, or its output holds no embeddings.</exception>
    public ImageEncoder(OnnxModel model)
    {
        _model = model;
        DecoderRules.Family(model.Manifest, DecoderFamily.ImageEmbedding);
        DecoderRules.Output(model.Manifest, 0, "[n, dimensions]", axes: 2);
        _input = new ImageInput(model);
        _placements = new ImagePlacement[model.MaxBatch];
    }

    /// <summary>The length of an embedding's list of numbers.</summary>
    public int Dimensions => _model.Manifest.Outputs[0].Shape[1];

    /// <summary>Embeds a whole image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="embedding">Receives <see cref="Dimensions"/> numbers.</param>
    /// <exception cref="ModelException">
    /// The run failed, was terminated, or answered with something not a number.
    /// </exception>
    public void Embed(in ImageView image, Span<float> embedding)
    {
        _input.Fill(image);
        _model.Run();
        Take(1, embedding);
    }

    /// <summary>Embeds regions of an image; as many as the model's batch allows join a run.</summary>
    /// <param name="image">The image.</param>
    /// <param name="regions">Any number of regions, in pixels of the image.</param>
    /// <param name="embeddings">Receives <see cref="Dimensions"/> numbers for each region.</param>
    /// <exception cref="ModelException">
    /// A run failed, was terminated, or answered with something not a number.
    /// </exception>
    public void Embed(in ImageView image, ReadOnlySpan<BoundingBox> regions, Span<float> embeddings)
    {
        for (var done = 0; done < regions.Length; done += _placements.Length)
        {
            var count = Math.Min(regions.Length - done, _placements.Length);
            _input.Fill(image, regions.Slice(done, count), _placements);
            _model.Run();
            Take(count, embeddings[(done * Dimensions)..]);
        }
    }

    private void Take(int count, Span<float> embeddings)
    {
        _model.Output(0).Floats()[..(count * Dimensions)].CopyTo(embeddings);
        for (var i = 0; i < count; i++) Vectors.Normalize(embeddings.Slice(i * Dimensions, Dimensions));
    }
}
