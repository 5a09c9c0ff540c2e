using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Vision.Preprocessing;

/// <summary>
/// Lays images, or regions of them, into a model's input in one pass and without an image in between: fit, bilinear
/// sampling, colour, (pixel − mean) / std, element type and layout. For each row of the input two rows of the image
/// are blended into one of 16-bit fixed point, only as wide as it is needed, which is sampled out of the first-level
/// cache. Chroma is sampled on its own grid, so luma and chroma become RGB after the sampling; the result is clamped to
/// 0 to 255 there.
/// <para>
/// Elements are within 0.025 of a pixel value of exact arithmetic, those that come of luma and chroma within 0.07
/// (uint8: that, rounded half up), and the same to the last bit for all widths of vectors.
/// </para>
/// <para>
/// Nothing is allocated once the sizes, and the widest of the images, have been seen. Not thread-safe. One for each
/// bound input, since a slot's borders are written only when another part of it becomes free.
/// </para>
/// </summary>
public sealed unsafe class ImagePreprocessor
{
    // Sizes of cameras that share one model; the one that was not used for longest gives way.
    private const int Plans = 4;
    private readonly int _slots;
    private readonly ImageManifest _manifest;
    private readonly RowKernel[] _kernels;
    private readonly BorderPainter _borders;
    private readonly SamplingPlan[] _plans;
    private readonly SamplingPlan _regionPlan;
    private readonly ChannelTransform _packed;
    private readonly ChannelTransform[] _yuv;
    private readonly int _pixelBytes;
    private readonly int _rowBytes;
    private readonly int _imageBytes;
    private readonly nint _planeElements;
    private AlignedBuffer<short> _rows = new(0);
    private long _uses;

    /// <summary>Prepares for an input of that size.</summary>
    /// <param name="inputWidth">Width of an image in the input.</param>
    /// <param name="inputHeight">Height of an image in the input.</param>
    /// <param name="type">The input's elements: float32, float16 or uint8.</param>
    /// <param name="manifest">Layout, channels, fit, sampling and normalization.</param>
    /// <param name="slots">Images in the input: the length of its batch axis, which comes first.</param>
    /// <exception cref="ArgumentException">The type is another, or a size is not positive.</exception>
    public ImagePreprocessor(int inputWidth, int inputHeight, TensorType type, ImageManifest manifest, int slots = 1)
        : this(inputWidth, inputHeight, type, manifest, slots, widestVector: 512)
    {
    }

