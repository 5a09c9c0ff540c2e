using EdgePerception.Sensors.Frames;

namespace EdgePerception.Fusion.Vision.Preprocessing;

/// <summary>How the samples of an image lie in memory; 8 bits each, rows from the top.</summary>
public enum PixelFormat
{
    /// <summary>R G B R G B …</summary>
    Rgb24,

    /// <summary>B G R B G R …</summary>
    Bgr24,

    /// <summary>A plane of luma, then one of U V pairs at half the width and height (4:2:0), rounded up.</summary>
    Nv12,

    /// <summary>Planes of luma, U and V, the latter two at half the width and height (4:2:0), rounded up.</summary>
    I420,
}

/// <summary>By which matrix and over which range luma and chroma become red, green and blue.</summary>
public enum YuvEncoding
{
    /// <summary>ITU-R BT.601, luma 16 to 235: cameras and video of standard definition.</summary>
    Bt601,

    /// <summary>ITU-R BT.601 over the whole range 0 to 255: JPEG.</summary>
    Bt601Full,

    /// <summary>ITU-R BT.709, luma 16 to 235: video of high definition.</summary>
    Bt709,

    /// <summary>ITU-R BT.709 over the whole range 0 to 255.</summary>
    Bt709Full,
}

/// <summary>
/// An image somewhere in memory, not copied: its planes, and how their rows follow each other. Width and height are at
/// most 32,768 and may be odd. A sample of chroma lies in the middle of the luma samples that it belongs to.
/// </summary>
public readonly ref struct ImageView
{
    /// <summary>The most pixels that a side may have.</summary>
    public const int LongestSide = 1 << 15;

    private ImageView(PixelFormat format, int width, int height, YuvEncoding encoding = YuvEncoding.Bt601)
    {
        if (width is < 1 or > LongestSide || height is < 1 or > LongestSide)
            throw new ArgumentException($"a picture of {width}×{height} pixels: each side must be 1 to {LongestSide}");
        (Format, Width, Height, Encoding) = (format, width, height, encoding);
    }

    /// <summary>How the samples lie in memory.</summary>
    public PixelFormat Format { get; }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>What luma and chroma mean; without meaning for RGB and BGR.</summary>
    public YuvEncoding Encoding { get; }

    internal bool IsYuv => Format is PixelFormat.Nv12 or PixelFormat.I420;

    internal ReadOnlySpan<byte> First { get; private init; }

    internal ReadOnlySpan<byte> Second { get; private init; }

    internal ReadOnlySpan<byte> Third { get; private init; }

    internal int FirstStride { get; private init; }

    internal int SecondStride { get; private init; }

    internal int ThirdStride { get; private init; }

    /// <summary>A frame as cameras give it: RGB, rows without padding. The view ends with the frame's lease.</summary>
    /// <exception cref="ObjectDisposedException">The lease has ended.</exception>
    public static ImageView Of(Frame frame) =>
        Packed(PixelFormat.Rgb24, frame.Pixels, frame.Width, frame.Height, frame.Stride);

    /// <summary>RGB or BGR.</summary>
    /// <param name="format"><see cref="PixelFormat.Rgb24"/> or <see cref="PixelFormat.Bgr24"/>.</param>
    /// <param name="pixels">The pixels; the last row needs no padding.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="stride">Bytes from one row to the next, at least three times the width.</param>
    /// <exception cref="ArgumentException">The format is another, or the pixels do not hold the image.</exception>
    public static ImageView Packed(PixelFormat format, ReadOnlySpan<byte> pixels, int width, int height, int stride)
    {
        if (format is not (PixelFormat.Rgb24 or PixelFormat.Bgr24))
            throw new ArgumentException($"{format} has planes of their own: it is no packed format", nameof(format));
        return new ImageView(format, width, height)
        {
            First = Checked(pixels, "pixels", width * 3, height, stride),
            FirstStride = stride,
        };
    }

    /// <summary>NV12, as hardware decoders and CSI cameras give it.</summary>
    /// <param name="luma">The plane of luma.</param>
    /// <param name="lumaStride">Bytes from one row of luma to the next.</param>
    /// <param name="chroma">The plane of U V pairs.</param>
    /// <param name="chromaStride">Bytes from one row of pairs to the next.</param>
    /// <param name="width">Width in pixels of luma.</param>
    /// <param name="height">Height in pixels of luma.</param>
    /// <param name="encoding">What luma and chroma mean.</param>
    /// <exception cref="ArgumentException">A plane does not hold its part of the image.</exception>
    public static ImageView Nv12(
        ReadOnlySpan<byte> luma,
        int lumaStride,
        ReadOnlySpan<byte> chroma,
        int chromaStride,
        int width,
        int height,
        YuvEncoding encoding = YuvEncoding.Bt601) => new(PixelFormat.Nv12, width, height, encoding)
        {
            First = Checked(luma, "luma", width, height, lumaStride),
            FirstStride = lumaStride,
            Second = Checked(chroma, "chroma", (width + 1) / 2 * 2, (height + 1) / 2, chromaStride),
            SecondStride = chromaStride,
        };

    /// <summary>I420, as software decoders give it.</summary>
    /// <param name="luma">The plane of luma.</param>
    /// <param name="lumaStride">Bytes from one row of luma to the next.</param>
    /// <param name="u">The plane of U (Cb).</param>
    /// <param name="uStride">Bytes from one row of U to the next.</param>
    /// <param name="v">The plane of V (Cr).</param>
    /// <param name="vStride">Bytes from one row of V to the next.</param>
    /// <param name="width">Width in pixels of luma.</param>
    /// <param name="height">Height in pixels of luma.</param>
    /// <param name="encoding">What luma and chroma mean.</param>
    /// <exception cref="ArgumentException">A plane does not hold its part of the image.</exception>
    public static ImageView I420(
        ReadOnlySpan<byte> luma,
        int lumaStride,
        ReadOnlySpan<byte> u,
        int uStride,
        ReadOnlySpan<byte> v,
        int vStride,
        int width,
        int height,
        YuvEncoding encoding = YuvEncoding.Bt601) => new(PixelFormat.I420, width, height, encoding)
        {
            First = Checked(luma, "luma", width, height, lumaStride),
            FirstStride = lumaStride,
            Second = Checked(u, "U", (width + 1) / 2, (height + 1) / 2, uStride),
            SecondStride = uStride,
            Third = Checked(v, "V", (width + 1) / 2, (height + 1) / 2, vStride),
            ThirdStride = vStride,
        };

    private static ReadOnlySpan<byte> Checked(
        ReadOnlySpan<byte> plane, string name, int rowLength, int rows, int stride)
    {
        if (stride < rowLength || plane.Length < (long)stride * (rows - 1) + rowLength)
        {
            throw new ArgumentException(
                $"{name} of {rows} rows of {rowLength} bytes do not lie in {plane.Length} bytes with {stride} from "
                + "row to row");
        }

        return plane;
    }
}
