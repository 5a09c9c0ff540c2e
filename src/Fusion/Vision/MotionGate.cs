using System.ComponentModel.DataAnnotations;
using EdgePerception.Sensors.Frames;

namespace EdgePerception.Fusion.Vision;

/// <summary>When a camera's image need not be looked at, because it shows what the one before showed.</summary>
public sealed record MotionGateSettings
{
    /// <summary>Whether still images are spared the model.</summary>
    public bool Enabled { get; init; }

    /// <summary>By how much the mean green of a cell must change to count as motion, levels of 255.</summary>
    [Range(1.0, 255.0)]
    public float CellChange { get; init; } = 6;

    /// <summary>How many cells may change while the image still counts as still; there are 48 × 36.</summary>
    [Range(0, 1728)]
    public int StillCells { get; init; } = 2;

    /// <summary>
    /// The first rest after motion, milliseconds; it doubles with each look that finds the image still.
    /// </summary>
    [Range(1, 60_000)]
    public int FirstRestMs { get; init; } = 200;

    /// <summary>
    /// The longest rest: what appears too slowly or too small for the gate is seen after this time, milliseconds.
    /// </summary>
    [Range(1, 60_000)]
    public int LongestRestMs { get; init; } = 1_000;
}

/// <summary>
/// Decides for one camera whether an image needs the model: while nothing moves against the last image that was looked
/// at, the model rests, longer each time up to a bound; any motion wakes it at once. Compares the mean green of a grid
/// of cells, from a sixteenth of the pixels or fewer. Owned by the loop; allocates nothing.
/// </summary>
internal sealed class MotionGate(MotionGateSettings settings)
{
    private const int Columns = 48;
    private const int Rows = 36;
    private const int SamplesPerAxis = 4;
    private const int Green = 1;

    // Sums of green over a cell's samples, in the last image that was looked at and in the present one.
    private readonly float[] _looked = new float[Columns * Rows];
    private readonly float[] _cells = new float[Columns * Rows];
    private readonly int[] _columns = new int[Columns * SamplesPerAxis];
    private (int Width, int Height) _size;
    private TimeSpan _rest;
    private TimeSpan _lastLook;

    /// <summary>
    /// Whether the model may rest over this image; when it may not, this is the image that was looked at.
    /// </summary>
    public bool CanSkip(Frame frame)
    {
        if (!settings.Enabled) return false;
        Measure(frame);
        var now = frame.Time.Monotonic;
        var still = _size == (frame.Width, frame.Height) && Changed() <= settings.StillCells;
        if (still && now - _lastLook < _rest) return true;
        _rest = still ? Longer(_rest) : TimeSpan.Zero;
        (_size, _lastLook) = ((frame.Width, frame.Height), now);
        _cells.CopyTo(_looked, 0);
        return false;
    }

    private TimeSpan Longer(TimeSpan rest)
    {
        var first = TimeSpan.FromMilliseconds(settings.FirstRestMs);
        var longest = TimeSpan.FromMilliseconds(settings.LongestRestMs);
        var next = rest == TimeSpan.Zero ? first : 2 * rest;
        return next < longest ? next : longest;
    }

    private int Changed()
    {
        var changed = 0;
        for (var i = 0; i < _cells.Length; i++)
        {
            if (MathF.Abs(_cells[i] - _looked[i]) >= settings.CellChange * SamplesPerAxis * SamplesPerAxis) changed++;
        }

        return changed;
    }

    private void Measure(Frame frame)
    {
        var pixels = frame.Pixels;
        for (var i = 0; i < _columns.Length; i++) _columns[i] = Middle(i, _columns.Length, frame.Width) * 3 + Green;
        Array.Clear(_cells);
        for (var y = 0; y < Rows * SamplesPerAxis; y++)
        {
            var line = pixels.Slice(Middle(y, Rows * SamplesPerAxis, frame.Height) * frame.Stride, frame.Stride);
            var cells = _cells.AsSpan(y / SamplesPerAxis * Columns, Columns);
            for (var x = 0; x < _columns.Length; x++) cells[x / SamplesPerAxis] += line[_columns[x]];
        }
    }

    // The pixel in the middle of one of so many equal parts of a length.
    private static int Middle(int part, int parts, int length) => (int)((part + 0.5f) * length / parts);
}
