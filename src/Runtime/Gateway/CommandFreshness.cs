using System.Globalization;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Runtime.Gateway;

/// <summary>Whether a command still counts.</summary>
/// <param name="IssuedAt">
/// When it was given on the monotonic clock, which is never after its receipt; its receipt where that is not said.
/// </param>
/// <param name="Deadline">Monotonic instant at which it ends to count; meaningless when it is refused.</param>
/// <param name="Refusal">Why it does not count, in one sentence; null when it does.</param>
public readonly record struct Freshness(TimeSpan IssuedAt, TimeSpan Deadline, string? Refusal)
{
    /// <summary>Whether the command counts.</summary>
    public bool IsFresh => Refusal is null;
}

/// <summary>
/// Decides by the clocks alone whether a command is still meant. The tolerance for clocks that differ holds for the
/// future only: an instant ahead of ours by less counts as now, whereas stretching the end of a command would let a
/// robot move later than its sender allowed. From receipt on, the monotonic clock counts, so a wall clock that is set
/// meanwhile changes nothing.
/// </summary>
public static class CommandFreshness
{
    /// <summary>Checks a command against the instant of its receipt.</summary>
    public static Freshness Check(Command command, SensorTime received, CommandSettings options)
    {
        if (command.IssuedAt is null && options.RequireIssuedAt)
            return Refuse("issuedAt is missing, and this device requires it");
        return Check("command", command.IssuedAt?.ToDateTimeOffset(), Life(command, options), received, options);
    }

    /// <summary>Checks anything that counts for a time only against the instant of its receipt.</summary>
    /// <param name="what">What it is, for the refusal.</param>
    /// <param name="issuedAt">When it was given; its receipt counts where that is not said.</param>
    /// <param name="life">How long it counts.</param>
    /// <param name="received">When it came.</param>
    /// <param name="options">How far clocks may differ.</param>
    internal static Freshness Check(
        string what, DateTimeOffset? issuedAt, TimeSpan life, SensorTime received, CommandSettings options)
    {
        var age = received.Utc - (issuedAt ?? received.Utc);
        var skew = TimeSpan.FromMilliseconds(options.ClockSkewMs);
        if (age < -skew)
        {
            return Refuse(
                $"issuedAt lies {Seconds(-age)} s in the future, more than the {Seconds(skew)} s that clocks may "
                + "differ");
        }

        if (age >= life)
            return Refuse($"the {what} expired: issued {Seconds(age)} s ago, good for {Seconds(life)} s");
        var issued = received.Monotonic - (age > TimeSpan.Zero ? age : TimeSpan.Zero);
        return new Freshness(issued, issued + life, null);
    }

    /// <summary>How long a command counts.</summary>
    internal static TimeSpan Life(Command command, CommandSettings options) =>
        TimeSpan.FromMilliseconds(command.TtlMs > 0 ? command.TtlMs : (uint)options.DefaultTtlMs);

    private static Freshness Refuse(string reason) => new(default, default, reason);

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0##", CultureInfo.InvariantCulture);
}
