using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Inference;
using EdgePerception.Fusion.Vision.Preprocessing;
using EdgePerception.Sensors.Frames;

namespace EdgePerception.Fusion.Vision;

/// <summary>
/// The first input of a model that takes images: lays an image, or regions of one, there and gives the tensors their
/// shape for the coming run. Where the model leaves width and height free, a preprocessor is kept for each of the sizes
/// asked for, up to some. Pixels as int32, which some exports take, are prepared as bytes and widened. Owned by whoever
/// runs the model. Allocates nothing while the sizes repeat.
/// </summary>
internal sealed class ImageInput
{
    // A recogniser's widths go in steps, a detector's sizes are those of some cameras; the one made first gives way.
    private const int MaxKept = 32;

    private readonly OnnxModel _model;
    private readonly List<Sized> _kept = [];
    private readonly byte[] _narrow;
    private Sized? _last;

    /// <exception cref="ModelException">The input's elements are of a type in which no image is prepared.</exception>
    public ImageInput(OnnxModel model)
    {
        _model = model;
        var input = model.Manifest.Inputs[0];
        if (input.Type is TensorType.Int64 or TensorType.Bool)
        {
            throw DecoderRules.Refusal(
                model.Manifest, $"input '{input.Name}' is {input.Type.ToString().ToLowerInvariant()}; "
                                                       + "a picture needs float32, float16, uint8 or int32");
        }

        (Least, Most) = (SizeOf(input.Profile?.Min ?? input.Shape), SizeOf(input.Profile?.Max ?? input.Shape));
        _narrow = input.Type == TensorType.Int32 ? new byte[model.MaxBatch * Most.Width * Most.Height * 3] : [];
    }

    /// <summary>The smallest size that the input may have.</summary>
    public (int Width, int Height) Least { get; }

    /// <summary>The largest size that the input may have.</summary>
    public (int Width, int Height) Most { get; }

    /// <summary>Lays one whole image into a batch of one, and answers where it lies.</summary>
    public ImagePlacement Fill(in ImageView image) => Fill(image, Most.Width, Most.Height);

    /// <summary>Lays one whole image into a batch of one of that size, and answers where it lies.</summary>
    public ImagePlacement Fill(in ImageView image, int width, int height)
    {
        var placement = Prepare(1, width, height, _model.Manifest.Picture.Fit).Fill(image, Memory());
        Widen();
        return placement;
    }

    /// <summary>Lays whole images into a batch, and answers where each lies.</summary>
    /// <param name="frames">1 to the model's largest batch of images, whose sizes may differ.</param>
    /// <param name="placements">Receives a placement for each image.</param>
    public void Fill(ReadOnlySpan<Frame> frames, Span<ImagePlacement> placements)
    {
        var preprocessor = Prepare(frames.Length, Most.Width, Most.Height, _model.Manifest.Picture.Fit);
        var memory = Memory();
        for (var i = 0; i < frames.Length; i++) placements[i] = preprocessor.Fill(ImageView.Of(frames[i]), memory, i);
        Widen();
    }

    /// <summary>Lays regions of one image into a batch, and answers where each lies.</summary>
    /// <param name="image">The image.</param>
    /// <param name="regions">1 to the model's largest batch of regions, in pixels of the image.</param>
    /// <param name="placements">Receives a placement for each region.</param>
    public void Fill(in ImageView image, ReadOnlySpan<BoundingBox> regions, Span<ImagePlacement> placements) =>
        Fill(image, regions, placements, Most.Width, Most.Height, _model.Manifest.Picture.Fit);

    /// <summary>Lays regions of one image into a batch of that size, brought into it by that fit.</summary>
    public void Fill(
        in ImageView image, ReadOnlySpan<BoundingBox> regions, Span<ImagePlacement> placements, int width, int height,
        ImageFit fit)
    {
        var preprocessor = Prepare(regions.Length, width, height, fit);
        var memory = Memory();
        for (var i = 0; i < regions.Length; i++) placements[i] = preprocessor.Fill(image, regions[i], memory, i);
        Widen();
    }

    private Span<byte> Memory() => _narrow.Length > 0 ? _narrow : _model.Input(0).Bytes;

    private void Widen()
    {
        if (_narrow.Length == 0) return;
        var target = _model.Input(0).Elements<int>();
        for (var i = 0; i < target.Length; i++) target[i] = _narrow[i];
    }

    private ImagePreprocessor Prepare(int batch, int width, int height, ImageFit fit)
    {
        _model.SetBatch(batch);
        if (_model.Manifest.Picture.Layout == TensorLayout.Nhwc) _model.Input(0).Resize(batch, height, width, 3);
        else _model.Input(0).Resize(batch, 3, height, width);

        var sized = Find(width, height, fit) ?? Add(width, height, fit);
        // The others write the same memory.
        if (sized != _last) sized.Preprocessor.ForgetBorders();
        _last = sized;
        return sized.Preprocessor;
    }

    private Sized? Find(int width, int height, ImageFit fit)
    {
        foreach (var sized in _kept)
        {
            if (sized.Width == width && sized.Height == height && sized.Fit == fit) return sized;
        }

        return null;
    }

    private Sized Add(int width, int height, ImageFit fit)
    {
        if (_kept.Count == MaxKept) _kept.RemoveAt(0);
        var manifest = _model.Manifest;
        var type = _narrow.Length > 0 ? TensorType.Uint8 : manifest.Inputs[0].Type;
        var sized = new Sized(width, height, fit,
            new ImagePreprocessor(width, height, type, manifest.Picture with { Fit = fit }, _model.MaxBatch));
        _kept.Add(sized);
        return sized;
    }

    private (int Width, int Height) SizeOf(IReadOnlyList<int> shape) =>
        _model.Manifest.Picture.Layout == TensorLayout.Nhwc ? (shape[2], shape[1]) : (shape[3], shape[2]);

    private sealed record Sized(int Width, int Height, ImageFit Fit, ImagePreprocessor Preprocessor);
}
