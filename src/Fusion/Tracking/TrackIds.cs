using System.Globalization;

namespace EdgePerception.Fusion.Tracking;

/// <summary>
/// Gives out track ids: "1", "2", … All trackers of a service share one, so that an id names one object in the whole
/// scene whatever camera sees it. An id is never given twice. Thread-safe.
/// </summary>
public sealed class TrackIds
{
    private long _last;

    /// <summary>The next id.</summary>
    public string Next() => Interlocked.Increment(ref _last).ToString(CultureInfo.InvariantCulture);
}
