using EdgePerception.Sensors.Time;

namespace EdgePerception.Benchmarks;

/// <summary>How long work takes.</summary>
internal static class Timing
{
    /// <summary>Milliseconds of doing it once.</summary>
    public static double Ms(Action work)
    {
        var start = SensorClock.System.Monotonic;
        work();
        return (SensorClock.System.Monotonic - start).TotalMilliseconds;
    }

    /// <summary>The median of doing it so often.</summary>
    public static double MedianMs(int times, Action work) =>
        Median([.. Enumerable.Range(0, times).Select(_ => Ms(work))]);

    /// <summary>The median of some values.</summary>
    public static double Median(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
