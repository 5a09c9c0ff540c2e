using EdgePerception.Fusion.Inference;

namespace EdgePerception.Fusion.Vision.Preprocessing;

/// <summary>
/// Writes what an image leaves free of its slot in the input, and only when another part of the slot becomes free than
/// the time before. Not thread-safe.
/// </summary>
internal sealed class BorderPainter
{
    private readonly int _inputWidth;
    private readonly int _inputHeight;
    private readonly byte[][] _patterns;
    private readonly (int Left, int Top, int Width, int Height)[] _filled;

    public BorderPainter(int inputWidth, int inputHeight, ImageManifest manifest, RowKernel kernel, int slots)
    {
        (_inputWidth, _inputHeight) = (inputWidth, inputHeight);
        _filled = new (int, int, int, int)[slots];
        var channels =
            Enumerable.Range(0, 3)
                .Select(c => kernel.Element(ChannelTransform.Normalized(manifest, c, manifest.Border)));
        _patterns =
            manifest.Layout == TensorLayout.Nhwc ? [channels.SelectMany(bytes => bytes).ToArray()] : channels.ToArray();
    }

    /// <summary>Has the next images paint their borders, since something else has written the input.</summary>
    public void Forget() => Array.Clear(_filled);

    /// <summary>Makes the slot ready for an image that lies there.</summary>
    public void Paint(Span<byte> image, int slot, in ImagePlacement placement)
    {
        var filled = (placement.Left, placement.Top, placement.Width, placement.Height);
        if (_filled[slot] == filled) return;
        _filled[slot] = filled;
        if (placement.Width == _inputWidth && placement.Height == _inputHeight) return;
        var plane = image.Length / _patterns.Length;
        for (var i = 0; i < _patterns.Length; i++) Paint(image.Slice(i * plane, plane), _patterns[i], placement);
    }

    private void Paint(Span<byte> plane, ReadOnlySpan<byte> pattern, in ImagePlacement placement)
    {
        var row = _inputWidth * pattern.Length;
        var right = (placement.Left + placement.Width) * pattern.Length;
        var bottom = placement.Top + placement.Height;
        Repeat(pattern, plane[..(placement.Top * row)]);
        for (var y = placement.Top; y < bottom; y++)
        {
            Repeat(pattern, plane.Slice(y * row, placement.Left * pattern.Length));
            Repeat(pattern, plane[(y * row + right)..((y + 1) * row)]);
        }

        Repeat(pattern, plane[(bottom * row)..]);
    }

    private static void Repeat(ReadOnlySpan<byte> pattern, Span<byte> target)
    {
        if (target.IsEmpty) return;
        pattern.CopyTo(target);
        // What is there doubles.
        for (var done = pattern.Length; done < target.Length; done *= 2)
            target[..Math.Min(done, target.Length - done)].CopyTo(target[done..]);
    }
}
