using Google.Protobuf.WellKnownTypes;

namespace EdgePerception.Runtime.Messaging.Messages;

/// <summary>Reads the times that others send, which may be none.</summary>
internal static class Timestamps
{
    /// <summary>What is wrong with one that is none, to be put behind the field's name.</summary>
    public const string Fault = "no time between the years 1 and 9999";

    /// <summary>Reads a time; false where it lies outside of what a calendar has.</summary>
    public static bool TryRead(Timestamp timestamp, out DateTimeOffset time)
    {
        var isTime = timestamp.Seconds is >= -62_135_596_800 and <= 253_402_300_799
            && timestamp.Nanos is >= 0 and < 1_000_000_000;
        time = isTime ? timestamp.ToDateTimeOffset() : default;
        return isTime;
    }
}
