namespace EdgePerception.Sensors.Capture;

/// <summary>
/// How long to wait before the next attempt: 250 ms, doubled with each failure up to 5 s, and from the start again once
/// it has gone steadily for <see cref="Stable"/>. Without jitter: the sources of one robot are not a herd.
/// </summary>
internal sealed class Backoff
{
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan Stable = TimeSpan.FromSeconds(10);

    /// <summary>Failures in a row.</summary>
    public int Failures { get; private set; }

    /// <summary>Counts a failure after it went for that long, and says how long to wait.</summary>
    public TimeSpan Fail(TimeSpan ranFor)
    {
        if (ranFor >= Stable) Failures = 0;
        Failures++;
        return First * Math.Min(Math.Pow(2, Failures - 1), Longest / First);
    }
}
