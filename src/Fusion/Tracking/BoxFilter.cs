using System.Numerics;
using EdgePerception.Fusion.Geometry;

namespace EdgePerception.Fusion.Tracking;

/// <summary>
/// Follows a box: centre and size, each with its velocity. The noise weights are DeepSORT's (1/20 of the object's size
/// for positions, 1/160 for velocities, an image at 30 images a second), turned into rates, so that the filter
/// behaves alike at any frame rate. The size is the square root of the area rather than the height, because robots see
/// tables and bottles as well as people.
/// </summary>
internal struct BoxFilter
{
    private const double PositionWeight = 1.0 / 20;
    private const double VelocityWeight = 1.0 / 160;
    private const double ImagesPerSecond = 30;
    private const double MinimumSize = 1;

    /// <summary>Horizontal centre.</summary>
    public KalmanAxis X;

    /// <summary>Vertical centre.</summary>
    public KalmanAxis Y;

    /// <summary>Width.</summary>
    public KalmanAxis Width;

    /// <summary>Height.</summary>
    public KalmanAxis Height;

    /// <summary>The filtered box.</summary>
    public readonly BoundingBox Box
    {
        get
        {
            var width = Math.Max(Width.Position, MinimumSize);
            var height = Math.Max(Height.Position, MinimumSize);
            return new BoundingBox(
                (float)(X.Position - width / 2), (float)(Y.Position - height / 2), (float)width, (float)height);
        }
    }

    /// <summary>The centre's velocity in pixels a second.</summary>
    public readonly Vector2 Velocity => new((float)X.Velocity, (float)Y.Velocity);

    /// <summary>The standard deviation of that velocity, in object sizes a second.</summary>
    public readonly double VelocityDeviation => Math.Sqrt(X.VelocityVariance) / Size;

    private readonly double Size
        => Math.Sqrt(Math.Max(Width.Position, MinimumSize) * Math.Max(Height.Position, MinimumSize));

    /// <summary>Starts at rest at a first box.</summary>
    public static BoxFilter Start(in BoundingBox box)
    {
        var size = Math.Sqrt(Math.Max(box.Area, MinimumSize));
        var position = 2 * PositionWeight * size;
        var velocity = 10 * VelocityWeight * size * ImagesPerSecond;
        return new BoxFilter
        {
            X = KalmanAxis.Start(box.CenterX, position, velocity),
            Y = KalmanAxis.Start(box.CenterY, position, velocity),
            Width = KalmanAxis.Start(box.Width, position, velocity),
            Height = KalmanAxis.Start(box.Height, position, velocity),
        };
    }

    /// <summary>Moves the box on. The size of an unseen object stays: its trend ends in boxes without sense.</summary>
    public void Predict(double seconds, bool seen)
    {
        if (!seen) Width.Velocity = Height.Velocity = 0;
        var size = Size;
        var images = seconds * ImagesPerSecond;
        var position = Square(PositionWeight * size) * images;
        var velocity = Square(VelocityWeight * size * ImagesPerSecond) * images;
        X.Predict(seconds, position, velocity);
        Y.Predict(seconds, position, velocity);
        Width.Predict(seconds, position, velocity);
        Height.Predict(seconds, position, velocity);
    }

    /// <summary>Takes in a detected box.</summary>
    public void Correct(in BoundingBox box)
    {
        var variance = Square(PositionWeight * Size);
        X.Correct(box.CenterX, variance);
        Y.Correct(box.CenterY, variance);
        Width.Correct(box.Width, variance);
        Height.Correct(box.Height, variance);
    }

    private static double Square(double value) => value * value;
}
