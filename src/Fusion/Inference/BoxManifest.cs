namespace EdgePerception.Fusion.Inference;

/// <summary>In which order a box's two corners are given.</summary>
public enum BoxCorners
{
    /// <summary>x1, y1, x2, y2, as PyTorch's models give them.</summary>
    Xyxy,

    /// <summary>y1, x1, y2, x2, as TensorFlow's models give them.</summary>
    Yxyx,
}

/// <summary>What a box's numbers are measured in.</summary>
public enum BoxUnit
{
    /// <summary>Pixels of the input.</summary>
    Pixels,

    /// <summary>Shares of the input's width and height, 0 to 1.</summary>
    Shares,
}

/// <summary>
/// How <see cref="DecoderFamily.BoxesLabelsScores"/> gives its boxes; the other families have only one way.
/// </summary>
public sealed record BoxManifest
{
    /// <summary>The order of the corners.</summary>
    public BoxCorners Corners { get; init; } = BoxCorners.Xyxy;

    /// <summary>What the numbers are measured in.</summary>
    public BoxUnit Unit { get; init; } = BoxUnit.Pixels;
}
