namespace EdgePerception.Sensors.Cameras.Synthetic;

/// <summary>
/// A small moving world, the same at each run: a red and a blue square and a green disc on grey, and at every whole
/// second a lamp that flashes in the top left corner.
/// </summary>
internal sealed class SyntheticScene(int width, int height)
{
    private static readonly TimeSpan Flash = TimeSpan.FromMilliseconds(100);
    private readonly byte[] _pixels = new byte[width * height * 3];

    public ReadOnlySpan<byte> Pixels => _pixels;

    /// <summary>Draws the world as it is that long after its beginning.</summary>
    public ReadOnlySpan<byte> Draw(TimeSpan time)
    {
        var seconds = time.TotalSeconds;
        var size = Math.Max(4, Math.Min(width, height) / 5);
        _pixels.AsSpan().Fill(96);
        Square(Swing(seconds / 4, width - size), height / 4, size, 220, 30, 30);
        Square(width / 2, Swing(seconds / 3, height - size), size, 30, 60, 220);
        Disc(Swing(seconds / 5 + 0.5, width - size), height * 2 / 3 - size / 2, size, 40, 180, 60);
        if (time.Ticks % TimeSpan.TicksPerSecond < Flash.Ticks) Square(0, 0, size / 2, 255, 255, 255);
        return _pixels;
    }

    // A triangle wave between 0 and the range, one way and back in one period.
    private static int Swing(double periods, int range)
    {
        var phase = periods - Math.Floor(periods);
        return (int)((phase < 0.5 ? phase : 1 - phase) * 2 * Math.Max(0, range));
    }

    private void Square(int left, int top, int size, byte red, byte green, byte blue)
    {
        for (var y = Math.Max(0, top); y < Math.Min(height, top + size); y++) Row(left, y, size, red, green, blue);
    }

    private void Disc(int left, int top, int size, byte red, byte green, byte blue)
    {
        for (var y = Math.Max(0, top); y < Math.Min(height, top + size); y++)
        {
            var fromCentre = y - top - size / 2.0;
            var half = (int)Math.Sqrt(Math.Max(0, size * size / 4.0 - fromCentre * fromCentre));
            Row(left + size / 2 - half, y, 2 * half, red, green, blue);
        }
    }

    private void Row(int left, int y, int length, byte red, byte green, byte blue)
    {
        var end = Math.Min(width, left + length);
        for (var x = Math.Max(0, left); x < end; x++)
        {
            var at = (y * width + x) * 3;
            (_pixels[at], _pixels[at + 1], _pixels[at + 2]) = (red, green, blue);
        }
    }
}