    internal ImagePreprocessor(
        int inputWidth, int inputHeight, TensorType type, ImageManifest manifest, int slots, int widestVector)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputHeight, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(slots, 1);
        (_slots, _manifest) = (slots, manifest);
        _kernels = RowKernel.For(type, widestVector);
        _borders = new BorderPainter(inputWidth, inputHeight, manifest, _kernels[^1], slots);
        _plans = Enumerable.Range(0, Plans).Select(_ => new SamplingPlan(inputWidth, inputHeight, manifest, _kernels))
            .ToArray();
        _regionPlan = new SamplingPlan(inputWidth, inputHeight, manifest, _kernels);
        _packed = new ChannelTransform(manifest);
        _yuv = Enum.GetValues<YuvEncoding>().Select(encoding => new ChannelTransform(manifest, encoding)).ToArray();
        var element = _kernels[^1].ElementSize;
        _imageBytes = checked(inputWidth * inputHeight * 3 * element);
        _pixelBytes = manifest.Layout == TensorLayout.Nhwc ? 3 * element : element;
        _rowBytes = inputWidth * _pixelBytes;
        _planeElements = inputWidth * inputHeight;
    }

    /// <summary>Lays a whole image into a slot, and answers where it lies.</summary>
    /// <param name="image">The image.</param>
    /// <param name="tensor">
    /// The bytes of the input, as many slots of it as are used, the same memory at each call.
    /// </param>
    /// <param name="slot">Which image of the input's batch to write.</param>
    /// <exception cref="ArgumentException">
    /// The input does not hold that many images, or there is no such slot.
    /// </exception>
    public ImagePlacement Fill(in ImageView image, Span<byte> tensor, int slot = 0)
    {
        var whole = new ImageArea(0, 0, image.Width, image.Height);
        var plan = _plans[0];
        foreach (var candidate in _plans)
        {
            if (candidate.LastUse < plan.LastUse) plan = candidate;
            if (!candidate.IsFor(image, whole)) continue;
            plan = candidate;
            break;
        }

        plan.LastUse = ++_uses;
        return Fill(image, whole, plan, tensor, slot);
    }

    /// <summary>
    /// Lays a region into a slot, and answers where it lies. Samples at its edges take part in what is beside it in the
    /// image, as when the whole image were scaled.
    /// </summary>
    /// <param name="image">The image.</param>
    /// <param name="region">
    /// The region in image pixels. It is clipped to the image; of one that has less than a pixel there, or lies beside
    /// it, the nearest pixel is taken.
    /// </param>
    /// <param name="tensor">
    /// The bytes of the input, as many slots of it as are used, the same memory at each call.
    /// </param>
    /// <param name="slot">Which image of the input's batch to write.</param>
    /// <exception cref="ArgumentException">
    /// The region is not finite or its size negative, the input does not hold that many images, or there is no such
    /// slot.
    /// </exception>
    public ImagePlacement Fill(in ImageView image, in BoundingBox region, Span<byte> tensor, int slot = 0)
    {
        if (!float.IsFinite(region.X + region.Y + region.Right + region.Bottom) || region.Width < 0
            || region.Height < 0)
            throw new ArgumentException($"{region} is no region of a picture", nameof(region));
        var left = Math.Clamp(region.X, 0, image.Width - 1);
        var top = Math.Clamp(region.Y, 0, image.Height - 1);
        var right = Math.Clamp(region.Right, left + 1, image.Width);
        var bottom = Math.Clamp(region.Bottom, top + 1, image.Height);
        return Fill(
            image, new ImageArea(left, top, (double)right - left, (double)bottom - top), _regionPlan, tensor, slot);
    }

    /// <summary>Has the next images paint their borders, since something else has written the input.</summary>
    internal void ForgetBorders() => _borders.Forget();

    private ImagePlacement Fill(in ImageView image, ImageArea region, SamplingPlan plan, Span<byte> tensor, int slot)
    {
        if (slot < 0 || slot >= _slots || tensor.Length < (slot + 1L) * _imageBytes)
        {
            throw new ArgumentException(
                $"slot {slot} of {_slots} pictures of {_imageBytes} bytes each does not lie in an input of "
                + $"{tensor.Length} bytes");
        }

        if (!plan.IsFor(image, region)) plan.Prepare(image, region);
        var target = tensor.Slice(slot * _imageBytes, _imageBytes);
        _borders.Paint(target, slot, plan.Placement);

        fixed (byte* pointer = target, first = image.First, second = image.Second, third = image.Third)
        {
            var origin = pointer + plan.Placement.Top * _rowBytes + plan.Placement.Left * _pixelBytes;
            if (image.IsYuv) FillYuv(image, plan, first, second, third, origin);
            else FillPacked(image, plan, first, origin);
        }

        // The pointers into aligned buffers do not keep what owns them.
        GC.KeepAlive(this);
        return plan.Placement;
    }

    private void FillPacked(in ImageView image, SamplingPlan plan, byte* pixels, byte* target)
    {
        var (start, length) = plan.Span;
        var interleaved = _manifest.Layout == TensorLayout.Nhwc;
        var plane = Plane(interleaved ? 3 * length : length);
        var rows = Rows(interleaved ? plane : 3 * plane);
        var swaps = plan.Swaps(image.Format);
        var row0 = swaps ? rows + 2 * plane : rows;
        var row2 = swaps ? rows : rows + 2 * plane;
        var prefetch = new RowPrefetch(pixels, image.FirstStride, image.Height, plan.Rows.At(0).First);
        for (var y = 0; y < plan.Placement.Height; y++, target += _rowBytes)
        {
            var tap = plan.Rows.At(y);
            prefetch.Reach(tap.First);
            var pair = new RowPair(pixels + 3 * start, image.FirstStride, tap);
            if (interleaved)
            {
                plan.Blender.Blend(pair, 3 * length, rows);
                plan.Sampler.ResampleInterleaved(rows, plan.Columns, _packed, target);
            }
            else
            {
                plan.Blender.BlendPixels(pair, length, rows, plane);
                plan.Sampler.ResamplePlanes(row0, rows + plane, row2, plan.Columns, _packed, target, _planeElements);
            }
        }
    }

    private void FillYuv(in ImageView image, SamplingPlan plan, byte* luma, byte* u, byte* v, byte* target)
    {
        var transform = _yuv[(int)image.Encoding];
        var ((start, length), (chromaStart, chromaLength)) = (plan.Span, plan.ChromaSpan);
        var plane = Plane(length);
        var rows = Rows(3 * plane);
        var targetPlane = _manifest.Layout == TensorLayout.Nhwc ? 0 : _planeElements;
        for (var y = 0; y < plan.Placement.Height; y++, target += _rowBytes)
        {
            var pair = new RowPair(luma + start, image.FirstStride, plan.Rows.At(y));
            plan.Blender.Blend(pair, length, rows);
            var chroma = plan.ChromaRows.At(y);
            if (image.Format == PixelFormat.Nv12)
            {
                pair = new RowPair(u + 2 * chromaStart, image.SecondStride, chroma);
                plan.ChromaBlender.BlendPairs(pair, chromaLength, rows + plane, plane);
            }
            else
            {
                pair = new RowPair(u + chromaStart, image.SecondStride, chroma);
                plan.ChromaBlender.Blend(pair, chromaLength, rows + plane);
                pair = new RowPair(v + chromaStart, image.ThirdStride, chroma);
                plan.ChromaBlender.Blend(pair, chromaLength, rows + 2 * plane);
            }

            plan.Sampler.ResampleYuv(rows, plane, plan.Columns, plan.ChromaColumns, transform, target, targetPlane);
        }
    }

    // Samples from one blended row to the next, which begins at a cache line.
    private static int Plane(int length) => (length + RowKernel.Padding + 31) & ~31;

    private short* Rows(int length)
    {
        if (_rows.Length < length) _rows = new AlignedBuffer<short>(length);
        return _rows.Pointer;
    }
}
