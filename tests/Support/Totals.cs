using EdgePerception.Sensors.Diagnostics;

namespace EdgePerception.Tests.Support;

/// <summary>What the counters of the process have come to; other tests of it count too.</summary>
internal static class Totals
{
    /// <summary>
    /// The total of a metric with its tags, as the stats topic spells it; 0 when nothing was counted.
    /// </summary>
    public static long Of(string key) =>
        TotalCounter.All.SelectMany(counter => counter.Totals).Where(total => total.Key == key)
            .Sum(total => total.Value);
}
