using System.Globalization;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Policy.Safety;

/// <summary>
/// The halts of this start of the service. They are numbered, and a resume lifts all up to the one that it is about, so
/// that the newest halt stands whatever overtakes what. Safe from any thread, and takes no lock.
/// </summary>
/// <param name="clock">The clock.</param>
internal sealed class Halts(SensorClock clock)
{
    // Drawn, too: a board without a battery begins each time with the same clock.
    private readonly string _idPrefix = string.Create(
        CultureInfo.InvariantCulture, $"h{clock.Now.Utc:yyyyMMddHHmmss}-{Random.Shared.Next(0x10000):x4}");

    private HaltNote? _newest;
    private long _count;
    private long _lifted;

    /// <summary>The newest, lifted or not; none where there was none.</summary>
    public HaltNote? Newest => Volatile.Read(ref _newest);

    /// <summary>The one that stands; none where none does.</summary>
    public HaltNote? Standing => StandingOf(Newest);

    /// <summary>A halt, if it still stands.</summary>
    public HaltNote? StandingOf(HaltNote? halt) => halt?.Number > Volatile.Read(ref _lifted) ? halt : null;

    /// <summary>Adds one; it stands before this returns.</summary>
    public HaltNote Add(string cause, string commandId)
    {
        var number = Interlocked.Increment(ref _count);
        var halt = new HaltNote(
            number, string.Create(CultureInfo.InvariantCulture, $"{_idPrefix}-{number}"), cause, commandId, clock.Now);
        var newest = Newest;
        while (newest is null || newest.Number < number)
        {
            var seen = Interlocked.CompareExchange(ref _newest, halt, newest);
            if (ReferenceEquals(seen, newest)) break;
            newest = seen;
        }

        return halt;
    }

    /// <summary>Lifts the newest, unless the resume names another or is older.</summary>
    /// <param name="haltId">The halt that the resume is about; empty for whichever is the newest.</param>
    /// <param name="issuedAt">When it was given, on the monotonic clock; none where that is not known.</param>
    public ResumeOutcome Lift(string haltId, TimeSpan? issuedAt)
    {
        if (Standing is not { } halt) return ResumeOutcome.NotHalted;
        if (haltId.Length > 0 && haltId != halt.Id) return ResumeOutcome.OtherHalt;
        if (issuedAt < halt.At.Monotonic) return ResumeOutcome.Older;
        var lifted = Volatile.Read(ref _lifted);
        while (lifted < halt.Number)
        {
            var seen = Interlocked.CompareExchange(ref _lifted, halt.Number, lifted);
            if (seen == lifted) break;
            lifted = seen;
        }

        return ResumeOutcome.Lifted;
    }
}
