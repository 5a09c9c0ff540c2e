namespace EdgePerception.Sensors.Time;

/// <summary>One instant on both clocks: monotonic for ages and deadlines, UTC for people and other machines.</summary>
/// <param name="Monotonic">Time since boot on CLOCK_MONOTONIC; it never jumps.</param>
/// <param name="Utc">The wall clock at the same instant; it may be set while the service runs.</param>
public readonly record struct SensorTime(TimeSpan Monotonic, DateTimeOffset Utc);

/// <summary>
/// The only clock of the service. On Linux <see cref="TimeProvider.System"/> reads CLOCK_MONOTONIC, which is also the
/// clock that every GStreamer pipeline is given, so sensor times and our own compare directly. Safe from any thread.
/// </summary>
public sealed class SensorClock(TimeProvider time)
{
    /// <summary>The clock of this machine.</summary>
    public static SensorClock System { get; } = new(TimeProvider.System);

    /// <summary>The provider behind the clock, for timers and waits.</summary>
    public TimeProvider Provider => time;

    /// <summary>The present instant on the monotonic clock.</summary>
    // In whole numbers: GetElapsedTime(0) goes by a double, which rounds what lies far from zero.
    public TimeSpan Monotonic =>
        new((long)((Int128)time.GetTimestamp() * TimeSpan.TicksPerSecond / time.TimestampFrequency));

    /// <summary>The present instant on both clocks.</summary>
    public SensorTime Now => new(Monotonic, time.GetUtcNow());

    /// <summary>Gives a monotonic instant its UTC time by today's difference between the two clocks.</summary>
    public SensorTime At(TimeSpan monotonic) => new(monotonic, time.GetUtcNow() - (Monotonic - monotonic));
}
