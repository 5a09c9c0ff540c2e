using EdgePerception.Fusion.Vision.Color;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Fusion.Tracking;

/// <summary>Colours averaged over a track's recent life: early ones alike, later ones fade.</summary>
internal struct ColorAverage
{
    private ColorShares _shares;
    private int _count;
    private SensorTime _time;

    /// <summary>The average; none before the first observation.</summary>
    public readonly ColorShares? Shares => _count > 0 ? _shares : null;

    /// <summary>Takes in colours; shares that are all zero say nothing and change nothing.</summary>
    /// <param name="shares">What was measured.</param>
    /// <param name="time">When.</param>
    /// <param name="memorySeconds">Over how long it is averaged.</param>
    public void Take(in ColorShares shares, SensorTime time, float memorySeconds)
    {
        var total = 0f;
        for (var i = 0; i < ColorShares.Count; i++) total += shares[i];
        if (total <= 0) return;
        _count++;
        var elapsed = (float)(time.Monotonic - _time.Monotonic).TotalSeconds;
        var weight = Math.Max(1f / _count, 1 - Track.Fading(elapsed, memorySeconds));
        for (var i = 0; i < ColorShares.Count; i++) _shares[i] += weight * (shares[i] - _shares[i]);
        _time = time;
    }

    /// <summary>How much of the colours differs, 0 to 1; 0 where either are not known.</summary>
    public readonly float Distance(in ColorShares shares)
    {
        if (_count == 0) return 0;
        float common = 0, total = 0;
        for (var i = 0; i < ColorShares.Count; i++)
        {
            common += MathF.Min(_shares[i], shares[i]);
            total += shares[i];
        }

        return total > 0 ? Math.Clamp(1 - common, 0, 1) : 0;
    }
}
