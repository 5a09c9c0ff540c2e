using System.Diagnostics.Metrics;

namespace EdgePerception.Benchmarks;

/// <summary>How many frames of each camera went into snapshots since it was made, by the sensors' own counter.</summary>
internal sealed class ServedCounts : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly string[] _cameras;
    private readonly long[] _counts;

    public ServedCounts(string[] cameras)
    {
        (_cameras, _counts) = (cameras, new long[cameras.Length]);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "sensors.frames.taken") listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            if (Array.IndexOf(_cameras, (string)tags[0].Value!) is >= 0 and var camera) Interlocked.Add(ref _counts[camera], count);
        });
        _listener.Start();
    }

    /// <summary>Frames of all cameras.</summary>
    public long Total => _counts.Sum();

    /// <summary>Jain's index (Jain, Chiu, Hawe 1984): 1 when all are served alike, 1/n when one gets everything.</summary>
    public double Fairness => Math.Pow(_counts.Sum(), 2) / (_counts.Length * _counts.Sum(count => (double)count * count));

    public void Dispose() => _listener.Dispose();
}
