using System.Globalization;
using EdgePerception.Fusion.Geometry;
using EdgePerception.Fusion.Vision.Color;
using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Grounding;

/// <summary>The order of objects on a scale: what "leftmost", "largest" or "nearest" compare.</summary>
internal static class ScaleOrder
{
    /// <summary>
    /// Probability that one object comes before another; 0.5 where that cannot be told, as of objects that different
    /// cameras see: their pixels say nothing of each other.
    /// </summary>
    public static double Before(Scale scale, ViewedObject item, ViewedObject other)
    {
        if (item.Camera.Name != other.Camera.Name) return 0.5;
        if (Difference(scale, item, other) is not { } difference) return 0.5;
        return Logistic.Step(difference, 0, Spread(scale, item, other));
    }

    /// <summary>Whether the scale can be measured on an object.</summary>
    public static bool IsMeasured(Scale scale, ViewedObject item) => scale switch
    {
        Scale.Fast or Scale.Slow => item.Velocity is not null,
        Scale.Bright or Scale.Dark => item.Colors is not null,
        _ => item.Box is not null,
    };

    /// <summary>The measure in words.</summary>
    public static string Measure(Scale scale, ViewedObject item)
    {
        if (!IsMeasured(scale, item)) return "not measured";
        var box = item.Box ?? default;
        return scale switch
        {
            Scale.Left or Scale.Right or Scale.Middle => $"centre at x {Figure(box.CenterX)} px",
            Scale.Top or Scale.Bottom => $"centre at y {Figure(box.CenterY)} px",
            Scale.Near or Scale.Far => $"lower edge at y {Figure(box.Bottom)} px",
            Scale.Large or Scale.Small or Scale.Medium => $"{Figure(box.Width)} × {Figure(box.Height)} px",
            Scale.Tall or Scale.Short => $"{Figure(box.Height)} px high",
            Scale.Wide or Scale.Narrow => $"{Figure(box.Width)} px wide",
            Scale.Fast or Scale.Slow => $"{Figure(item.Velocity!.Value.Length())} px a second",
            _ => $"brightness {Brightness(item.Colors!.Value).ToString("0.00", CultureInfo.InvariantCulture)}",
        };
    }

    private static double? Difference(Scale scale, ViewedObject item, ViewedObject other)
    {
        switch (scale)
        {
            case Scale.Fast or Scale.Slow:
                if (item.Velocity is not { } speed || other.Velocity is not { } otherSpeed) return null;
                return (scale == Scale.Fast ? 1 : -1) * (speed.Length() - otherSpeed.Length()) / item.Camera.Width;
            case Scale.Bright or Scale.Dark:
                if (item.Colors is not { } colors || other.Colors is not { } otherColors) return null;
                return (scale == Scale.Bright ? 1 : -1) * (Brightness(colors) - Brightness(otherColors));
        }

        if (item.Box is not { } a || other.Box is not { } b) return null;
        double width = item.Camera.Width, height = item.Camera.Height;
        return scale switch
        {
            Scale.Left => (b.CenterX - a.CenterX) / width,
            Scale.Right => (a.CenterX - b.CenterX) / width,
            Scale.Top => (b.CenterY - a.CenterY) / height,
            Scale.Bottom => (a.CenterY - b.CenterY) / height,
            Scale.Near => Nearness(item, other, a, b),
            Scale.Far => -Nearness(item, other, a, b),
            Scale.Large => LogRatio(a.Area, b.Area),
            Scale.Small => -LogRatio(a.Area, b.Area),
            Scale.Tall => LogRatio(a.Height, b.Height),
            Scale.Short => -LogRatio(a.Height, b.Height),
            Scale.Wide => LogRatio(a.Width, b.Width),
            Scale.Narrow => -LogRatio(a.Width, b.Width),
            _ => Math.Abs(b.CenterX / width - 0.5) - Math.Abs(a.CenterX / width - 0.5),
        };
    }

    /// <summary>Lower edges tell the distance on one floor; between objects of one kind their size helps.</summary>
    private static double Nearness(ViewedObject item, ViewedObject other, in BoundingBox a, in BoundingBox b)
    {
        var lower = (a.Bottom - b.Bottom) / (double)item.Camera.Height;
        return item.Label == other.Label ? lower + 0.03 * LogRatio(a.Area, b.Area) : lower;
    }

    private static double Spread(Scale scale, ViewedObject item, ViewedObject other) => scale switch
    {
        Scale.Left or Scale.Right or Scale.Middle =>
            0.007 + 0.015 * Math.Min(item.Box!.Value.Width, other.Box!.Value.Width) / item.Camera.Width,
        Scale.Top or Scale.Bottom =>
            0.007 + 0.015 * Math.Min(item.Box!.Value.Height, other.Box!.Value.Height) / item.Camera.Height,
        Scale.Near or Scale.Far => 0.010,
        Scale.Large or Scale.Small => 0.035,
        Scale.Fast or Scale.Slow => 0.004,
        Scale.Bright or Scale.Dark => 0.04,
        _ => 0.025,
    };

    private static double LogRatio(double a, double b) => Math.Log(Math.Max(a, 1e-6) / Math.Max(b, 1e-6));

    private static double Brightness(in ColorShares colors) =>
        colors[NamedColor.White] + 0.8 * colors[NamedColor.Yellow]
            + 0.6 * (colors[NamedColor.Cyan] + colors[NamedColor.Pink] + colors[NamedColor.Orange])
        + 0.5 * (colors[NamedColor.Grey] + colors[NamedColor.Green])
        + 0.35 * (colors[NamedColor.Red] + colors[NamedColor.Blue] + colors[NamedColor.Purple])
        + 0.25 * colors[NamedColor.Brown];

    private static string Figure(float value) => value.ToString("0", CultureInfo.InvariantCulture);
}
