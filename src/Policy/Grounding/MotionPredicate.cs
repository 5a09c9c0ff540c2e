using System.Globalization;
using EdgePerception.Policy.Language;

namespace EdgePerception.Policy.Grounding;

/// <summary>Whether and how an object moves, by its speed relative to the image's width.</summary>
internal static class MotionPredicate
{
    /// <summary>Image widths a second from which people say that something moves.</summary>
    private const double Slowest = 0.012;
    private const double Scale = 0.0025;

    /// <summary>Probability that the object moves so; null if its velocity is not measured.</summary>
    public static double? Probability(ViewedObject item, MotionModifier modifier)
    {
        if (item.Velocity is not { } velocity) return null;
        double width = item.Camera.Width, x = velocity.X / width, y = velocity.Y / width;
        var moves = Logistic.Step(Math.Sqrt(x * x + y * y), Slowest, Scale);
        var fits = modifier.Motion switch
        {
            Motion.Moving => moves,
            Motion.Still => 1 - moves,
            Motion.Left => Logistic.Step(-x, Slowest, Scale),
            Motion.Right => Logistic.Step(x, Slowest, Scale),
            Motion.Approaching => Logistic.Step(y, Slowest / 2, Scale),
            _ => Logistic.Step(-y, Slowest / 2, Scale),
        };
        return modifier.Negated ? 1 - fits : fits;
    }

    /// <summary>The measured velocity in words.</summary>
    public static string Evidence(ViewedObject item)
    {
        if (item.Velocity is not { } velocity)
            return $"the velocity of {item.Name} is not measured, so this was not checked";
        var speed = velocity.Length().ToString("0", CultureInfo.InvariantCulture);
        var side = Math.Abs(velocity.X) < Slowest * item.Camera.Width ? "" : velocity.X < 0 ? ", to the left"
            : ", to the right";
        return $"{item.Name} moves {speed} px a second{side}";
    }
}
