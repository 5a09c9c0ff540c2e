using EdgePerception.Fusion.Geometry;

namespace EdgePerception.Fusion.Vision;

/// <summary>One object that a detector saw in one image.</summary>
/// <param name="Label">The model's label, exactly as in its manifest.</param>
/// <param name="Score">The model's confidence, 0 to 1.</param>
/// <param name="Box">Where, in pixels of the original image.</param>
public readonly record struct Detection(string Label, float Score, BoundingBox Box)
{
    /// <summary>
    /// Which row of the model's output it came from, where <see cref="InstanceMasks"/> tells its mask; −1 elsewhere.
    /// </summary>
    public int Row { get; init; } = -1;

    /// <summary>What else it may be.</summary>
    public NearLabels Near { get; init; }
}
