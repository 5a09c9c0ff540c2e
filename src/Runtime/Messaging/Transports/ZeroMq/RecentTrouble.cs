using EdgePerception.Sensors.Time;

namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq;

/// <summary>
/// What went wrong a short time ago, so that whoever looks once a second sees it. Safe from any thread.
/// </summary>
internal sealed class RecentTrouble(SensorClock clock)
{
    private static readonly TimeSpan ShownFor = TimeSpan.FromSeconds(10);

    private Happened? _newest;

    /// <summary>The newest, for ten seconds; none after that.</summary>
    public string? Text =>
        Volatile.Read(ref _newest) is { } newest && clock.Monotonic < newest.Until ? newest.Text : null;

    /// <summary>Takes note of something.</summary>
    public void Set(string text) => Volatile.Write(ref _newest, new Happened(text, clock.Monotonic + ShownFor));

    private sealed record Happened(string Text, TimeSpan Until);
}
