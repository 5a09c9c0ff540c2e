using System.Globalization;

namespace EdgePerception.EndToEnd.Tests.Service;

/// <summary>How often something is tried, and how long it took. Tests print it and assert none of the times.</summary>
internal sealed class Trials(string what)
{
    private readonly List<double> _milliseconds = [];

    /// <summary>Whether the full counts are wanted (<c>make test-long</c>).</summary>
    public static bool AreMany => Environment.GetEnvironmentVariable("EDGE_PERCEPTION_TEST_LONG") == "1";

    /// <summary>How many were tried.</summary>
    public int Count { get; private set; }

    /// <summary>How many had no end.</summary>
    public int Lost => Count - _milliseconds.Count;

    /// <summary>The longest, in milliseconds; not a number without one.</summary>
    public double Most => _milliseconds.Count == 0 ? double.NaN : _milliseconds.Max();

    /// <summary>Takes one in; none where it had no end.</summary>
    public void Add(TimeSpan? time)
    {
        Count++;
        if (time is { } taken) _milliseconds.Add(taken.TotalMilliseconds);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        double[] sorted = [.. _milliseconds.Order()];
        return string.Create(CultureInfo.InvariantCulture,
            $"{what}: {Count} trials, {Lost} lost, p50 {Rank(sorted, 0.5):0.0}, p99 {Rank(sorted, 0.99):0.0}, "
            + $"p99.9 {Rank(sorted, 0.999):0.0}, most {Rank(sorted, 1):0.0} ms");
    }

    private static double Rank(double[] sorted, double share) => sorted.Length == 0 ? double.NaN
        : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
}
