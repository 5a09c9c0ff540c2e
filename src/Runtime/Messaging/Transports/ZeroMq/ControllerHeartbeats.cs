using EdgePerception.Sensors.Time;

namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq;

/// <summary>
/// When the first of the controllers that know permits is lost for its silence. The router's thread keeps it; the
/// safety thread asks, and sees a loss also where the router hangs.
/// </summary>
internal sealed class ControllerHeartbeats(ControllerTable table, SensorClock clock)
{
    private const long Never = long.MaxValue;

    private long _firstLoss = Never;
    private string _cause = "";
    private long _goneAt = Never;

    /// <summary>By how much the most silent controller is beyond its window. Any thread.</summary>
    public TimeSpan Overdue
    {
        get
        {
            var first = Math.Min(Volatile.Read(ref _firstLoss), Volatile.Read(ref _goneAt));
            return first == Never ? TimeSpan.Zero : new TimeSpan(clock.Monotonic.Ticks - first);
        }
    }

    /// <summary>Which one that is, as a sentence. Any thread.</summary>
    public string Cause => Volatile.Read(ref _cause);

    /// <summary>Whether people can stop the robot through one that is heard. Any thread.</summary>
    public bool RelaysStops { get; private set; }

    /// <summary>Looks again; after every heartbeat, and whenever the table changes.</summary>
    public void Update()
    {
        var (first, relays) = (Never, false);
        var cause = Volatile.Read(ref _goneAt) == Never ? "" : Cause;
        foreach (var controller in table.All())
        {
            if (controller.Terms.Window is not { } window) continue;
            relays |= controller.Terms.RelaysStops;
            var loss = (controller.HeardAt + window).Ticks + 1;
            if (loss >= first) continue;
            first = loss;
            if (Volatile.Read(ref _goneAt) == Never) cause = controller.LossCause;
        }

        Volatile.Write(ref _cause, cause);
        Volatile.Write(ref _firstLoss, first);
        RelaysStops = relays;
    }

    /// <summary>One that was listened for is gone; it counts as lost until the halt is in force.</summary>
    public void Gone(string cause)
    {
        Volatile.Write(ref _cause, cause);
        Volatile.Write(ref _goneAt, clock.Monotonic.Ticks - 1);
    }

    /// <summary>A halt is in force: those who are gone have been seen to be.</summary>
    public void Seen() => Volatile.Write(ref _goneAt, Never);
}
