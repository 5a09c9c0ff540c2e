using System.Security.Cryptography;
using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Sensors.Time;

namespace EdgePerception.Runtime.Messaging.Transports.ZeroMq;

/// <summary>
/// What a controller must bring to be registered, apart from a name that is free. Stateless but for its settings.
/// </summary>
internal sealed class ControllerAdmission(
    ZeroMqSettings options, SafetySettings safety, ControllerList? list, SensorClock clock)
{
    private const int MaxToken = 128;

    /// <summary>Why a registration is refused, with the reason's kind; null where it is not.</summary>
    public (RefusalReason Why, string Reason)? Fault(ControllerMessage.Types.Register register)
    {
        var name = register.Name;
        if (!TopicName.IsName(name))
            return (RefusalReason.BadName,
                $"a name is 1 to {TopicName.MaxNameLength} letters, digits, '.', '_' or '-'");
        if (register.WindowMs is > 0 and < SafetySettings.MinWindowMs or > SafetySettings.MaxWindowMs)
            return (RefusalReason.OutOfRange,
                $"{name} declares a window of {register.WindowMs} ms; it must be {SafetySettings.MinWindowMs} to "
                + $"{SafetySettings.MaxWindowMs}, or 0 for the service's, {safety.HeartbeatMs}");
        if (register.Token.Length > MaxToken)
            return (RefusalReason.OutOfRange, $"a token has at most {MaxToken} characters");
        if (ClockFault(register) is { } fault) return (RefusalReason.OutOfRange, fault);
        return list is null || list.Admits(name, register.Token) ? null
            : (RefusalReason.NotAllowed,
                $"{name} does not stand with this token in the file that zeromq.controllersFile names");
    }

    /// <summary>The terms of one that is admitted.</summary>
    public ControllerTerms Terms(ControllerMessage.Types.Register register, int registrations) => new(
        !register.Permits ? null
            : TimeSpan.FromMilliseconds(register.WindowMs == 0 ? safety.HeartbeatMs : register.WindowMs),
        register.RelaysStops, list is null ? RandomNumberGenerator.GetHexString(32, lowercase: true) : register.Token,
        registrations + 1);

    /// <summary>Whether it is given motion.</summary>
    public bool MayMove(ControllerTerms terms) => terms.Window is not null || safety.LegacyControllers;

    /// <summary>Whether a registration comes from the owner of a name, over whatever connection.</summary>
    public static bool IsOwner(Controller holder, ControllerMessage.Types.Register register) =>
        CryptographicOperations.FixedTimeEquals(
            System.Text.Encoding.UTF8.GetBytes(holder.Terms.Token),
            System.Text.Encoding.UTF8.GetBytes(register.Token));

    // It would count an action's expiresAt by it, and begin one that has expired.
    private string? ClockFault(ControllerMessage.Types.Register register)
    {
        if (register.Now is not { } now) return null;
        if (!Timestamps.TryRead(now, out var time)) return $"now: {Timestamps.Fault}";
        var skew = time - clock.Now.Utc;
        return skew.Duration() <= TimeSpan.FromMilliseconds(options.MaxClockSkewMs) ? null
            : string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"the clock of {register.Name} is {skew.TotalSeconds:+0.0;-0.0} s off, more than the "
                + $"{options.MaxClockSkewMs} ms of zeromq.maxClockSkewMs; set one of the two clocks");
    }
}
