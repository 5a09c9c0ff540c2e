using EdgePerception.Fusion.Vision.Preprocessing;

namespace EdgePerception.Fusion.Tests.Vision.Preprocessing;

/// <summary>
/// An image of noise, which has the steepest slopes there are, so that a sample in the wrong place shows. What lies
/// between its rows is noise as well.
/// </summary>
internal sealed class TestImage
{
    private readonly byte[][] _planes;
    private readonly int[] _strides;

    public TestImage(
        PixelFormat format, int width, int height, int padding = 0, YuvEncoding encoding = YuvEncoding.Bt601)
    {
        (Format, Width, Height, Encoding) = (format, width, height, encoding);
        var (halfWidth, halfHeight) = ((width + 1) / 2, (height + 1) / 2);
        (int Length, int Rows)[] planes = format switch
        {
            PixelFormat.Nv12 => [(width, height), (2 * halfWidth, halfHeight)],
            PixelFormat.I420 => [(width, height), (halfWidth, halfHeight), (halfWidth, halfHeight)],
            _ => [(3 * width, height)],
        };
        _strides = planes.Select(plane => plane.Length + padding).ToArray();
        _planes = planes.Select((plane, i) => new byte[_strides[i] * (plane.Rows - 1) + plane.Length]).ToArray();
        var random = new Random(width * 7919 + height);
        foreach (var plane in _planes) random.NextBytes(plane);
    }

    public PixelFormat Format { get; }

    public int Width { get; }

    public int Height { get; }

    public YuvEncoding Encoding { get; }

    /// <summary>The samples of a packed image.</summary>
    public byte[] Pixels => _planes[0];

    public bool IsYuv => Format is PixelFormat.Nv12 or PixelFormat.I420;

    public ImageView View() => Format switch
    {
        PixelFormat.Nv12 => ImageView.Nv12(_planes[0], _strides[0], _planes[1], _strides[1], Width, Height, Encoding),
        PixelFormat.I420 => ImageView.I420(
            _planes[0], _strides[0], _planes[1], _strides[1], _planes[2], _strides[2], Width, Height, Encoding),
        _ => ImageView.Packed(Format, _planes[0], Width, Height, _strides[0]),
    };

    /// <summary>Red, green or blue of a packed pixel.</summary>
    public byte Packed(int x, int y, int color) =>
        _planes[0][y * _strides[0] + 3 * x + (Format == PixelFormat.Rgb24 ? color : 2 - color)];

    public byte Luma(int x, int y) => _planes[0][y * _strides[0] + x];

    public byte U(int x, int y) => _planes[1][y * _strides[1] + (Format == PixelFormat.Nv12 ? 2 * x : x)];

    public byte V(int x, int y) =>
        Format == PixelFormat.Nv12 ? _planes[1][y * _strides[1] + 2 * x + 1] : _planes[2][y * _strides[2] + x];

    public override string ToString() => $"{Format} {Width}×{Height} {Encoding}";
}
