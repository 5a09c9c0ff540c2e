using EdgePerception.Policy.Safety;
using EdgePerception.Runtime.Messaging;
using EdgePerception.Runtime.Messaging.Messages;
using EdgePerception.Sensors.Time;
using static EdgePerception.Runtime.Messaging.Messages.GroundingAnswer.Types;

namespace EdgePerception.Runtime.Gateway;

/// <summary>
/// The door for who permits motion after a start, by whichever way they come. An arm has an id and a time, counts for
/// as long as a command does, must be younger than this start of the service, and is good for one use: also one that
/// was refused is used up, lest a copy of it arms later. Safe from any thread.
/// </summary>
public sealed class ArmDoor
{
    /// <summary>
    /// Ids that are remembered for the life of an arm; while all of them live, further ones are refused.
    /// </summary>
    public const int Remembered = 256;

    private readonly CommandSettings _options;
    private readonly SafetySupervisor _safety;
    private readonly SensorClock _clock;
    private readonly TimeSpan _start;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, TimeSpan> _used = [];

    /// <summary>A door for this start of the service, which counts from here.</summary>
    public ArmDoor(CommandSettings options, SafetySupervisor safety, SensorClock clock) =>
        (_options, _safety, _clock, _start) = (options, safety, clock, clock.Monotonic);

    /// <summary>Arms; null, or why not, in one sentence.</summary>
    /// <param name="id">Its id, 1 to 64 letters, digits, point, underscore and hyphen; never used before.</param>
    /// <param name="issuedAt">When it was given, by the clock of whoever did; needed.</param>
    public string? Arm(string id, DateTimeOffset? issuedAt)
    {
        if (!TopicName.IsName(id))
            return $"id: needed, 1 to {TopicName.MaxNameLength} letters, digits, '.', '_' or '-'";
        if (issuedAt is null) return "issuedAt: needed, the time at which it is given, as in 2026-05-04T12:00:00Z";
        var life = TimeSpan.FromMilliseconds(_options.DefaultTtlMs);
        var (given, until, refusal) = CommandFreshness.Check("arm", issuedAt, life, _clock.Now, _options);
        if (refusal is not null) return refusal;
        if (given < _start) return "it was given before this start of the service; give a new one, with a new id";
        return Use(id, until) ?? Arm();
    }

    /// <summary>Takes a message of the topic; returns its answer.</summary>
    internal GroundingAnswer Take(ReadOnlySpan<byte> payload)
    {
        var reading = OrderReader.Read(payload);
        if (!reading.IsReadable)
            return CommandGateway.Refusal(reading.Id, $"the arm cannot be read: {string.Join("; ", reading.Faults)}");
        return Arm(reading.Id, reading.IssuedAt) is { } refusal ? CommandGateway.Refusal(reading.Id, refusal)
            : new GroundingAnswer { Id = reading.Id, Outcome = Outcome.Act, Action = ActionKind.Arm };
    }

    private string? Arm() => _safety.Arm() is { } refusal ? $"{refusal}; then give a new arm, with a new id" : null;

    private string? Use(string id, TimeSpan until)
    {
        lock (_gate)
        {
            var now = _clock.Monotonic;
            if (_used.TryGetValue(id, out var over) && now < over) return "its id was used before; give each its own";
            if (_used.Count >= Remembered)
                foreach (var (old, end) in _used) if (end <= now) _used.Remove(old);
            if (_used.Count >= Remembered) return $"{Remembered} arms came within their life; wait for it to pass";
            // A copy counts for as long as clocks may differ beyond the life.
            _used[id] = until + TimeSpan.FromMilliseconds(_options.ClockSkewMs);
            return null;
        }
    }
}
