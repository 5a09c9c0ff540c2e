using Google.Protobuf.WellKnownTypes;

namespace EdgePerception.Runtime.Messaging.Messages;

/// <summary>What Google's class does not do in place.</summary>
internal static class TimestampExtensions
{
    /// <summary>Gives it this instant.</summary>
    public static void Set(this Timestamp timestamp, DateTimeOffset time)
    {
        timestamp.Seconds = time.ToUnixTimeSeconds();
        timestamp.Nanos = (int)(time.UtcTicks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick);
    }
}
