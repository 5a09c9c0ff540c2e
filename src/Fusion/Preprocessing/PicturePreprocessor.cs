using System.Numerics;

namespace EdgePerception.Fusion.Preprocessing;

/// <summary>
/// Lays an RGB picture into a float tensor in one pass over the output: letterbox, bilinear scaling with pixel centres
/// at half (the convention of OpenCV's INTER_LINEAR and ONNX Resize "half_pixel"), (pixel − mean) / std, and the
/// tensor's layout. Source rows are blended vertically with vectors, then sampled horizontally from a table made once
/// for each picture size. Nothing is allocated while the size stays. Not thread-safe. One for each model input, since
/// the borders are written only when the picture's size changes.
/// </summary>
public sealed class PicturePreprocessor
{
    private readonly int _inputWidth;
    private readonly int _inputHeight;
    private readonly PictureManifest _manifest;
    private readonly float[] _scale = new float[3];
    private readonly float[] _offset = new float[3];
    private readonly float[] _border = new float[3];
    private (int Width, int Height) _picture;
    private int[] _column = [];
    private float[] _weight = [];
    private float[] _row = [];

    /// <summary>Prepares for an input of that size.</summary>
    public PicturePreprocessor(int inputWidth, int inputHeight, PictureManifest manifest)
    {
        (_inputWidth, _inputHeight, _manifest) = (inputWidth, inputHeight, manifest);
        for (var c = 0; c < 3; c++)
        {
            _scale[c] = 1 / manifest.Std[c];
            _offset[c] = -manifest.Mean[c] / manifest.Std[c];
            _border[c] = manifest.Border * _scale[c] + _offset[c];
        }
    }

    /// <summary>Fills <paramref name="tensor"/> and answers where the picture lies in it.</summary>
    /// <param name="pixels">R G B bytes, rows without padding.</param>
    /// <param name="width">Picture width, pixels.</param>
    /// <param name="height">Picture height, pixels.</param>
    /// <param name="tensor">The model's input: one picture of three channels in the manifest's layout.</param>
    public Letterbox Fill(ReadOnlySpan<byte> pixels, int width, int height, Span<float> tensor)
    {
        var box = Letterbox.Fit(width, height, _inputWidth, _inputHeight);
        if (_picture != (width, height))
        {
            Prepare(width, height, box);
            FillBorders(tensor, box);
        }

        var stride = width * 3;
        for (var y = 0; y < box.Height; y++)
        {
            var (upper, lower, weight) = Tap(y, box.Height, height);
            Blend(pixels.Slice(upper * stride, stride), pixels.Slice(lower * stride, stride), weight, _row);
            if (_manifest.Layout == TensorLayout.Nhwc)
                SampleInterleaved(tensor.Slice(((y + box.Top) * _inputWidth + box.Left) * 3, box.Width * 3));
            else
                SamplePlanar(tensor, (y + box.Top) * _inputWidth + box.Left, box.Width);
        }

        return box;
    }

    private void Prepare(int width, int height, Letterbox box)
    {
        _picture = (width, height);
        _column = new int[box.Width];
        _weight = new float[box.Width];
        // One pixel more than the picture, so that the last column may read its right neighbour.
        _row = new float[(width + 1) * 3];
        for (var x = 0; x < box.Width; x++)
        {
            var (left, _, weight) = Tap(x, box.Width, width);
            (_column[x], _weight[x]) = (left * 3, weight);
        }
    }

    // Where sample i of n falls among m source samples: the two neighbours, and how much of the second.
    private static (int First, int Second, float Weight) Tap(int i, int n, int m)
    {
        var position = Math.Clamp((i + 0.5f) * m / n - 0.5f, 0, m - 1);
        var first = (int)position;
        return (first, Math.Min(first + 1, m - 1), position - first);
    }

    private static void Blend(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, float weight, Span<float> row)
    {
        var i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            var w = new Vector<float>(weight);
            for (; i <= upper.Length - Vector<byte>.Count; i += Vector<byte>.Count)
            {
                Vector.Widen(new Vector<byte>(upper[i..]), out var upperLow, out var upperHigh);
                Vector.Widen(new Vector<byte>(lower[i..]), out var lowerLow, out var lowerHigh);
                BlendHalf(upperLow, lowerLow, w, row[i..]);
                BlendHalf(upperHigh, lowerHigh, w, row[(i + Vector<ushort>.Count)..]);
            }
        }

        for (; i < upper.Length; i++) row[i] = upper[i] + (lower[i] - upper[i]) * weight;
    }

    private static void BlendHalf(Vector<ushort> upper, Vector<ushort> lower, Vector<float> weight, Span<float> row)
    {
        Vector.Widen(upper, out var upper0, out var upper1);
        Vector.Widen(lower, out var lower0, out var lower1);
        var a0 = Vector.ConvertToSingle(Vector.AsVectorInt32(upper0));
        var a1 = Vector.ConvertToSingle(Vector.AsVectorInt32(upper1));
        (a0 + (Vector.ConvertToSingle(Vector.AsVectorInt32(lower0)) - a0) * weight).CopyTo(row);
        (a1 + (Vector.ConvertToSingle(Vector.AsVectorInt32(lower1)) - a1) * weight).CopyTo(row[Vector<float>.Count..]);
    }

    private void SampleInterleaved(Span<float> target)
    {
        var row = _row.AsSpan();
        float s0 = _scale[0], s1 = _scale[1], s2 = _scale[2], o0 = _offset[0], o1 = _offset[1], o2 = _offset[2];
        for (var x = 0; x < _column.Length; x++)
        {
            var source = row.Slice(_column[x], 6);
            var pixel = target.Slice(x * 3, 3);
            var w = _weight[x];
            pixel[0] = (source[0] + (source[3] - source[0]) * w) * s0 + o0;
            pixel[1] = (source[1] + (source[4] - source[1]) * w) * s1 + o1;
            pixel[2] = (source[2] + (source[5] - source[2]) * w) * s2 + o2;
        }
    }

    private void SamplePlanar(Span<float> tensor, int at, int width)
    {
        var row = _row.AsSpan();
        for (var c = 0; c < 3; c++)
        {
            var target = tensor.Slice(c * _inputWidth * _inputHeight + at, width);
            float s = _scale[c], o = _offset[c];
            for (var x = 0; x < target.Length; x++)
            {
                var left = row[_column[x] + c];
                target[x] = (left + (row[_column[x] + 3 + c] - left) * _weight[x]) * s + o;
            }
        }
    }

    private void FillBorders(Span<float> tensor, Letterbox box)
    {
        if (box.Width == _inputWidth && box.Height == _inputHeight) return;
        for (var y = 0; y < _inputHeight; y++)
        {
            var inside = y >= box.Top && y < box.Top + box.Height;
            FillRow(tensor, y, 0, inside ? box.Left : _inputWidth);
            if (inside) FillRow(tensor, y, box.Left + box.Width, _inputWidth);
        }
    }

    private void FillRow(Span<float> tensor, int y, int from, int to)
    {
        for (var c = 0; c < 3; c++)
        {
            if (_manifest.Layout == TensorLayout.Nchw)
            {
                tensor.Slice((c * _inputHeight + y) * _inputWidth + from, to - from).Fill(_border[c]);
                continue;
            }

            for (var x = from; x < to; x++) tensor[(y * _inputWidth + x) * 3 + c] = _border[c];
        }
    }
}
