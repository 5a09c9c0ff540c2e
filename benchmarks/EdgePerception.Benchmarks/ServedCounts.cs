using EdgePerception.Sensors.Diagnostics;

namespace EdgePerception.Benchmarks;

/// <summary>
/// How many frames of each camera went into snapshots since it was made, by the sensors' own counter.
/// </summary>
internal sealed class ServedCounts(string[] cameras)
{
    private readonly long[] _before = Taken(cameras);

    /// <summary>Frames of all cameras.</summary>
    public long Total => Counts.Sum();

    /// <summary>
    /// Jain's index (Jain, Chiu, Hawe 1984): 1 when all are served alike, 1/n when one gets everything.
    /// </summary>
    public double Fairness => Math.Pow(Total, 2) / (cameras.Length * Counts.Sum(count => (double)count * count));

    private IEnumerable<long> Counts => Taken(cameras).Zip(_before, (now, before) => now - before);

    private static long[] Taken(string[] cameras)
    {
        var totals = TotalCounter.All.SelectMany(counter => counter.Totals).ToDictionary();
        return [
            .. cameras.Select(camera => totals.GetValueOrDefault($"edge_perception.frames.taken{{camera={camera}}}"))];
    }
}
