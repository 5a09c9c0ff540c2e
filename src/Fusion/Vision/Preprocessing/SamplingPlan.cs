using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Vision.Preprocessing;

/// <summary>
/// How images of one size, or one region of them, come into the input: where they lie, which samples are read, and by
/// which kernels. Allocates when it is made and at the first image of luma and chroma, then never. Not thread-safe.
/// </summary>
internal sealed class SamplingPlan(int inputWidth, int inputHeight, ImageManifest manifest, RowKernel[] kernels)
{
    private readonly Tap[] _taps = new Tap[inputWidth];
    private (PixelFormat Format, int Width, int Height, ImageArea Region) _of;
    private ResampleTable? _chroma;

    /// <summary>Where the image lies in the input.</summary>
    public ImagePlacement Placement { get; private set; }

    /// <summary>The columns of a packed image, or of luma.</summary>
    public ResampleTable Columns { get; } = new(3 * inputWidth);

    /// <summary>The columns of chroma.</summary>
    public ResampleTable ChromaColumns => _chroma ??= new ResampleTable(inputWidth);

    /// <summary>The rows of a packed image, or of luma.</summary>
    public SamplingAxis Rows { get; private set; }

    /// <summary>The rows of chroma.</summary>
    public SamplingAxis ChromaRows => Rows with { Halved = true };

    /// <summary>The pixels or samples of a row that are read.</summary>
    public (int Start, int Length) Span { get; private set; }

    /// <summary>The samples of a row of chroma that are read.</summary>
    public (int Start, int Length) ChromaSpan { get; private set; }

    /// <summary>Blends rows of a packed image, or of luma.</summary>
    public RowKernel Blender { get; private set; } = kernels[^1];

    /// <summary>Blends rows of chroma.</summary>
    public RowKernel ChromaBlender { get; private set; } = kernels[^1];

    /// <summary>Samples the blended rows.</summary>
    public RowKernel Sampler { get; private set; } = kernels[^1];

    /// <summary>A count that rises with each use, by which the least used plan is found.</summary>
    public long LastUse { get; set; }

    /// <summary>Whether it was last prepared for this.</summary>
    public bool IsFor(in ImageView image, ImageArea region) =>
        _of == (image.Format, image.Width, image.Height, region);

    /// <summary>Prepares for images of that format and size, and a region that lies in them.</summary>
    public void Prepare(in ImageView image, ImageArea region)
    {
        _of = (image.Format, image.Width, image.Height, region);
        Placement = ImagePlacement.Fit(manifest.Fit, region, inputWidth, inputHeight, out var seen);
        var across = new SamplingAxis(
            manifest.Sampling, seen.X, seen.Width, Placement.Width, image.Width, Halved: false);
        Rows = new SamplingAxis(manifest.Sampling, seen.Y, seen.Height, Placement.Height, image.Height, Halved: false);

        // Luma and chroma have a row each, and become interleaved after they were sampled.
        var channels = manifest.Layout == TensorLayout.Nhwc && !image.IsYuv ? 3 : 1;
        Sampler = Widest(Placement.Width * channels, shape => shape.Count);
        if (image.IsYuv)
        {
            Span = Build(Columns, across, image.Width, channels);
            ChromaSpan = Build(ChromaColumns, across with { Halved = true }, (image.Width + 1) / 2, channels);
            ChromaBlender = Widest(ChromaSpan.Length, shape => shape.Samples);
        }
        else
        {
            Span = Build(Columns, across, image.Width, channels, Swaps(image.Format));
        }

        Blender = Widest(Span.Length, shape => shape.Samples);
    }

    /// <summary>Whether a packed image has red and blue where the tensor has blue and red.</summary>
    public bool Swaps(PixelFormat format) => (format == PixelFormat.Bgr24) != (manifest.Channels == ChannelOrder.Bgr);

    private (int Start, int Length) Build(
        ResampleTable table, SamplingAxis across, int samples, int channels, bool swaps = false)
    {
        var taps = _taps.AsSpan(0, Placement.Width);
        for (var i = 0; i < taps.Length; i++) taps[i] = across.At(i);
        var start = taps[0].First;
        table.Build(taps, start, channels, swaps, Sampler.Shape);
        return (start, Math.Min(taps[^1].First + 2, samples) - start);
    }

    // The last kernel takes anything, one by one.
    private RowKernel Widest(int available, Func<LaneShape, int> needed)
    {
        var i = 0;
        while (needed(kernels[i].Shape) > available) i++;
        return kernels[i];
    }
}
