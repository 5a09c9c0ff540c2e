namespace EdgePerception.Fusion.Geometry;

/// <summary>An axis-aligned box in pixels of the camera's image, origin top left.</summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Top edge.</param>
/// <param name="Width">Width, not negative.</param>
/// <param name="Height">Height, not negative.</param>
public readonly record struct BoundingBox(float X, float Y, float Width, float Height)
{
    /// <summary>Right edge.</summary>
    public float Right => X + Width;

    /// <summary>Bottom edge.</summary>
    public float Bottom => Y + Height;

    /// <summary>Horizontal centre.</summary>
    public float CenterX => X + Width / 2;

    /// <summary>Vertical centre.</summary>
    public float CenterY => Y + Height / 2;

    /// <summary>Area in square pixels.</summary>
    public float Area => Width * Height;

    /// <summary>Whether it is one: four finite numbers, no length below 0.</summary>
    public bool IsValid =>
        float.IsFinite(X) && float.IsFinite(Y) && float.IsFinite(Width) && float.IsFinite(Height) && Width >= 0
            && Height >= 0;

    /// <summary>Intersection over union, 0 to 1; 0 when either box is empty.</summary>
    public float IntersectionOverUnion(in BoundingBox other)
    {
        var intersection = Intersection(other);
        var union = Area + other.Area - intersection;
        return union > 0 ? intersection / union : 0;
    }

    /// <summary>Area in square pixels that both boxes cover.</summary>
    public float Intersection(in BoundingBox other)
    {
        var width = MathF.Min(Right, other.Right) - MathF.Max(X, other.X);
        var height = MathF.Min(Bottom, other.Bottom) - MathF.Max(Y, other.Y);
        return width > 0 && height > 0 ? width * height : 0;
    }
}
